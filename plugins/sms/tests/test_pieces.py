"""Parts of messages come in any order, twice, late or never; what waits is bounded."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communicate.clock import at, now
from communicate_sms import pieces
from communicate_sms.content import Pieces
from communicate_sms.pieces import GAP, Table
from communicate_sms.queue import exchange_of
from communicate_sms.transports.passing import Part

SENDER = "+33612345678"


@pytest.fixture
def house(called):
    """Yield the site, with nothing that waits."""
    yield called
    called.work(lambda request: Table(request).overdue(10_000, timedelta(hours=-1)))
    assert waiting(called) == 0


def bring(house, *brought, sender=SENDER, later=0):
    """Bring each (series, total, at, text) of *brought*; return what came whole of it."""

    def add(request):
        with at(request, now(request) + timedelta(seconds=later)):
            table = Table(request)
        done = []
        for series, total, at_, text in brought:
            done += table.add("k", sender, "38000", Part(series, total, at_), text)
        return [whole.text for whole in done]

    return house.work(add)


def waiting(house):
    """Return how many messages wait for parts; both ways of finding them know the same."""

    def count(request):
        tree = exchange_of(request)
        keys = {(one, other) for since, one, other in tree.waiting if since}
        assert keys == set(tree.pieces)
        return len(keys)

    return house.work(count)


@given(texts=st.lists(st.text(max_size=5), min_size=2, max_size=7), seed=st.integers())
@settings(max_examples=30, deadline=None)
def test_in_any_order_the_parts_are_the_message(called, texts, seed):
    total, chance = len(texts), random.Random(seed)
    brought = [(7, total, at_, text) for at_, text in enumerate(texts, 1)]
    chance.shuffle(brought)
    # The last one to come makes it whole: what is repeated before changes nothing.
    again = [chance.choice(brought[:-1]) for _ in range(3)]
    assert bring(called, *brought[:-1], *again) == []
    assert bring(called, brought[-1]) == ["".join(texts)]
    assert waiting(called) == 0


def test_messages_that_come_at_once_are_kept_apart(house):
    assert bring(house, (1, 2, 1, "a"), (2, 2, 2, "d"), (1, 3, 1, "x")) == []
    assert bring(house, (1, 2, 2, "C"), sender="+33687654321") == []
    assert bring(house, (2, 2, 1, "c"), (1, 2, 2, "b")) == ["cd", "ab"]


def test_what_is_missing_is_waited_for_a_day_and_its_gap_is_marked(house):
    bring(house, (9, 6, 2, "b"), (9, 6, 3, "c"), (9, 6, 5, "e"))
    early, late = (house.work(now) + timedelta(hours=hours) for hours in (23, 25))

    def overdue(moment):
        def look(request):
            with at(request, moment):
                return [whole.text for whole in Table(request).overdue(10)]

        return house.work(look)

    assert overdue(early) == []
    assert overdue(late) == [f" {GAP} bc {GAP} e {GAP} "]
    assert overdue(late) == []


def test_a_phone_that_counts_anew_begins_another_message(house):
    bring(house, (1, 2, 1, "old"))
    assert bring(house, (1, 2, 1, "new ")) == [f"old {GAP} "]
    assert bring(house, (1, 2, 2, "end")) == ["new end"]


def test_one_sender_has_so_much_waiting_and_the_oldest_comes_early(house):
    for series in range(pieces.EACH):
        assert bring(house, (series, 2, 1, str(series)), later=series) == []
    assert bring(house, (99, 2, 1, "more"), later=99) == [f"0 {GAP} "]
    assert waiting(house) == pieces.EACH


def test_all_senders_together_have_so_much_waiting(house, monkeypatch):
    monkeypatch.setattr(pieces, "MOST", 5)
    for sender in range(5):
        number = f"+3361234567{sender}"
        assert bring(house, (1, 2, 1, str(sender)), sender=number, later=sender) == []
    assert bring(house, (1, 2, 1, "more"), sender="+33612345679") == [f"0 {GAP} "]
    assert waiting(house) == 5


def test_a_message_of_very_many_parts_is_not_kept(house):
    assert bring(house, (1, 255, 1, "a")) == [f"{GAP} a"]
    assert waiting(house) == 0


def test_what_waits_is_sealed(house):
    bring(house, (1, 2, 1, "Le tilleul penche"))

    def stored(request):
        (held,) = exchange_of(request).pieces.values()
        assert isinstance(held, Pieces)
        return [held.sender, *held.texts.values()]

    for sealed in house.work(stored):
        assert b"tilleul" not in sealed.envelope
        assert b"612345678" not in sealed.envelope
