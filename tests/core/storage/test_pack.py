import sqlite3
import threading
import time
from types import SimpleNamespace

import pytest
from ZODB.blob import Blob

from communicate.storage.errors import PackBusy
from communicate.storage.pack import pack, pack_tree


class Table:
    """A SQLite store with a text index, as catalog and key ring are."""

    def __init__(self, path):
        self.path = path
        self.execute("PRAGMA journal_mode=WAL")
        self.execute("CREATE VIRTUAL TABLE words USING fts5(text)")

    def execute(self, statement, *values):
        connection = sqlite3.connect(self.path, timeout=0.05)
        try:
            connection.execute("PRAGMA secure_delete=ON")
            with connection:
                return connection.execute(statement, values).fetchall()
        finally:
            connection.close()

    def optimize(self):
        self.execute("INSERT INTO words(words) VALUES ('optimize')")

    def checkpoint(self):
        return self.execute("PRAGMA wal_checkpoint(TRUNCATE)")[0][0] == 0


@pytest.fixture
def database(open_tree):
    return open_tree()


@pytest.fixture
def stores(database, var):
    return SimpleNamespace(
        database=database,
        catalog=Table(var / "catalog.sqlite"),
        keyring=Table(var / "keyring.sqlite"),
    )


class TestPack:
    def test_no_file_holds_what_was_deleted(self, stores, root, bytes_of):
        with root(stores.database) as mapping:
            mapping["deleted"] = "MARKER in a record" * 500
            mapping["file"] = Blob(b"MARKER in a blob")
            mapping["kept"] = Blob(b"what stays")
        with root(stores.database) as mapping:
            mapping["changed"] = "MARKER in a former version"
        stores.catalog.execute("INSERT INTO words VALUES (?)", "a marker in the index MARKER")
        assert b"MARKER" in bytes_of()
        with root(stores.database) as mapping:
            del mapping["deleted"], mapping["file"]
            mapping["changed"] = "clean"
        stores.catalog.execute("DELETE FROM words")
        pack(stores)
        found = bytes_of()
        assert b"MARKER" not in found
        assert b"marker" not in found
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


class TestCheckpoint:
    @pytest.fixture
    def reader(self, stores):
        """Return a connection that reads the catalog as it was before a deletion."""
        stores.catalog.execute("INSERT INTO words VALUES ('MARKER')")
        connection = sqlite3.connect(stores.catalog.path, isolation_level=None)
        connection.execute("BEGIN")
        connection.execute("SELECT * FROM words").fetchall()
        stores.catalog.execute("DELETE FROM words")
        yield connection
        connection.close()

    def test_waits_for_a_reader_to_end(self, stores, reader, bytes_of):
        began = time.monotonic()
        ending = threading.Timer(0.3, reader.interrupt)
        ending.start()
        thread = threading.Thread(target=pack, args=(stores,))
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
        reader.execute("COMMIT")
        thread.join(10)
        ending.cancel()
        assert time.monotonic() - began < 10
        assert b"marker" not in bytes_of()

    def test_says_so_when_a_reader_never_ends(self, stores, reader):
        with pytest.raises(PackBusy, match="the catalog's log still holds deleted words"):
            pack(stores, patience=0.1)


class TestPostgreSQL:
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
