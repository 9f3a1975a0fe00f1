"""What the listener remembers: bounded, and honest about what it has forgotten."""

import time

import pytest

from communicate.live import hub
from communicate.live.hub import AGAIN, Hub


class Wire:
    """A connection that keeps what it is told."""

    def __init__(self, uid, session=b"s"):
        self.uid, self.session = uid, session
        self.told, self.ended = [], None

    def tell(self, text):
        self.told.append(text)

    def end(self, code):
        self.ended = code


@pytest.fixture
def listening():
    """A hub that has been listening for a minute."""
    found = Hub()
    found.open(object(), 5)
    found.since -= 60
    return found


class TestMemory:
    def test_it_is_bounded_and_says_when_that_was_too_little(self, listening, monkeypatch):
        page = time.time() - 15
        listening.deliver([7], "first")
        assert listening.missed(7, page) == ["first"]
        for number in range(hub.MOST_KEPT // 1000):
            listening.deliver(list(range(1000)), str(number))
        assert len(listening._kept) == hub.MOST_KEPT
        assert listening.missed(7, page) == [AGAIN]
        assert listening.missed(7, time.time() + hub.LATE + 1) == []

    def test_a_page_of_before_a_restart_is_to_look_again(self, listening):
        assert listening.missed(7, listening.since - 0.001) == [AGAIN]
        assert listening.missed(7, listening.since + 1) == []

    def test_the_same_told_twice_is_told_once_to_who_comes_late(self, listening):
        page = time.time()
        for text in ("a", "b", "a"):
            listening.deliver([7], text)
        wire = Wire(7)
        listening.join(wire, page)
        assert wire.told == ["a", "b"]


class TestTickets:
    def test_what_is_over_is_forgotten(self, listening, monkeypatch):
        now = time.time()
        assert listening.may_join(b"s", b"one", now + 60)
        assert not listening.may_join(b"s", b"one", now + 60)
        listening.close_session(b"gone")
        assert not listening.may_join(b"gone", b"two", now + 60)
        monkeypatch.setattr(hub.time, "time", lambda: now + hub.MEMORY + 1)
        assert listening.may_join(b"s", b"three", now + hub.MEMORY + 61)
        assert list(listening._used) == [b"three"]
        assert not listening._ended


class TestLeaving:
    def test_who_has_left_is_counted_once_and_told_nothing(self, listening):
        one, other = Wire(7), Wire(7)
        for wire in (one, other):
            listening.join(wire, time.time())
        listening.leave(one)
        listening.leave(one)
        assert listening.count == 1
        listening.deliver([7], "news")
        assert (one.told, other.told) == ([], ["news"])
        listening.leave(other)
        assert listening.wires == {}

    def test_too_many_of_one_member_are_neither_kept_nor_counted(self, listening):
        wires = [Wire(7) for _each in range(hub.PER_MEMBER + 2)]
        for wire in wires:
            listening.join(wire, time.time())
        assert [wire.ended for wire in wires[:3]] == [hub.CROWDED, hub.CROWDED, None]
        assert listening.count == hub.PER_MEMBER
        listening.deliver([7], "news")
        assert wires[0].told == []

    def test_a_session_that_ends_during_the_handshake_opens_nothing(self, listening):
        assert listening.may_join(b"s", b"ticket", time.time() + 60)
        listening.close_session(b"s")
        wire = Wire(7)
        listening.join(wire, time.time())
        assert (wire.ended, listening.count) == (hub.ENDED, 0)

    def test_only_the_session_that_ends_is_closed(self, listening):
        one, other = Wire(7, b"one"), Wire(7, b"other")
        for wire in (one, other):
            listening.join(wire, time.time())
        listening.close_session(b"one")
        assert (one.ended, other.ended) == (hub.ENDED, None)


class TestDeaf:
    def test_where_nobody_listens_nothing_happens(self):
        silent = Hub()
        silent.post([7], "x.y", 1)
        silent.end(b"s")
        assert silent.shown is None
