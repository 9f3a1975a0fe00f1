import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from ZODB.blob import Blob, FilesystemHelper

from communicate.storage.blobs import remove_leftovers

YESTERDAY = time.time() - timedelta(days=1, minutes=1).total_seconds()


@pytest.fixture
def database(open_tree, root, either_uri):
    """Return a database that holds one blob, written twice."""
    database = open_tree(uri=either_uri)
    with root(database) as mapping:
        mapping["picture"] = Blob(b"FIRST")
    with root(database) as mapping, mapping["picture"].open("w") as stream:
        stream.write(b"SECOND")
    return database


@pytest.fixture
def orphan(var, database):
    """Return the file of a blob whose commit never ended."""
    helper = FilesystemHelper(str(database.blobs))
    path = Path(helper.getPathForOID(2**40, create=True)) / "0x03ffffffffffffff.blob"
    path.write_bytes(b"ORPHAN")
    return path


def picture(database, root):
    with root(database) as mapping, mapping["picture"].open() as stream:
        return stream.read()


class TestRemoveLeftovers:
    def test_keeps_what_a_record_names(self, database, root):
        remove_leftovers(database.storage, database.blobs, timedelta(0))
        assert picture(database, root) == b"SECOND"

    def test_keeps_older_versions_as_long_as_their_records(self, database, either_uri, bytes_of):
        remove_leftovers(database.storage, database.blobs)
        has_history = either_uri is None
        assert (b"FIRST" in bytes_of()) is has_history

    def test_leaves_what_may_be_a_commit_under_way(self, database, orphan):
        assert remove_leftovers(database.storage, database.blobs) in (0, 1)
        assert orphan.exists()

    def test_removes_what_a_crash_left_the_day_before(self, database, orphan, root):
        os.utime(orphan, (YESTERDAY, YESTERDAY))
        assert remove_leftovers(database.storage, database.blobs) >= 1
        assert not orphan.exists()
        assert picture(database, root) == b"SECOND"

    def test_removes_uploads_of_the_day_before_and_no_younger_ones(self, database, var):
        old, young = var / "blobs" / "tmp" / "old", var / "blobs" / "tmp" / "young"
        for path in (old, young):
            path.write_bytes(b"half an upload")
        os.utime(old, (YESTERDAY, YESTERDAY))
        remove_leftovers(database.storage, database.blobs)
        assert (old.exists(), young.exists()) == (False, True)
