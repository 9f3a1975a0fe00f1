import dataclasses
import io
import pickle

import pytest
import transaction
import ZODB
from persistent.mapping import PersistentMapping
from ZODB.FileStorage import FileStorage

from communicate.sealing.content import Sealed, SealedBlob
from communicate.sealing.errors import Destroyed, SealBroken
from communicate.sealing.keys import MemberKey


@pytest.fixture
def storage(tmp_path):
    storage = FileStorage(str(tmp_path / "Data.fs"), blob_dir=str(tmp_path / "blobs"))
    yield storage
    storage.close()


@pytest.fixture
def database(storage):
    database = ZODB.DB(storage)
    yield database
    database.close()


class TestSealed:
    def test_it_pickles_small(self):
        sealed = Sealed(2**62, "forums.post", b"e" * 100)
        assert pickle.loads(pickle.dumps(sealed, 3)) == sealed
        assert len(pickle.dumps(sealed, 3)) < 200

    def test_it_is_found_under_the_name_that_is_on_disk(self):
        assert b"communicate.sealing.content\nSealed\n" in pickle.dumps(Sealed(7, "post", b""), 2)

    def test_it_cannot_be_changed(self):
        with pytest.raises(dataclasses.FrozenInstanceError):
            Sealed(7, "post", b"").uid = 8

    def test_equal_values_are_equal(self):
        assert Sealed(7, "post", b"e") == Sealed(7, "post", b"e") != Sealed(8, "post", b"e")
        assert len({Sealed(7, "post", b"e"), Sealed(7, "post", b"e")}) == 1

    def test_its_repr_shows_kind_and_size_only(self, seals):
        sealed = seals.seal(7, "post", "words")
        assert repr(sealed) == "<Sealed post, 5 bytes>"

    def test_it_lives_inside_a_persistent_object(self, database, seals):
        with database.transaction() as connection:
            connection.root()["post"] = PersistentMapping(body=seals.seal(7, "post", "words"))
        with database.transaction() as connection:
            assert seals.text(connection.root()["post"]["body"]) == "words"


class TestSealedBlob:
    def test_it_is_stored_and_read_in_ranges(self, database, key):
        data = bytes(range(256)) * 1000
        self.store(database, key, data)
        with database.transaction() as connection:
            blob = connection.root()["file"]
            assert blob.size == len(data)
            assert b"".join(blob.range(key, 70_000, 140_000)) == data[70_000:140_000]

    def test_the_words_are_in_no_file(self, database, storage, key, tmp_path):
        self.store(database, key, b"secret words" * 10)
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert any(path.suffix == ".blob" for path in files)
        assert not any(b"secret words" in path.read_bytes() for path in files)

    def test_pieces_outlive_the_transaction(self, database, key):
        self.store(database, key, b"words" * 50_000)
        with database.transaction() as connection:
            pieces = connection.root()["file"].range(key, 0, None)
        assert b"".join(pieces) == b"words" * 50_000

    def test_pieces_outlive_a_new_filling_by_somebody_else(self, database, key):
        self.store(database, key, b"words" * 50_000)
        reader = database.open(transaction.TransactionManager())
        pieces = reader.root()["file"].range(key, 0, None)
        with database.transaction() as connection:
            connection.root()["file"].fill(key, io.BytesIO(b"again"))
        reader.transaction_manager.begin()
        assert b"".join(pieces) == b"words" * 50_000
        reader.close()

    def test_it_can_be_read_before_it_is_committed(self, key):
        blob = SealedBlob(7, "disk.file")
        blob.fill(key, io.BytesIO(b"words"))
        assert b"".join(blob.range(key, 1, 3)) == b"or"

    def test_it_can_be_read_after_a_savepoint(self, database, key):
        with database.transaction() as connection:
            connection.root()["file"] = blob = SealedBlob(7, "disk.file")
            blob.fill(key, io.BytesIO(b"words"))
            connection.transaction_manager.savepoint()
            assert b"".join(blob.range(key, 0, None)) == b"words"

    def test_a_new_filling_takes_the_place_of_the_old(self, database, key):
        self.store(database, key, b"a long text" * 1000)
        with database.transaction() as connection:
            connection.root()["file"].fill(key, io.BytesIO(b"short"))
        with database.transaction() as connection:
            blob = connection.root()["file"]
            assert (blob.size, b"".join(blob.range(key, 0, None))) == (5, b"short")

    def test_it_is_bound_to_its_owner(self, key):
        blob = SealedBlob(7, "disk.file")
        blob.fill(key, io.BytesIO(b"words"))
        blob.uid = 8
        with pytest.raises(SealBroken):
            blob.range(key, 0, None)

    def test_another_key_reads_as_destroyed(self, key):
        blob = SealedBlob(7, "disk.file")
        blob.fill(key, io.BytesIO(b"words"))
        with pytest.raises(Destroyed):
            blob.range(MemberKey(bytes(32)), 0, None)

    def test_its_repr_shows_kind_and_size_only(self):
        assert repr(SealedBlob(7, "disk.file")) == "<SealedBlob disk.file, 0 bytes>"

    def store(self, database, key, data):
        with database.transaction() as connection:
            connection.root()["file"] = blob = SealedBlob(7, "disk.file")
            blob.fill(key, io.BytesIO(data))
