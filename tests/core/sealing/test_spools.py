"""What came once is sealed at once, and each try of a transaction makes a blob of it."""

import pytest

from communicate.sealing.files import SealedReader
from communicate.sealing.keys import MemberKey
from communicate.sealing.spools import SealedSpool


@pytest.fixture
def key():
    return MemberKey(b"k" * 32)


class Stream:
    """A source that says at most how much it was asked for."""

    def __init__(self, data):
        self.data, self.most = data, 0

    def read(self, size):
        self.most = max(self.most, size)
        found, self.data = self.data[:size], self.data[size:]
        return found


def test_it_is_sealed_as_it_comes(tmp_path, key):
    source = Stream(b"secret" * 50_000)
    with SealedSpool(tmp_path, key, 7, "file") as spool:
        spool.fill(source)
        assert spool.size == 300_000
        assert spool.head == (b"secret" * 1000)[:4096]
        assert source.most <= 64 * 1024
        raw = spool.path.read_bytes()
        assert b"secret" not in raw
        assert spool.path.stat().st_mode & 0o077 == 0
        with spool.path.open("rb") as file:
            assert b"".join(SealedReader(file, key, 7, "file").pieces()) == b"secret" * 50_000
    assert list(tmp_path.iterdir()) == []


def test_what_fails_leaves_nothing(tmp_path, key):
    spool = SealedSpool(tmp_path, key, 7, "file")
    spool.write(b"x")
    with pytest.raises(OSError, match="gone"), spool:
        raise OSError("gone")
    assert list(tmp_path.iterdir()) == []
