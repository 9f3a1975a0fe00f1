"""Nobody who reads waits for the disk while somebody else commits."""

import os
import threading
from contextlib import contextmanager

import pytest
import transaction

from communicate.storage import settling

PATIENCE = 30  # seconds


class Disk:
    """A disk that takes as long as a test likes to confirm what was written."""

    def __init__(self, monkeypatch):
        self.asked, self.confirmed = threading.Event(), threading.Event()
        self.count = 0
        self.fsync = os.fsync
        monkeypatch.setattr(settling.os, "fsync", self.confirm)

    def confirm(self, number):
        """Wait for the test, then for the real disk."""
        self.count += 1
        self.asked.set()
        assert self.confirmed.wait(PATIENCE)
        self.fsync(number)


@pytest.fixture
def database(open_tree):
    """Return a database whose root holds a word."""
    database = open_tree()
    write(database, "before")
    return database


def write(database, word):
    """Commit *word*."""
    with connected(database) as connection:
        connection.root()["word"] = word


def read(database):
    """Return the word as a new transaction finds it, read from the file."""
    with connected(database) as connection:
        connection.cacheMinimize()
        return connection.root()["word"]


@contextmanager
def connected(database):
    """Yield a connection in a transaction of its own, which is committed at the end."""
    manager = transaction.TransactionManager(explicit=True)
    connection = database.open(manager)
    try:
        with manager:
            yield connection
    finally:
        connection.close()


def test_those_who_read_go_on_while_the_disk_is_busy(database, monkeypatch):
    disk = Disk(monkeypatch)
    writer = threading.Thread(target=write, args=(database, "after"))
    writer.start()
    try:
        assert disk.asked.wait(PATIENCE)
        found = []
        reader = threading.Thread(target=lambda: found.append(read(database)))
        reader.start()
        reader.join(PATIENCE)
        assert found == ["before"]  # not waited for, and not seen before it is safe
    finally:
        disk.confirmed.set()
        writer.join(PATIENCE)
    assert read(database) == "after"


def test_the_disk_is_asked_once_for_each_commit(database, monkeypatch):
    disk = Disk(monkeypatch)
    disk.confirmed.set()
    for word in ("one", "two", "three"):
        write(database, word)
    assert disk.count == 3


def test_what_the_disk_has_confirmed_is_there_after_a_crash(database, monkeypatch, open_tree, var):
    """The file, as it is when the disk has confirmed, holds the commit."""
    disk = Disk(monkeypatch)
    copies = []

    def confirm(number):
        disk.fsync(number)
        copies.append((var / "Data.fs").read_bytes())

    monkeypatch.setattr(settling.os, "fsync", confirm)
    write(database, "safe")
    database.close()
    (var / "Data.fs").write_bytes(copies[-1])
    (var / "Data.fs.index").unlink()
    assert read(open_tree()) == "safe"


def test_a_disk_that_fails_ends_the_storage_and_lets_nobody_hang(database, monkeypatch):
    def fail(_number):
        raise OSError("no space left on this disk")

    monkeypatch.setattr(settling.os, "fsync", fail)
    with pytest.raises(OSError, match="no space"):
        write(database, "lost")
    with pytest.raises(Exception, match="closed"):
        write(database, "never")
