import os
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communicate.sealing.errors import SealBroken
from communicate.sealing.files import CHUNK, HEADER_SIZE, SEALED_CHUNK, SealedReader
from communicate.sealing.keys import MemberKey
from communicate.sealing.partial import Anew, Busy, PartialFile

KEY = MemberKey(bytes(range(32)))
KIND = "disk.file"


def partial(folder, size):
    return PartialFile(folder / "partial" / "a.part", KEY, 7, KIND, size)


def read(path):
    with path.open("rb") as file:
        return b"".join(SealedReader(file, KEY, 7, KIND).pieces())


def send(folder, data, cuts):
    """Send *data*, cut at *cuts*, each part in a file opened anew; return the last rest."""
    count, rest = 0, b""
    for cut in [*cuts, len(data)]:
        with partial(folder, len(data)) as file:
            rest = file.append(count, rest, BytesIO(data[count:cut]), cut - count)
        count = cut
    return rest


class TestParts:
    @settings(
        deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.data())
    def test_however_it_was_cut_it_reads_as_it_was(self, tmp_path_factory, data):
        size = data.draw(
            st.sampled_from([1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 5 * CHUNK + 3])
        )
        cuts = sorted(data.draw(st.lists(st.integers(0, size - 1), max_size=5)))
        folder, given = tmp_path_factory.mktemp("parts"), os.urandom(size)
        assert send(folder, given, cuts) == b""
        with partial(folder, size) as file:
            name = file.linked()
        assert read(name) == given
        assert name.stat().st_mode & 0o777 == 0o600

    def test_memory_holds_what_fills_no_chunk_until_the_end(self, tmp_path):
        with partial(tmp_path, 3 * CHUNK) as file:
            rest = file.append(0, b"", BytesIO(b"x" * (CHUNK + 5)), CHUNK + 5)
            assert rest == b"xxxxx"
            assert file.path.stat().st_size == HEADER_SIZE + SEALED_CHUNK

    def test_what_is_not_whole_is_nobodys_file(self, tmp_path):
        with partial(tmp_path, 3 * CHUNK) as file:
            file.append(0, b"", BytesIO(b"x" * 2 * CHUNK), 2 * CHUNK)
            with pytest.raises(SealBroken):
                file.linked()
        with pytest.raises(SealBroken):
            read(file.path)

    @pytest.mark.parametrize(("count", "length"), [(0, 4 * CHUNK), (7, 1)])
    def test_what_does_not_follow_is_refused(self, tmp_path, count, length):
        with partial(tmp_path, 3 * CHUNK) as file, pytest.raises(ValueError, match="follow"):
            file.append(count, b"", BytesIO(bytes(length)), length)

    def test_less_than_was_said_is_refused(self, tmp_path):
        with partial(tmp_path, 10) as file, pytest.raises(ValueError, match="less came"):
            file.append(0, b"", BytesIO(b"four"), 10)

    def test_one_at_a_time_writes(self, tmp_path):
        with partial(tmp_path, 10), pytest.raises(Busy):
            partial(tmp_path, 10)
        partial(tmp_path, 10).close()


class TestInterruptions:
    def begun(self, folder, data, torn):
        """Send two chunks of *data*; let *torn* bytes of the second be on the disk only."""
        with partial(folder, len(data)) as file:
            file.append(0, b"", BytesIO(data[: 2 * CHUNK]), 2 * CHUNK)
            os.truncate(file.path, HEADER_SIZE + SEALED_CHUNK + torn)

    @pytest.mark.parametrize("torn", [0, 1, 4096, SEALED_CHUNK])
    def test_what_was_torn_goes_on_with_the_same_bytes(self, tmp_path, torn):
        data = os.urandom(3 * CHUNK)
        self.begun(tmp_path, data, torn)
        with partial(tmp_path, len(data)) as file:
            assert file.holds(CHUNK)
            file.append(CHUNK, b"", BytesIO(data[CHUNK:]), 2 * CHUNK)
            assert read(file.linked()) == data

    def test_other_bytes_are_never_sealed_in_the_place_of_what_was(self, tmp_path):
        data, other = os.urandom(3 * CHUNK), os.urandom(3 * CHUNK)
        self.begun(tmp_path, data, 4096)
        with partial(tmp_path, len(data)) as file:
            salt = file.path.read_bytes()[:HEADER_SIZE]
            with pytest.raises(Anew):
                file.append(CHUNK, b"", BytesIO(other[CHUNK:]), 2 * CHUNK)
            assert not file.holds(CHUNK)
            assert file.path.stat().st_size == HEADER_SIZE
            assert file.path.read_bytes() != salt
            file.append(0, b"", BytesIO(other), 3 * CHUNK)
            assert read(file.linked()) == other

    def test_what_a_machine_lost_is_noticed(self, tmp_path):
        data = os.urandom(3 * CHUNK)
        self.begun(tmp_path, data, SEALED_CHUNK)
        with partial(tmp_path, len(data)) as file:
            assert file.is_sound(2 * CHUNK)
            with file.path.open("r+b") as raw:
                raw.seek(HEADER_SIZE + SEALED_CHUNK + 4096)
                raw.write(bytes(4096))
            assert not file.is_sound(2 * CHUNK)
            assert file.is_sound(CHUNK)

    def test_a_blob_that_an_undone_commit_took_is_written_again(self, tmp_path):
        data = os.urandom(CHUNK + 1)
        send(tmp_path, data, [])
        with partial(tmp_path, len(data)) as file:
            file.linked().chmod(0o400)
        send(tmp_path, data, [5, CHUNK])
        with partial(tmp_path, len(data)) as file:
            assert read(file.linked()) == data

    def test_a_disk_without_second_names_gets_a_copy(self, tmp_path, monkeypatch):
        data = os.urandom(CHUNK + 1)
        send(tmp_path, data, [])
        monkeypatch.setattr("pathlib.Path.hardlink_to", refuses)
        with partial(tmp_path, len(data)) as file:
            assert read(file.linked()) == data


def refuses(*_args):
    raise OSError
