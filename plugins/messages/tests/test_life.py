"""How long messages are kept: proposed by one, agreed by all, gone at the moment."""

import pytest

from communicate.testing.kit import form_with
from communicate_messages.errors import Refused
from communicate_messages.interfaces import ILife, ITaking

DAY = 86_400


def propose(place, login, number, life):
    """Propose a life on the page."""
    form = form_with(place.browser(login).get(place.path(number, "about")), "life")
    form["life"] = str(life)
    form.submit("propose", status=303)


def life_of(place, number):
    """Return the life that holds, and what is proposed."""
    return place.do(
        lambda _request, held: (held.conversations[number].life, held.conversations[number].wish)
    )


def test_it_holds_once_everybody_has_agreed(place):
    number, _ = place.start("ines", "paul", "zoe")
    propose(place, "ines", number, DAY)
    assert life_of(place, number) == (0, DAY)
    assert "ines proposes to keep messages for" in place.read("paul", number)
    place.act("paul", number, "agree")
    assert life_of(place, number) == (0, DAY)
    place.act("zoe", number, "agree")
    assert life_of(place, number) == (DAY, None)
    page = place.read("zoe", number)
    assert "Messages are kept for: one day" in page
    assert "All have agreed" in page


def test_one_no_is_enough(place):
    number, _ = place.start("ines", "paul")
    propose(place, "ines", number, DAY)
    place.act("paul", number, "refuse")
    assert life_of(place, number) == (0, None)


def test_what_is_over_is_hidden_at_the_moment_and_destroyed(place):
    number, old = place.start("ines", "paul", body="Éphémère.")
    place.serve(ILife, "propose", number, place.uids["ines"], DAY)
    place.serve(ILife, "agree", number, place.uids["paul"])
    place.pass_time(hours=23, minutes=59)
    assert "Éphémère." in place.read("paul", number)
    place.pass_time(minutes=1, seconds=1)
    assert "Éphémère." not in place.read("paul", number)  # before any job has run
    assert place.status("paul", place.path(number, old)) == 404
    assert "Éphémère." not in place.browser("ines").get("/messages")
    place.later()
    assert place.do(lambda _request, held: held.line(old)) is None
    # Lines that say what happened have the same life.
    assert place.do(lambda _request, held: len(held.conversations[number].lines)) == 0


def test_each_message_goes_when_its_own_time_is_up(place):
    number, first = place.start("ines", "paul", body="Premier.")
    place.serve(ILife, "propose", number, place.uids["ines"], DAY)
    place.serve(ILife, "agree", number, place.uids["paul"])
    place.pass_time(hours=12)
    second = place.say(number, "paul", "Deuxième.")
    place.later(hours=13)
    left = place.do(lambda _request, held: set(held.conversations[number].lines))
    assert second in left
    assert first not in left
    place.later(hours=12)
    assert place.do(lambda _request, held: len(held.conversations[number].lines)) == 0


def test_longer_is_agreed_like_shorter(place):
    number, _ = place.start("ines", "paul", body="Gardé plus longtemps.")
    place.serve(ILife, "propose", number, place.uids["ines"], DAY)
    place.serve(ILife, "agree", number, place.uids["paul"])
    place.serve(ILife, "propose", number, place.uids["paul"], 7 * DAY)
    place.serve(ILife, "agree", number, place.uids["ines"])
    place.later(hours=25)
    assert "Gardé plus longtemps." in place.read("ines", number)
    place.later(days=7)
    assert "Gardé plus longtemps." not in place.read("ines", number)


def test_who_leaves_does_not_stand_in_the_way(place):
    number, _ = place.start("ines", "paul", "zoe")
    place.serve(ILife, "propose", number, place.uids["ines"], DAY)
    place.serve(ILife, "agree", number, place.uids["paul"])
    place.serve(ITaking, "leave", number, place.uids["zoe"])
    assert life_of(place, number) == (DAY, None)


def test_there_are_five_lives(place):
    number, _ = place.start("ines", "paul")
    with pytest.raises(Refused):
        place.serve(ILife, "propose", number, place.uids["ines"], 42)


def test_unread_messages_that_are_over_do_not_count(place):
    number, _ = place.start("ines", "zoe", body="Jamais lu.")
    before = place.unread("zoe")
    place.serve(ILife, "propose", number, place.uids["ines"], DAY)
    place.serve(ILife, "agree", number, place.uids["zoe"])
    place.later(hours=25)
    assert place.unread("zoe") == before - 1
