"""Trees in PostgreSQL; see also tests/functional/test_drill.py."""

import os
import shutil
from contextlib import ExitStack, closing

import psycopg2
import pytest

from communicate.backup import marker, postgresql, restoring, verifying
from communicate.backup.errors import BackupError, NotEmpty
from communicate.interfaces import IMembers
from communicate.sealing.ringstore import open_store
from communicate.storage.errors import PackBusy
from communicate.storage.pack import alone, pack
from communicate.storage.postgresql import locked, read_uri
from communicate.stores import stores_of
from communicate.testing import postgres

pytestmark = pytest.mark.slow
OTHERS = ("catalog_words", "keyring_keys")


@pytest.fixture
def new_database(postgres_server, monkeypatch):
    """Return what makes an empty database."""
    path = f"{postgres.programs()}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", path)
    with ExitStack() as made:
        yield lambda: made.enter_context(postgres.database(postgres_server, "tree"))


@pytest.fixture
def settings(recipient, new_database):
    return {"backup_recipients": recipient, "database": new_database()}


@pytest.fixture
def house(make_house, settings):
    house = make_house(["forums"], language="en", **settings)
    house.member("paul")
    yield house
    house.close()  # before the databases are dropped


@pytest.fixture
def lost(back_up, destroy):
    """Return what backs the house up and has it lost."""

    def lost():
        back_up()
        destroy()

    return lost


class TestRestore:
    def test_it_fills_an_empty_database_only(
        self, house, back_up, destroy, restore, new_database, config
    ):
        back_up()
        destroy()
        with pytest.raises(NotEmpty, match="not empty"):
            restore()
        config.__dict__.pop("settings", None)  # read once
        house.settings["database"] = config.ini["communicate.database"] = new_database()
        restore()
        assert house.work(lambda r: r.find_service(IMembers).by_login("paul")) is not None

    def test_one_that_was_cut_short_begins_anew(self, house, lost, restore, config):
        lost()
        var = house.folder / "var"
        marker.put(config.settings)
        name = var / marker.NAME
        name.write_text(f"1 {name.read_text().partition(' ')[2]}")
        restore()
        assert house.work(lambda r: r.find_service(IMembers).by_login("paul")) is not None
        assert not marker.is_there(config.settings)


class TestKeyRing:
    def test_a_ring_in_use_is_not_overwritten(self, new_database):
        url = new_database().replace("postgresql:", "postgresql+psycopg:")
        assert not restoring.holds_keys(url)
        store = open_store(url)
        store.install(b"master")
        assert not restoring.holds_keys(url)
        store.fill(b"master", [(7, b"wrapped")])
        assert restoring.holds_keys(url)
        store.engine.dispose()


class TestVerify:
    def test_it_needs_a_database_to_restore_into(
        self, house, back_up, config, places, identity_file, new_database
    ):
        back_up()
        with pytest.raises(BackupError, match="--scratch"):
            list(verifying.verify(verifying.Opened(config, places, [identity_file]), print))
        opened = verifying.Opened(config, places, [identity_file], new_database())
        assert list(verifying.verify(opened, print)) == []


class TestBackUp:
    def test_neither_catalog_nor_keys_are_in_the_dump(
        self, house, lost, restore, config, new_database
    ):
        """Not even where all three stores share one database."""
        with closing(psycopg2.connect(house.settings["database"])) as connection, connection:
            for name in OTHERS:
                connection.cursor().execute(f"create table {name} (x text)")
        lost()
        house.settings["database"] = config.ini["communicate.database"] = new_database()
        restore()
        with closing(psycopg2.connect(house.settings["database"])) as connection:
            cursor = connection.cursor()
            cursor.execute("select tablename from pg_tables where schemaname = 'public'")
            tables = {name for (name,) in cursor}
        assert "object_state" in tables
        assert not tables & set(OTHERS)

    def test_a_password_is_on_no_command_line(self):
        environ, address = postgresql.reached("host=db user=ada password=geheim dbname=x")
        assert environ["PGPASSWORD"] == "geheim"
        assert "geheim" not in address

    def test_a_pack_by_another_process_is_locked_out(self, house, settings):
        with locked(read_uri(settings["database"])[0]), pytest.raises(PackBusy):
            pack(stores_of(house.registry))
        with alone(stores_of(house.registry).database):
            pass
        pack(stores_of(house.registry))

    def test_a_program_that_is_not_there_is_named(self, house, back_up, monkeypatch, tmp_path):
        monkeypatch.setattr(shutil, "which", lambda _name: None)
        with pytest.raises(BackupError, match="pg_dump is not installed"):
            back_up()
