"""Letters that are kept together where keeping fails: each is kept once, or its sender told so."""

import errno
from collections import Counter

import pytest
from ZODB.Connection import Connection
from ZODB.POSException import ConflictError, POSKeyError

from communicate_email.interfaces import IMailStore
from communicate_email.letters import Outcome
from communicate_email.receiving.storing import Keep, Storing
from communicate_email.store import rows

from .conftest import DOMAIN

PEOPLE = ("ines", "paul", "zoe")


@pytest.fixture
def storing(office):
    """Return what keeps letters; everybody has an account, and nothing in it."""

    def empty(request):
        store = request.find_service(IMailStore)
        for login in PEOPLE:
            inbox = store.opened(office.uids[login]).box("inbox")
            store.expunge(inbox, [row.uid for row in rows.every(inbox)])

    office.do(empty)
    return Storing(office.house.registry)


def batch(office, count=6):
    """Return letters, each for two people."""
    pairs = [("ines", "paul"), ("paul", "zoe"), ("zoe", "ines")]
    return [
        Keep(
            office.letter(f"n{number}", Message_ID=f"<{number}@x.example>"),
            tuple(f"{login}@{DOMAIN}" for login in pairs[number % 3]),
            whole=True,
        )
        for number in range(count)
    ]


def kept(office):
    """Return how many messages each has."""
    return {login: len(office.rows(login)) for login in PEOPLE}


def stored(outcomes):
    return [each is not None and set(each.values()) == {Outcome.STORED} for each in outcomes]


@pytest.fixture
def failing(monkeypatch):
    """Return what makes transactions fail as errors say, one after the other; and its votes."""
    vote, left, votes = Connection.tpc_vote, [], []

    def failing_vote(connection, transaction):
        votes.append(transaction)
        if left:
            raise left.pop(0)
        return vote(connection, transaction)

    def fail(*errors):
        left[:] = errors
        return votes

    monkeypatch.setattr(Connection, "tpc_vote", failing_vote)
    return fail


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    "errors", [[ConflictError()] * 4, [FULL], [ConflictError(), FULL, ConflictError()]]
)
def test_what_fails_for_a_while_is_kept_once(office, storing, failing, errors):
    votes = failing(*errors)
    assert stored(storing.keep(batch(office))) == [True] * 6
    assert kept(office) == dict.fromkeys(PEOPLE, 4)
    assert len(votes) > len(errors)


def test_a_full_disk_promises_nothing_and_later_goes_on(office, storing, failing):
    failing(*[FULL] * 50)
    assert storing.keep(batch(office)) == [None] * 6
    assert kept(office) == dict.fromkeys(PEOPLE, 0)
    failing()
    assert stored(storing.keep(batch(office))) == [True] * 6
    assert kept(office) == dict.fromkeys(PEOPLE, 4)


def test_a_mailbox_that_cannot_be_read_takes_no_letter_of_others_along(
    office, storing, monkeypatch
):
    from communicate_email.store import delivery

    opened = delivery.opened_account

    def broken(request, uid):
        if uid == office.uids["zoe"]:
            raise POSKeyError(b"\0" * 8)
        return opened(request, uid)

    monkeypatch.setattr(delivery, "opened_account", broken)
    found = storing.keep(batch(office))
    assert [each is None for each in found] == [False, True, True] * 2
    assert Counter(kept(office)) == Counter(ines=2, paul=2, zoe=0)


def test_what_is_done_with_a_letter_is_done_once_though_it_is_tried_again(
    office, storing, failing
):
    failing(ConflictError(), ConflictError())
    told = []
    letters = [
        Keep(each.letter, each.recipients, each.whole, also=(told.append,))
        for each in batch(office, 1)
    ]
    assert stored(storing.keep(letters)) == [True]
    assert len(told) == 3  # in each transaction, of which one counts
    assert kept(office) == {"ines": 1, "paul": 1, "zoe": 0}
