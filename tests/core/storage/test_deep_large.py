"""`doctor --deep` over 50,000 objects."""

import io
import sqlite3
from contextlib import closing
from functools import partial

import pytest
from BTrees.LOBTree import LOBTree
from persistent.mapping import PersistentMapping

from communicate.cli import Console
from communicate.cli.doctor import doctor
from communicate.cli.run import execute
from communicate.interfaces import ISeals
from communicate.stores import stores_of

OBJECTS = 50_000
BATCH = 2_000


def fill(uid, numbers, request):
    things = request.root_map.setdefault("things", LOBTree())
    seals = request.find_service(ISeals)
    for number in numbers:
        things[number] = PersistentMapping(words=seals.seal(uid, "thing", f"words {number} " * 20))
    file = io.BytesIO(b"picture" * 30_000)
    things[-1 - numbers.start] = seals.seal_stream(uid, "picture", file)


@pytest.fixture
def full(house):
    """Return the house, with so many objects of a member, and the member."""
    uid = house.member("rose")
    for start in range(0, OBJECTS, BATCH):
        house.work(partial(fill, uid, range(start, start + BATCH)))
    stores_of(house.registry).database.keep_sums()
    return house, uid


def flip(path, at):
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 8]))


@pytest.mark.slow
def test_one_flipped_byte_anywhere_is_found_and_named(full, tmp_path, capsys):
    house, uid = full
    console = Console(None, tmp_path, house.registry)
    execute(doctor, ["--deep"], console)
    shown = capsys.readouterr().out
    assert "ok   everything" in shown
    assert "25000 of " in shown  # how far it is

    def seal(request):
        thing = request.root_map["things"][31_415]
        return int.from_bytes(thing._p_oid, "big"), thing["words"].envelope

    oid, envelope = house.work(seal)
    tree = house.folder / "var" / "Data.fs"
    at = tree.read_bytes().index(envelope) + 100
    flip(tree, at)
    blob = sorted((house.folder / "var" / "blobs").rglob("*.blob"))[7]
    blob.chmod(0o600)
    flip(blob, 123_456)
    with closing(sqlite3.connect(house.folder / "var" / "keyring.sqlite")) as ring, ring:
        ((wrapped,),) = ring.execute("select wrapped from keyring_keys where uid=?", [uid])
        ring.execute(
            "update keyring_keys set wrapped=? where uid=0", [wrapped]
        )  # another's in the place of the site's
    stores_of(house.registry).database.cacheMinimize()
    assert execute(doctor, ["--deep"], console) == 1
    found = capsys.readouterr().out
    (place,) = (line for line in found.splitlines() if "has changed by itself" in line)
    assert f"between byte {at // 4096 * 4096} and" in place
    assert f"{oid:#x}" in place
    assert f"A seal (thing) in object {oid:#x} (persistent.mapping.PersistentMapping)" in found
    assert "The sealed file (picture) of object 0x" in found
    assert "chunk 1 of a sealed file" in found
    assert "The key ring is damaged, the key of member 0 is not" in found
    ill = found.partition("ILL  everything")[2].partition("Last backup")[0]
    assert ill.count("\n       ") == 4
