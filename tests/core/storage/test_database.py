import stat

import pytest

from communicate.storage.database import open_database
from communicate.storage.errors import BadAddress
from communicate.storage.postgresql import read_uri, typed


class TestFile:
    def test_no_address_means_a_file_under_var(self, open_tree, root, var):
        with root(open_tree()) as mapping:
            mapping["word"] = "kept"
        assert (var / "Data.fs").exists()
        with root(open_tree()) as mapping:
            assert mapping["word"] == "kept"

    def test_a_relative_path_begins_at_var(self, open_tree, var):
        open_tree(uri="file://trees/site.fs")
        assert (var / "trees" / "site.fs").exists()

    def test_missing_folders_are_made_for_the_site_alone(self, open_tree, var):
        open_tree(uri="file://trees/site.fs")
        for folder in (var, var / "trees", var / "blobs"):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder

    def test_blobs_lie_where_the_setting_says(self, tmp_path):
        open_database(None, tmp_path / "var", blobs=tmp_path / "big").close()
        assert (tmp_path / "big" / ".layout").exists()
        assert not (tmp_path / "var" / "blobs").exists()

    def test_parameters_of_the_database_are_taken_from_the_address(self, open_tree):
        database = open_tree(uri="file://Data.fs?connection_cache_size=77&connection_pool_size=5")
        assert (database.getCacheSize(), database.getPoolSize()) == (77, 5)

    @pytest.mark.parametrize(
        ("uri", "complaint"),
        [
            ("file://Data.fs?blobstorage_dir=elsewhere", "communicate.blobs"),
            ("file://", "file:// and a path"),
            ("carrier-pigeon://coop", "nothing is known that opens"),
            ("memory://?connection_pool_size=many", "not a number"),
            ("memory://?colour=red", "unknown parameters colour"),
            ("postgresql://host/name?nonsense=1", "not an address that PostgreSQL understands"),
            ("postgresql://host/name?cache_local_mb=much", "takes a number"),
        ],
    )
    def test_an_address_with_a_mistake_is_refused_with_the_cure(self, tmp_path, uri, complaint):
        with pytest.raises(BadAddress, match=complaint):
            open_database(uri, tmp_path)


class TestPostgreSQL:
    def test_what_was_written_is_there_for_the_next_process(self, open_tree, root, postgres):
        with root(open_tree(uri=postgres)) as mapping:
            mapping["word"] = "kept"
        with root(open_tree(uri=postgres)) as mapping:
            assert mapping["word"] == "kept"

    def test_a_server_that_does_not_answer_is_named_without_its_password(self, tmp_path):
        uri = f"postgresql://me:SECRET@/site?host={tmp_path}"
        with pytest.raises(BadAddress, match="PostgreSQL does not answer") as caught:
            open_database(uri, tmp_path)
        assert "SECRET" not in str(caught.value)

    def test_the_password_is_not_in_the_name_of_the_storage(self):
        dsn, options = read_uri(
            "postgresql://me:SECRET@host/site?cache_local_mb=30&sslmode=require"
        )
        assert "password=SECRET" in dsn.split()  # RelStorage leaves out words that begin so
        assert "sslmode=require" in dsn
        assert typed(options) == {"cache_local_mb": 30}


class TestOthers:
    def test_zodburi_opens_what_core_does_not(self, open_tree, root):
        database = open_tree(uri="memory://")
        with root(database) as mapping:
            mapping["word"] = "gone soon"
        with root(database) as mapping:
            assert mapping["word"] == "gone soon"
