"""What was erased stays erased: the ledger replayed, and old copies of the data."""

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from communicate.erasure import jobs
from communicate.interfaces import (
    IClock,
    IErasure,
    IKeyRing,
    ISeals,
)
from communicate.outbox.runner import run_due
from communicate.sealing import Destroyed
from communicate.storage.database import open_database
from communicate.storage.pack import pack
from communicate.stores import stores_of

MARKER = "marqueur-effacement-71c4"


def start(house, uid):
    return house.work(lambda request: request.find_service(IErasure).start(uid))


def note(house, uid, text=MARKER):
    """Store a sealed text of *uid* in the tree."""

    def store(request):
        request.root_map["note"] = request.find_service(ISeals).seal(uid, "note", text)

    house.work(store)


def read_note(request):
    return request.find_service(ISeals).text(request.root_map["note"])


class TestReplay:
    def test_an_old_backup_does_not_bring_anybody_back(self, house, rose, tmp_path):
        """The tree and the key ring of yesterday, the ledger of today."""
        note(house, rose)
        var = house.registry.settings["communicate.var"]
        house.close()
        shutil.copytree(var, tmp_path / "backup")
        house.boot([])
        start(house, rose)
        run_due(house.registry)
        house.close()
        shutil.rmtree(var)
        shutil.copytree(tmp_path / "backup", var)
        house.boot([])
        assert house.work(read_note) == MARKER
        assert jobs.replay(house.registry) == 1
        assert house.work(read_note) is None
        run_due(house.registry)
        assert house.work(lambda request: request.find_service(IKeyRing).holds(rose)) is False
        assert jobs.replay(house.registry) == 0

    def test_it_happens_hourly_by_itself(self, house, rose, enable, states):
        notes = enable("notes")
        notes.error = ValueError()
        start(house, rose)
        run_due(house.registry)
        notes.error = None
        clock = house.registry.getUtility(IClock)
        clock.offset += timedelta(minutes=61)
        run_due(house.registry)
        assert notes.calls == [rose]
        assert states(rose).open is False

    def test_without_anything_to_do_it_writes_nothing(self, house, rose):
        start(house, rose)
        run_due(house.registry)
        before = stores_of(house.registry).database.storage.lastTransaction()
        assert jobs.replay(house.registry) == 0
        assert stores_of(house.registry).database.storage.lastTransaction() == before


class TestRawCopies:
    def test_a_copy_taken_before_yields_nothing_beside_todays_key_ring(
        self, house, rose, tmp_path
    ):
        note(house, rose)
        settings = house.registry.settings
        copy = tmp_path / "copy"
        house.close()
        shutil.copytree(settings["communicate.var"], copy)
        house.boot([])
        start(house, rose)
        run_due(house.registry)
        held = [path.read_bytes() for path in copy.rglob("*") if path.is_file()]
        assert held
        assert not any(MARKER.encode() in data or b"rose@example.org" in data for data in held)
        old = open_database(f"file://{copy / 'Data.fs'}", copy)
        try:
            with old.transaction() as connection:
                sealed = connection.root()["note"]
                with pytest.raises(Destroyed):
                    house.work(lambda request: request.find_service(IKeyRing).key(sealed.uid))
                assert (
                    house.work(lambda request: request.find_service(ISeals).text(sealed)) is None
                )
        finally:
            old.close()

    def test_todays_key_ring_holds_no_byte_of_the_key(self, house, rose, tmp_path):
        settings = house.registry.settings
        ring = settings["communicate.var"] / "keyring.sqlite"
        with closing(sqlite3.connect(ring)) as connection:
            tables = [
                name
                for (name,) in connection.execute(
                    "select name from sqlite_master where type='table'"
                )
            ]
            rows = [
                row
                for table in tables
                for row in connection.execute(f"select * from {table}")  # noqa: S608 (names of tables)
            ]
        (wrapped,) = [
            cell for row in rows if rose in row for cell in row if isinstance(cell, bytes)
        ]
        files = lambda: b"".join(path.read_bytes() for path in ring.parent.glob("keyring.sqlite*"))  # noqa: E731
        assert wrapped in files()
        start(house, rose)
        run_due(house.registry)
        assert wrapped not in files()

    def test_after_packing_the_login_is_in_no_file(self, house):
        uid = house.member("clematite-5521")
        start(house, uid)
        run_due(house.registry)
        pack(stores_of(house.registry))
        var = house.registry.settings["communicate.var"]
        held = {path.name: path.read_bytes() for path in var.rglob("*") if path.is_file()}
        assert [name for name, data in held.items() if b"clematite-5521" in data] == []
