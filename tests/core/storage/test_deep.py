"""`doctor --deep`: whatever does not open is found and named."""

import io
import sqlite3
from contextlib import closing

import pytest
from persistent import Persistent
from persistent.wref import WeakRef

from communicate.cli import Console
from communicate.cli.config import Config
from communicate.cli.doctor import doctor
from communicate.cli.run import execute
from communicate.interfaces import IErasure, IKeyRing, ISeals
from communicate.outbox.runner import run_due
from communicate.storage import deep
from communicate.stores import stores_of


@pytest.fixture
def rose(house):
    return house.member("rose")


@pytest.fixture
def faults(house):
    def faults():
        said = []
        return list(deep.faults(house.registry, said.append))

    return faults


def keep(house, uid):
    """Keep a sealed value and a sealed file of *uid*."""

    def put(request):
        seals = request.find_service(ISeals)
        request.root_map["note"] = {"in": [seals.seal(uid, "note", "words")]}
        file = io.BytesIO(b"picture" * 30_000)
        request.root_map["picture"] = seals.seal_stream(uid, "picture", file)

    house.work(put)


def flip(path, at):
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


class TestFaults:
    def test_a_sound_site_has_none(self, house, rose, faults):
        keep(house, rose)
        assert faults() == []

    def test_what_is_only_remembered_weakly_is_not_walked_into(self, house, rose, faults):
        keep(house, rose)

        def remember(request):
            request.root_map["remembered"] = [WeakRef(request.root_map["picture"])]

        house.work(remember)
        assert faults() == []

    def test_of_those_who_were_erased_seals_need_not_open(self, house, rose, faults):
        keep(house, rose)
        house.work(lambda request: request.find_service(IErasure).start(rose))
        run_due(house.registry)
        assert faults() == []

    def test_a_seal_whose_key_is_gone_without_an_erasure(self, house, rose, faults):
        keep(house, rose)
        house.registry.getUtility(IKeyRing).destroy(rose)
        found = faults()
        assert any(
            f"A seal (note) in object 0x0 (persistent.mapping.PersistentMapping) is of "
            f"member {rose}" in fault
            for fault in found
        )
        assert any("A seal (picture)" in fault for fault in found)

    @pytest.mark.parametrize("at", [0, 3, 20, 40, 70_000, -1])
    def test_a_byte_of_a_blob(self, house, rose, faults, at):
        keep(house, rose)
        (path,) = (house.folder / "var" / "blobs").rglob("*.blob")
        flip(path, at)
        (fault,) = faults()
        assert "communicate.sealing.content.SealedBlob" in fault

    def test_a_blob_that_is_gone(self, house, rose, faults):
        keep(house, rose)
        (path,) = (house.folder / "var" / "blobs").rglob("*.blob")
        path.unlink()
        stores_of(house.registry).database.cacheMinimize()
        found = faults()
        assert any("ZODB.blob.Blob" in fault for fault in found)

    def test_a_byte_of_a_seal_in_the_file(self, house, rose, faults):
        """Where there are no sums yet, the seal itself tells."""
        keep(house, rose)
        envelope = house.work(lambda request: request.root_map["note"]["in"][0].envelope)
        path = house.folder / "var" / "Data.fs"
        house.close()
        path.with_name("Data.fs.sums").unlink()
        at = path.read_bytes().rindex(envelope)
        flip(path, at + len(envelope) - 4)
        house.boot([])
        (fault,) = faults()
        assert fault.startswith("A seal (note) in object 0x0 ")

    def test_a_byte_of_the_file_anywhere(self, house, rose, faults):
        keep(house, rose)
        stores_of(house.registry).database.keep_sums()
        path = house.folder / "var" / "Data.fs"
        at = path.read_bytes().index(b"rose")  # of a login; no seal is around it
        flip(path, at)
        found = faults()
        assert any(f"between byte {at // 4096 * 4096} and" in fault for fault in found)
        assert all("objects 0x" in fault for fault in found)

    def test_a_byte_without_which_the_site_does_not_open(self, house, rose, capsys, tmp_path):
        keep(house, rose)
        path = house.folder / "var" / "Data.fs"
        house.close()
        at = path.read_bytes().rindex(b"persistent.mapping")
        flip(path, at + 3)
        ini = {"communicate.mode": "testing", "communicate.url": "http://localhost"}
        config = Config(tmp_path / "x.ini", {"here": str(house.folder)}, ini)
        assert execute(doctor, ["--deep"], Console(config, tmp_path)) == 1
        shown = capsys.readouterr().out
        assert "ILL  site" in shown
        assert f"between byte {at // 4096 * 4096} and" in shown
        flip(path, at + 3)
        house.boot([])

    def test_a_byte_of_a_key(self, house, rose, faults):
        keep(house, rose)
        with closing(sqlite3.connect(house.folder / "var" / "keyring.sqlite")) as ring, ring:
            ((wrapped,),) = ring.execute("select wrapped from keyring_keys where uid=?", [rose])
            changed = wrapped[:-1] + bytes([wrapped[-1] ^ 1])
            ring.execute("update keyring_keys set wrapped=? where uid=?", [changed, rose])
        assert f"The key ring is damaged, the key of member {rose}" in faults()[0]

    def test_a_byte_of_the_rings_file(self, house, rose, faults):
        """In the frame around the keys: SQLite's own check tells."""
        ring = house.folder / "var" / "keyring.sqlite"
        house.close()
        flip(ring, 4096 + 1)
        house.boot([])
        assert any("The key ring is damaged" in fault for fault in faults())

    def test_a_reference_that_leads_nowhere(self, house, faults, monkeypatch):
        thing = Persistent()
        house.work(lambda request: request.root_map.update(thing=thing))
        oid = int.from_bytes(house.work(lambda r: r.root_map["thing"]._p_oid), "big")
        real = deep.records
        monkeypatch.setattr(
            deep, "records", lambda registry: (pair for pair in real(registry) if pair[0] != oid)
        )
        (fault,) = faults()
        assert f"Object 0x0 refers to {oid:#x}, which is not there" in fault


class TestDoctor:
    def test_it_tells_how_far_it_is_and_names_what_it_finds(self, house, rose, tmp_path, capsys):
        keep(house, rose)
        console = Console(None, tmp_path, house.registry)
        execute(doctor, ["--deep"], console)
        shown = capsys.readouterr().out
        assert "ok   everything" in shown
        assert " seals, 1 blobs looked at" in shown
        assert "Last backup: none." in shown
        (path,) = (house.folder / "var" / "blobs").rglob("*.blob")
        flip(path, 100)
        assert execute(doctor, ["--deep"], console) == 1
        assert "ILL  everything" in capsys.readouterr().out
