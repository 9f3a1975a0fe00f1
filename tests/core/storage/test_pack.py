import sqlite3
import threading
from types import SimpleNamespace

import pytest
from ZODB.blob import Blob

from communicate.catalog import Entry, make_catalog
from communicate.interfaces import IDatabase
from communicate.outbox.errors import TryLater
from communicate.sealing.keyring import open_keyring
from communicate.storage.declared import tidy
from communicate.storage.errors import PackBusy
from communicate.storage.pack import alone, pack, pack_tree

MASTER = bytes(range(32))


@pytest.fixture
def database(open_tree):
    return open_tree()


@pytest.fixture
def stores(database, var):
    catalog = make_catalog(f"sqlite:///{var}/catalog.sqlite")
    keyring = open_keyring(f"sqlite:///{var}/keyring.sqlite", MASTER)
    yield SimpleNamespace(database=database, catalog=catalog, keyring=keyring)
    catalog.close()
    keyring.close()


def wrapped_key(stores, uid, var):
    """Return the bytes in which the key ring's file keeps the key of *uid*."""
    stores.keyring.checkpoint()
    connection = sqlite3.connect(var / "keyring.sqlite")
    try:
        rows = connection.execute("SELECT * FROM keyring_keys WHERE uid = ?", (uid,)).fetchall()
    finally:
        connection.close()
    return next(value for row in rows for value in row if isinstance(value, bytes))


def index(stores, words):
    """Put *words*, which everybody may read, into the catalog."""
    entry = Entry(1, "topic", 1, ("public",), ("garden", "1"), 1, title=words, words=words)
    stores.catalog.refresh([entry], 1)


def forget(stores):
    """Take it out again."""
    stores.catalog.sweep("topic", 2**62)


class TestPack:
    def test_no_file_holds_what_was_deleted(self, stores, root, var, bytes_of):
        with root(stores.database) as mapping:
            mapping["deleted"] = "MARKER in a record" * 500
            mapping["file"] = Blob(b"MARKER in a blob")
            mapping["kept"] = Blob(b"what stays")
        with root(stores.database) as mapping:
            mapping["changed"] = "MARKER in a former version"
        index(stores, "marker in the index")
        stores.keyring.create(7)
        key = wrapped_key(stores, 7, var)
        before = bytes_of()
        assert b"MARKER" in before
        assert b"marker" in before
        assert key in before
        with root(stores.database) as mapping:
            del mapping["deleted"], mapping["file"]
            mapping["changed"] = "clean"
        forget(stores)
        stores.keyring.destroy(7)
        pack(stores)
        found = bytes_of()
        assert b"MARKER" not in found
        assert b"marker" not in found
        assert key not in found
        assert b"what stays" in found

    def test_history_is_kept_for_the_days_asked_for(self, stores, root, bytes_of):
        with root(stores.database) as mapping:
            mapping["word"] = "MARKER"
        with root(stores.database) as mapping:
            mapping["word"] = "clean"
        pack(stores, days=1)
        assert b"MARKER" in bytes_of()

    def test_goes_on_beside_readers_and_writers(self, stores, root):
        with root(stores.database) as mapping:
            mapping["count"] = 0
        stop = threading.Event()
        failures = []

        def write():
            try:
                while not stop.is_set():
                    with root(stores.database) as mapping:
                        mapping["count"] += 1
            except Exception as error:
                failures.append(error)

        writer = threading.Thread(target=write)
        writer.start()
        for _turn in range(5):
            pack(stores)
        stop.set()
        writer.join()
        assert failures == []
        with root(stores.database) as mapping:
            assert mapping["count"] > 0

    def test_a_second_pack_at_the_same_time_is_refused(self, stores):
        stores.database.storage._pack_is_in_progress = True
        with pytest.raises(PackBusy, match="try again later"):
            pack(stores)


class TestAReaderInTheWay:
    @pytest.fixture
    def reader(self, stores, var):
        """Return a connection that reads the catalog as it was before a deletion."""
        index(stores, "marker")
        connection = sqlite3.connect(var / "catalog.sqlite", isolation_level=None)
        connection.execute("BEGIN")
        connection.execute("SELECT * FROM catalog_item").fetchall()
        forget(stores)
        yield connection
        connection.close()

    def test_is_waited_for(self, stores, reader, bytes_of):
        thread = threading.Thread(target=pack, args=(stores,))
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        reader.execute("COMMIT")
        thread.join(20)
        assert not thread.is_alive()
        assert b"marker" not in bytes_of()

    def test_does_not_keep_the_other_stores_from_being_cleaned(self, stores, monkeypatch):
        cleaned = []
        monkeypatch.setattr(stores.catalog.engine, "clean", self.in_the_way)
        monkeypatch.setattr(stores.keyring, "checkpoint", lambda: cleaned.append("key ring"))
        with pytest.raises(TimeoutError):
            pack(stores)
        assert cleaned == ["key ring"]

    @staticmethod
    def in_the_way(patience):
        raise TimeoutError(f"in use for {patience} s")


class TestPostgreSQL:
    @pytest.mark.slow
    def test_what_was_deleted_is_gone_and_the_rest_stays(
        self, postgres, open_tree, root, bytes_of
    ):
        database = open_tree(uri=postgres)
        with root(database) as mapping:
            mapping["deleted"] = Blob(b"MARKER")
            mapping["changed"] = Blob(b"MARKER too")
            mapping["kept"] = Blob(b"what stays")
        with root(database) as mapping:
            del mapping["deleted"]
            with mapping["changed"].open("w") as stream:
                stream.write(b"clean")
        pack_tree(database)
        found = bytes_of()
        assert b"MARKER" not in found
        assert b"what stays" in found
        with root(database) as mapping, mapping["changed"].open() as stream:
            assert stream.read() == b"clean"


class TestNightly:
    """The job that `/privacy` counts on when it says when deleted words leave the files."""

    def test_a_day_later_no_file_holds_what_was_deleted(self, make_house):
        house = make_house()

        def put(value):
            return lambda request: request.root_map.__setitem__("words", value)

        house.work(put("MARKER" * 100))
        house.work(put(""))
        tree = house.folder / "var" / "Data.fs"
        assert b"MARKERMARKER" in tree.read_bytes()
        house.run_jobs()
        assert b"MARKERMARKER" in tree.read_bytes()
        house.reboot([], clock_offset=25 * 3600)
        house.run_jobs()
        assert b"MARKERMARKER" not in tree.read_bytes()

    def test_it_waits_where_a_backup_is_under_way(self, make_house):
        house = make_house()
        with alone(house.registry.getUtility(IDatabase)), pytest.raises(TryLater):
            house.work(lambda request: tidy(request, {}))
