import io
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communicate.sealing.errors import Destroyed, SealBroken, SealError
from communicate.sealing.files import (
    CHUNK,
    HEADER_SIZE,
    SEALED_CHUNK,
    Range,
    SealedReader,
    SealedWriter,
    seal_file,
)
from communicate.sealing.keys import MemberKey

KEY = MemberKey(bytes(range(32)))
LENGTHS = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17]


def pattern(length):
    return (bytes(range(251)) * (length // 251 + 1))[:length]


def sealed(data, uid=7, kind="disk.file"):
    out = io.BytesIO()
    seal_file(io.BytesIO(data), SealedWriter(out, KEY, uid, kind))
    return out.getvalue()


def reader(data, uid=7, kind="disk.file"):
    return SealedReader(io.BytesIO(data), KEY, uid, kind)


def read(data):
    return b"".join(reader(data).pieces())


def chunks_of(data):
    """Return header and sealed chunks."""
    body = data[HEADER_SIZE:]
    return data[:HEADER_SIZE], [
        body[at : at + SEALED_CHUNK] for at in range(0, len(body), SEALED_CHUNK)
    ]


class Trickle(io.RawIOBase):
    """A raw file that takes and gives a few bytes at a time."""

    def __init__(self, data=b""):
        self.held = io.BytesIO(data)

    def write(self, data):
        return self.held.write(bytes(data[:1000]))

    def read(self, size=-1):
        return self.held.read(min(size, 1000))

    def seek(self, offset, whence=0):
        return self.held.seek(offset, whence)


class TestRoundTrip:
    @pytest.mark.parametrize("length", LENGTHS)
    def test_what_was_sealed_comes_back(self, length):
        data = pattern(length)
        assert read(sealed(data)) == data
        assert reader(sealed(data)).size == length

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(parts=st.lists(st.integers(0, 3 * CHUNK), max_size=5))
    def test_the_sizes_of_the_writes_do_not_matter(self, parts):
        out, data = io.BytesIO(), b""
        with SealedWriter(out, KEY, 7, "disk.file") as writer:
            for length in parts:
                assert writer.write(pattern(length)) == length
                data += pattern(length)
        assert writer.size == len(data)
        assert read(out.getvalue()) == data
        assert len(out.getvalue()) == len(sealed(data))

    def test_raw_files_that_take_and_give_little_are_served(self):
        data, out = pattern(2 * CHUNK + 5), Trickle()
        seal_file(Trickle(data), SealedWriter(out, KEY, 7, "disk.file"))
        assert b"".join(SealedReader(out, KEY, 7, "disk.file").pieces()) == data

    def test_two_files_of_one_text_share_no_bytes(self):
        (first, chunks), (second, others) = (
            chunks_of(sealed(b"x" * CHUNK)),
            chunks_of(sealed(b"x" * CHUNK)),
        )
        assert first != second
        assert chunks != others

    def test_memory_stays_bounded(self, tmp_path):
        size = 32 * 1024 * 1024
        with (tmp_path / "plain").open("wb") as file:
            file.truncate(size)
        tracemalloc.start()
        with (tmp_path / "plain").open("rb") as plain, (tmp_path / "sealed").open("wb") as out:
            assert seal_file(plain, SealedWriter(out, KEY, 7, "disk.file")) == size
        with (tmp_path / "sealed").open("rb") as file:
            assert sum(map(len, SealedReader(file, KEY, 7, "disk.file").pieces())) == size
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 16 * CHUNK


class TestWriter:
    def test_without_finish_nothing_can_be_read(self):
        out = io.BytesIO()
        SealedWriter(out, KEY, 7, "disk.file").write(pattern(3 * CHUNK))
        with pytest.raises(SealBroken):
            reader(out.getvalue())

    def test_an_error_leaves_the_file_unfinished(self):
        out = io.BytesIO()

        def upload():
            with SealedWriter(out, KEY, 7, "disk.file") as writer:
                writer.write(pattern(2 * CHUNK))
                raise OSError("the line went dead")

        with pytest.raises(OSError, match="the line went dead"):
            upload()
        with pytest.raises(SealBroken):
            reader(out.getvalue())

    def test_finishing_twice_changes_nothing(self):
        out = io.BytesIO()
        with SealedWriter(out, KEY, 7, "disk.file") as writer:
            writer.write(b"words")
            writer.finish()
        assert read(out.getvalue()) == b"words"

    def test_nothing_is_written_after_the_end(self):
        writer = SealedWriter(io.BytesIO(), KEY, 7, "disk.file")
        writer.finish()
        with pytest.raises(ValueError, match="nothing can follow"):
            writer.write(b"more")


class TestRanges:
    DATA = pattern(3 * CHUNK + 1234)
    SEALED = sealed(DATA)

    @given(start=st.integers(0, len(DATA) + 10), stop=st.none() | st.integers(0, len(DATA) + 10))
    def test_a_range_is_a_slice(self, start, stop):
        assert b"".join(reader(self.SEALED).pieces(start, stop)) == self.DATA[start:stop]

    @pytest.mark.parametrize("start", [CHUNK - 1, CHUNK, CHUNK + 1])
    @pytest.mark.parametrize("stop", [CHUNK, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1])
    def test_so_it_is_at_the_borders_of_chunks(self, start, stop):
        assert b"".join(reader(self.SEALED).pieces(start, stop)) == self.DATA[start:stop]

    def test_a_negative_start_is_refused(self):
        with pytest.raises(ValueError, match="cannot begin before"):
            reader(self.SEALED).pieces(-1, 5)

    def test_only_the_chunks_of_the_range_are_read(self):
        class Watched(io.BytesIO):
            taken = 0

            def read(self, size=-1):
                data = super().read(size)
                self.taken += len(data)
                return data

        file = Watched(sealed(pattern(40 * CHUNK)))
        opened = SealedReader(file, KEY, 7, "disk.file")
        assert len(b"".join(opened.pieces(20 * CHUNK, 21 * CHUNK))) == CHUNK
        assert file.taken == HEADER_SIZE + 2 * SEALED_CHUNK

    def test_other_damaged_chunks_do_not_matter_to_a_range(self):
        damaged = bytearray(self.SEALED)
        damaged[HEADER_SIZE + 5] ^= 1
        assert (
            b"".join(reader(bytes(damaged)).pieces(CHUNK, 2 * CHUNK))
            == self.DATA[CHUNK : 2 * CHUNK]
        )


class TestTampering:
    DATA = pattern(3 * CHUNK + 100)
    SEALED = sealed(DATA)

    @given(at=st.integers(0, len(SEALED) - 1), bit=st.integers(0, 7))
    def test_a_flipped_bit_is_noticed(self, at, bit):
        changed = bytearray(self.SEALED)
        changed[at] ^= 1 << bit
        with pytest.raises(SealError):
            read(bytes(changed))

    @given(length=st.integers(0, len(SEALED) - 1))
    def test_a_cut_is_noticed_before_anything_is_shown(self, length):
        with pytest.raises(SealBroken):
            reader(self.SEALED[:length])

    @pytest.mark.parametrize("kept", [0, 1, 2, 3])
    def test_so_is_a_cut_at_the_border_of_a_chunk(self, kept):
        header, chunks = chunks_of(self.SEALED)
        with pytest.raises(SealBroken):
            reader(header + b"".join(chunks[:kept]))

    @given(extra=st.binary(min_size=1, max_size=100))
    def test_added_bytes_are_noticed(self, extra):
        with pytest.raises(SealBroken):
            reader(self.SEALED + extra)

    def test_an_added_chunk_is_noticed(self):
        header, chunks = chunks_of(sealed(pattern(2 * CHUNK)))
        with pytest.raises(SealBroken):
            reader(header + b"".join([*chunks, chunks[-1]]))

    @pytest.mark.parametrize(
        "order", [[1, 0, 2, 3], [0, 2, 1, 3], [0, 0, 2, 3], [0, 2, 3], [1, 2, 3]]
    )
    def test_moved_repeated_or_dropped_chunks_are_noticed(self, order):
        header, chunks = chunks_of(self.SEALED)
        with pytest.raises(SealBroken):
            read(header + b"".join(chunks[index] for index in order))

    def test_the_chunk_of_another_file_is_noticed(self):
        header, chunks = chunks_of(self.SEALED)
        foreign = chunks_of(sealed(self.DATA))[1]
        with pytest.raises(SealBroken):
            read(header + b"".join([chunks[0], foreign[1], *chunks[2:]]))

    @given(junk=st.binary(max_size=300))
    def test_junk_is_no_sealed_file(self, junk):
        with pytest.raises(SealError):
            reader(junk)


class TestBinding:
    def test_another_owner_does_not_open_it(self):
        with pytest.raises(SealBroken):
            reader(sealed(b"words"), uid=8)

    def test_another_kind_does_not_open_it(self):
        with pytest.raises(SealBroken):
            reader(sealed(b"words"), kind="mail.part")

    def test_a_file_sealed_by_an_earlier_key_reads_as_destroyed(self):
        with pytest.raises(Destroyed):
            SealedReader(io.BytesIO(sealed(b"words")), MemberKey(bytes(32)), 7, "disk.file")


class TestRange:
    def opened(self, data):
        file = io.BytesIO(data)
        opened = SealedReader(file, KEY, 7, "disk.file")
        return file, Range(opened.pieces(), opened.close)

    def test_the_file_is_closed_after_the_last_piece(self):
        file, pieces = self.opened(sealed(b"words"))
        assert list(pieces) == [b"words"]
        assert file.closed

    def test_it_is_closed_when_a_reader_leaves_early(self):
        file, pieces = self.opened(sealed(pattern(3 * CHUNK)))
        next(pieces)
        pieces.close()
        assert file.closed

    def test_it_is_closed_when_a_chunk_is_damaged(self):
        damaged = bytearray(sealed(pattern(3 * CHUNK)))
        damaged[HEADER_SIZE] ^= 1
        file, pieces = self.opened(bytes(damaged))
        with pytest.raises(SealBroken):
            next(pieces)
        assert file.closed
