import subprocess
import sys

import pytest

from communicate.storage.database import open_database
from communicate.storage.errors import AlreadyOpen, MissingTree

KILLED_WHILE_COMMITTING = """
import os, sys, transaction
from pathlib import Path
from communicate.storage.database import open_database

class Killer:
    transaction_manager = transaction.manager
    def sortKey(self):
        return "~"  # after the tree
    def tpc_vote(self, transaction):
        os.kill(os.getpid(), 9)
    def tpc_begin(self, transaction): ...
    commit = abort = tpc_finish = tpc_abort = tpc_begin

root = open_database(None, Path(sys.argv[1])).open().root()
root["word"] = "MARKER"
transaction.get().join(Killer())
transaction.commit()
"""


class TestASecondProcess:
    def test_is_refused_in_one_sentence(self, open_tree, var):
        open_tree()
        code = (
            "import sys; from pathlib import Path\n"
            "from communicate.storage.database import open_database\n"
            "from communicate.storage.errors import AlreadyOpen\n"
            "try: open_database(None, Path(sys.argv[1]))\n"
            "except AlreadyOpen as error: print(error)\n"
        )
        command = [sys.executable, "-c", code, str(var)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
        assert answer.stdout.startswith("another process has ")
        assert "--var" in answer.stdout
        assert answer.stdout.count("\n") == 1

    def test_does_not_disturb_a_pack_of_the_first(self, open_tree, var):
        open_tree()
        (var / "Data.fs.pack").write_bytes(b"half a pack")
        with pytest.raises(AlreadyOpen):
            open_database(None, var)
        assert (var / "Data.fs.pack").read_bytes() == b"half a pack"


class TestAfterACrash:
    @pytest.fixture
    def written(self, open_tree, root):
        with root(open_tree()) as mapping:
            mapping["word"] = "survives"

        def stop():
            open_tree(uri="memory://").close()

        stop()

    def test_between_the_two_renames_of_a_pack_nothing_is_lost(
        self, written, open_tree, root, var
    ):
        (var / "Data.fs").rename(var / "Data.fs.old")
        (var / "Data.fs.pack").write_bytes(b"FS21")
        with root(open_tree()) as mapping:
            assert mapping["word"] == "survives"
        assert not (var / "Data.fs.old").exists()
        assert not (var / "Data.fs.pack").exists()

    def test_blobs_without_their_tree_are_not_swept_away(self, written, var):
        (var / "Data.fs").unlink()
        blob = var / "blobs" / "0x00" / "0x01.blob"
        blob.parent.mkdir()
        blob.write_bytes(b"the only copy")
        with pytest.raises(MissingTree, match="put the file back"):
            open_database(None, var)
        assert blob.exists()

    @pytest.mark.parametrize(
        "name",
        ["Data.fs.old", "Data.fs.pack", "Data.fs.index_tmp", "blobs/tmp/upload", "blobs.old/x"],
    )
    def test_copies_and_uploads_left_behind_are_removed(self, written, open_tree, root, var, name):
        (var / name).parent.mkdir(exist_ok=True)
        (var / name).write_bytes(b"MARKER")
        with root(open_tree()) as mapping:
            assert mapping["word"] == "survives"
        assert not (var / name).exists()

    def test_the_buffer_of_commits_is_empty_at_start(self, written, open_tree, var):
        (var / "Data.fs.tmp").write_bytes(b"MARKER")
        open_tree()
        assert (var / "Data.fs.tmp").read_bytes() == b""

    def test_a_torn_commit_is_cut_off_and_its_tail_goes_with_the_next_pack(
        self, written, open_tree, root, var, bytes_of
    ):
        ended = subprocess.run([sys.executable, "-c", KILLED_WHILE_COMMITTING, str(var)])
        assert ended.returncode == -9
        assert b"MARKER" in (var / "Data.fs").read_bytes()
        database = open_tree()
        with root(database) as mapping:
            assert mapping["word"] == "survives"
        assert (var / "Data.fs.tr0").exists()
        database.pack()
        database.compact()
        assert not (var / "Data.fs.tr0").exists()
        assert b"MARKER" not in bytes_of()
