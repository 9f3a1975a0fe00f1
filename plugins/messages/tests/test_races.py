"""Two who act at the same moment: one of them starts again, and sees what the other one did."""

import pytest

from communicate.audience import MEMBERS
from communicate_messages.interfaces import ILife, IMessages, ITaking

DAY = 86_400


@pytest.fixture
def race(place):
    """Return what has two acts on a conversation begin at the same moment."""

    def run(number, first, second):
        turns = []

        def act(request, held, what):
            service, name, *more = what
            getattr(request.find_service(service), name)(held.conversations[number], *more)

        def begin(request, held):
            act(request, held, first)
            turns.append(True)
            if len(turns) == 1:
                place.do(lambda inner, same: act(inner, same, second))

        place.do(begin)
        return len(turns)

    return run


def test_the_last_two_agree(place, race):
    number, _ = place.start("ines", "paul", "zoe")
    place.serve(ILife, "propose", number, place.uids["ines"], DAY)
    agreed = [(ILife, "agree", place.uids[login]) for login in ("paul", "zoe")]
    assert race(number, *agreed) == 2
    assert place.do(lambda _request, held: held.conversations[number].life) == DAY


def test_the_last_two_leave(place, race):
    number, message = place.start("ines", "paul")
    left = [(ITaking, "leave", place.uids[login]) for login in ("ines", "paul")]
    assert race(number, *left) == 2
    place.later()
    assert place.do(lambda _request, held: number in held.conversations) is False
    assert place.do(lambda _request, held: held.line(message)) is None


def test_one_leaves_whose_request_is_declined(place, race):
    uids = place.uids
    place.do(lambda _request, held: setattr(held.box(uids["zoe"]), "open_to", MEMBERS))
    number, _ = place.start("oscar", "zoe", body="Bonjour.")
    acts = [(ITaking, "leave", uids["oscar"]), (ITaking, "decline", uids["zoe"])]
    assert race(number, *acts) == 2
    place.later()
    assert place.do(lambda _request, held: number in held.conversations) is False


def test_somebody_writes_while_somebody_accepts(place, race):
    uids = place.uids
    place.do(lambda _request, held: setattr(held.box(uids["zoe"]), "open_to", MEMBERS))
    place.befriend("ines", "hugo")
    number, _ = place.start("hugo", "ines", "zoe", body="Bonjour.")
    before = place.unread("zoe")
    accepts = (ITaking, "accept", uids["zoe"])
    assert race(number, accepts, (IMessages, "say", uids["ines"], "Bienvenue.")) == 2
    assert place.unread("zoe") == before + 2


def test_somebody_writes_while_somebody_is_added(place, race):
    place.befriend("ines", "moira")
    number, _ = place.start("ines", "paul", "moira")
    before = place.unread("zoe")
    wrote = (IMessages, "say", place.uids["paul"], "Bienvenue.")
    added = (ITaking, "add", place.uids["ines"], place.uids["zoe"])
    assert race(number, wrote, added) == 2
    assert "Bienvenue." in place.read("zoe", number)
    assert place.unread("zoe") == before
