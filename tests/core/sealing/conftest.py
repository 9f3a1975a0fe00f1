"""A key ring on a real SQLite file, and a clock that tests move."""

import pytest

from communicate.sealing.keyring import open_keyring
from communicate.sealing.keys import MemberKey
from communicate.sealing.services import Seals

MASTER = bytes(range(32))


class MovableClock:
    """Monotonic seconds that pass only when told."""

    def __init__(self):
        self.seconds = 1000.0

    def __call__(self):
        return self.seconds

    def pass_(self, seconds):
        self.seconds += seconds


@pytest.fixture
def key():
    return MemberKey(bytes(range(32)))


@pytest.fixture
def clock():
    return MovableClock()


@pytest.fixture
def ring_url(tmp_path):
    return f"sqlite:///{tmp_path}/ring/keyring.sqlite"


@pytest.fixture
def open_ring(ring_url, clock):
    """Return what opens the ring once more, as another process would."""
    opened = []

    def open_again(master=MASTER, url=ring_url):
        opened.append(open_keyring(url, master, monotonic=clock))
        return opened[-1]

    yield open_again
    for ring in opened:
        ring.close()


@pytest.fixture
def ring(open_ring):
    return open_ring()


@pytest.fixture
def seals(ring):
    ring.create(7)
    return Seals(ring)


@pytest.fixture
def raw_bytes(tmp_path):
    """Return what reads every byte of every file of the ring."""
    return lambda: b"".join(path.read_bytes() for path in (tmp_path / "ring").iterdir())
