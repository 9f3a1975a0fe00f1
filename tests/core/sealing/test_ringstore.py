import sqlite3
import subprocess
import sys
import threading

import pytest
from sqlalchemy.exc import IntegrityError

from communicate.sealing import ringstore
from communicate.sealing.errors import KeyRingBusy
from communicate.sealing.ringstore import open_store


@pytest.fixture
def store(ring):
    return ring._store


@pytest.fixture
def reader(ring, tmp_path):
    """Return a connection that reads and does not end."""
    connection = sqlite3.connect(tmp_path / "ring" / "keyring.sqlite", isolation_level=None)
    ring.create(7)
    connection.execute("BEGIN")
    connection.execute("SELECT * FROM keyring_keys").fetchall()
    ring.create(8)
    yield connection
    connection.close()


class TestSqlite:
    @pytest.mark.parametrize(
        ("pragma", "value"), [("journal_mode", "wal"), ("secure_delete", 1), ("synchronous", 2)]
    )
    def test_every_connection_is_set_up(self, store, pragma, value):
        with store.engine.connect() as first, store.engine.connect() as second:
            for connection in (first, second):
                assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value

    def test_missing_folders_are_made(self, tmp_path):
        store = open_store(f"sqlite:///{tmp_path}/a/b/ring.sqlite")
        store.install(b"12345678")
        store.engine.dispose()
        assert (tmp_path / "a" / "b" / "ring.sqlite").stat().st_mode & 0o777 == 0o600

    def test_an_aborted_change_leaves_nothing(self, store):
        before = store.generation()

        def add_twice():
            with store.change(announced=True) as change:
                change.add(7, b"wrapped")
                change.add(7, b"wrapped")

        with pytest.raises(IntegrityError):
            add_twice()
        assert store.wrapped(7) is None
        assert store.generation() == before

    def test_installing_again_keeps_the_first_stamp(self, store):
        before = store.master()
        store.install(b"another!")
        assert store.master() == before


class TestCleaning:
    def test_the_log_is_cut_to_nothing(self, ring, store, tmp_path):
        ring.create(7)
        log = tmp_path / "ring" / "keyring.sqlite-wal"
        assert log.stat().st_size > 0
        store.clean()
        assert log.stat().st_size == 0

    def test_it_waits_until_a_reader_ends(self, store, reader, tmp_path, monkeypatch):
        monkeypatch.setattr(ringstore, "CLEAN_WAIT_MS", 10)
        cleaner = threading.Thread(target=store.clean)
        cleaner.start()
        cleaner.join(0.2)
        assert cleaner.is_alive()
        reader.execute("COMMIT")
        cleaner.join(10)
        assert (tmp_path / "ring" / "keyring.sqlite-wal").stat().st_size == 0

    def test_a_reader_that_never_ends_is_reported_with_the_cure(self, store, reader, monkeypatch):
        monkeypatch.setattr(ringstore, "CLEAN_WAIT_MS", 10)
        with pytest.raises(KeyRingBusy, match="End the long-running reader"):
            store.clean(0.1)

    def test_connections_wait_for_writers_as_long_as_before(self, store):
        store.clean()
        with store.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000


def test_processes_that_make_the_ring_at_once_share_it(ring_url, open_ring):
    command = (
        "import sys\n"
        "from communicate.sealing.keyring import open_keyring\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "ring = open_keyring(sys.argv[1], bytes(range(32)))\n"
        "ring.create(7)\n"
        "print(ring.key(0).hex(), ring.key(7).hex())"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", command, ring_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    answers = {process.communicate()[0].strip() for process in processes}
    ring = open_ring()
    assert answers == {f"{ring.key(0).hex()} {ring.key(7).hex()}"}
