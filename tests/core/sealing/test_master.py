import subprocess
import sys
from base64 import b64encode

import pytest

from communicate.sealing.errors import MasterKeyExposed, MasterKeyMalformed, MasterKeyMissing
from communicate.sealing.master import (
    encode_key,
    load_master_key,
    make_development_key,
    master_key,
    write_key,
)

KEY = bytes(range(32))


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".secrets" / "master.key"


@pytest.fixture
def written(path):
    path.parent.mkdir()
    write_key(path, KEY)
    return path


class TestLoading:
    def test_the_file_holds_base64(self, written):
        assert written.read_bytes() == b64encode(KEY) + b"\n"
        assert load_master_key(written) == KEY

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o777])
    def test_a_file_open_to_others_is_refused_with_the_cure(self, written, mode):
        written.chmod(mode)
        with pytest.raises(MasterKeyExposed, match=f"chmod 600 {written}"):
            load_master_key(written)

    def test_a_read_only_file_will_do(self, written):
        written.chmod(0o400)
        assert load_master_key(written) == KEY

    def test_a_missing_file_is_named_with_the_cure(self, path):
        with pytest.raises(MasterKeyMissing, match=f"no master key at {path}.*umask 077"):
            load_master_key(path)

    @pytest.mark.parametrize(
        "text",
        [b"", b"\n", b"no base64!", b64encode(KEY[:31]), b64encode(KEY + b"1"), b"\xff" * 44],
    )
    def test_anything_but_32_bytes_is_refused(self, written, text):
        written.write_bytes(text)
        with pytest.raises(MasterKeyMalformed, match="base64 of 32 bytes"):
            load_master_key(written)


class TestMakingOne:
    def test_folder_and_file_are_for_their_owner_only(self, path):
        made = make_development_key(path)
        assert len(made) == 32
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700

    def test_a_key_that_is_there_is_kept(self, written):
        assert make_development_key(written) == KEY

    def test_a_file_open_to_others_is_refused_here_too(self, written):
        written.chmod(0o644)
        with pytest.raises(MasterKeyExposed):
            make_development_key(written)

    def test_no_draft_is_left(self, path):
        make_development_key(path)
        assert list(path.parent.iterdir()) == [path]

    def test_a_second_one_does_not_replace_the_first(self, written):
        with pytest.raises(FileExistsError):
            write_key(written, bytes(32))
        assert load_master_key(written) == KEY
        assert list(written.parent.iterdir()) == [written]

    def test_processes_that_make_one_at_once_get_the_same(self, path):
        command = (
            "import sys, pathlib\n"
            "from communicate.sealing.master import make_development_key as make\n"
            "print('ready', flush=True); sys.stdin.readline()\n"
            "print(make(pathlib.Path(sys.argv[1])).hex())"
        )
        processes = [
            subprocess.Popen(
                [sys.executable, "-W", "ignore", "-c", command, str(path)],
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
        assert answers == {load_master_key(path).hex()}


class TestWhichKey:
    def test_the_variable_goes_before_the_file(self, written):
        values = {"communicate.master_key_file": written}
        other = bytes(32)
        assert master_key(values, {"COMMUNICATE_MASTER_KEY": encode_key(other)}) == other
        assert master_key(values, {"COMMUNICATE_MASTER_KEY": ""}) == KEY

    def test_a_wrong_variable_is_named(self):
        with pytest.raises(MasterKeyMalformed, match="COMMUNICATE_MASTER_KEY"):
            master_key({}, {"COMMUNICATE_MASTER_KEY": "secret"})

    def test_the_message_does_not_repeat_what_was_given(self):
        with pytest.raises(MasterKeyMalformed) as caught:
            master_key({}, {"COMMUNICATE_MASTER_KEY": "secret"})
        assert "secret" not in str(caught.value)

    def test_development_makes_a_missing_one(self, path):
        values = {"communicate.master_key_file": path, "communicate.mode": "development"}
        assert master_key(values, {}) == load_master_key(path)

    def test_production_never_does(self, path):
        values = {"communicate.master_key_file": path, "communicate.mode": "production"}
        with pytest.raises(MasterKeyMissing):
            master_key(values, {})
        assert not path.parent.exists()

    def test_production_loads_one_that_is_there(self, written):
        values = {"communicate.master_key_file": written, "communicate.mode": "production"}
        assert master_key(values, {}) == KEY

    def test_neither_file_nor_variable(self):
        with pytest.raises(MasterKeyMissing, match=r"communicate\.master_key_file"):
            master_key({"communicate.master_key_file": None}, {})
