"""Ways around what messages promise: names as messages, time that is up, asking again."""

import pytest

from communicate.audience import MEMBERS
from communicate.ids import encode
from communicate.interfaces import IContacts
from communicate.testing.archives import exported
from communicate.testing.kit import form_with
from communicate_messages.errors import Refused
from communicate_messages.interfaces import ILife, IMessages, ITaking
from communicate_messages.life import DAY

HOUR = 3600


def name(place, login, conversation, title, status=303):
    """Give the conversation a name by its page."""
    return place.click(login, place.path(conversation, "name"), status=status, title=title)


@pytest.fixture(scope="module", autouse=True)
def open_doors(place):
    """Let strangers write to ines, paul and zoe."""
    for login in ("ines", "paul", "zoe"):
        uid = place.uids[login]
        place.do(lambda _r, held, uid=uid: setattr(held.box(uid), "open_to", MEMBERS))


class TestARequest:
    def test_its_name_is_no_second_message(self, place):
        number, _first = place.start("hugo", "ines", "paul", body="Bonjour.")
        with pytest.raises(Refused):
            place.serve(ITaking, "rename", number, place.uids["hugo"], "canari suivant")
        name(place, "hugo", number, "canari suivant", status=404)
        assert "canari" not in place.browser("ines").get("/messages/requests").text
        place.act("ines", number, "accept")
        name(place, "hugo", number, "Le jardin")
        assert "Le jardin" in place.browser("ines").get("/messages").text

    def test_it_is_not_sent_again_by_leaving(self, place):
        number, _first = place.start("hugo", "zoe", body="Un premier mot.")
        place.act("hugo", number, "leave")
        with pytest.raises(Refused):
            place.start("hugo", "zoe", body="Un second mot.")
        assert place.do(lambda _r, held: int(held.box(place.uids["zoe"]).waiting())) == 1

    def test_one_that_is_left_and_declined_is_destroyed(self, place):
        number, first = place.start("hugo", "paul", body="Un mot de trop.")
        place.act("hugo", number, "leave")
        place.act("paul", number, "decline")
        place.later(seconds=1)
        assert place.do(lambda _r, held: held.line(first)) is None
        assert place.do(lambda _r, held: held.conversations.get(number)) is None
        place.start("hugo", "paul", body="Un autre jour.")


class TestABlock:
    def test_it_keeps_names_away_too(self, place):
        number, _first = place.start("ines", "paul", "zoe")
        place.serve(ITaking, "rename", number, place.uids["zoe"], "canari de zoe")
        assert "canari" in place.read("ines", number).text
        place.do(
            lambda request, _h: request.find_service(IContacts).block(
                place.uids["ines"], place.uids["zoe"]
            )
        )
        try:
            for address in ("/messages", place.path(number), place.path(number, "about")):
                assert "canari" not in place.browser("ines").get(address).text
            assert "canari" in place.read("paul", number).text
        finally:
            place.do(
                lambda request, _h: request.find_service(IContacts).unblock(
                    place.uids["ines"], place.uids["zoe"]
                )
            )
            place.befriend("ines", "zoe")

    def test_it_keeps_quotes_away_too(self, place):
        number, _first = place.start("ines", "paul", "zoe")
        said = place.say(number, "zoe", "Un canari cité.")
        place.say(number, "paul", f"[quote:{encode(said)}]\n\nOui.")
        block = (place.uids["ines"], place.uids["zoe"])
        place.do(lambda request, _h: request.find_service(IContacts).block(*block))
        try:
            assert "canari" not in place.read("ines", number).text
            assert "canari" in place.read("paul", number).text
        finally:
            place.do(lambda request, _h: request.find_service(IContacts).unblock(*block))
            place.befriend("ines", "zoe")


class TestTimeThatIsUp:
    def test_a_longer_life_brings_nothing_back(self, place):
        number, first = place.start("ines", "paul", body="Un mot périmé.")
        place.do(lambda _r, held: setattr(held.conversations[number], "life", DAY))
        place.pass_time(hours=25)  # no job has run yet
        place.serve(ILife, "propose", number, place.uids["ines"], 0)
        place.serve(ILife, "agree", number, place.uids["paul"])
        assert place.do(lambda _r, held: held.conversations[number].life) == 0
        assert "périmé" not in place.read("paul", number).text
        assert place.status("paul", place.path(number, first)) == 404
        place.later(seconds=1)
        assert place.do(lambda _r, held: held.line(first)) is None

    def test_an_archive_holds_nothing_of_it(self, place):
        number, _first = place.start("ines", "paul", body="Un canari échu.")
        place.do(lambda _r, held: setattr(held.conversations[number], "life", DAY))
        place.pass_time(hours=25)
        rows = exported(place.house, "ines").records("messages", "message")
        assert not [row for row in rows if "échu" in row["text"]]


class TestLeaving:
    def test_with_ones_words_goes_the_name_that_one_gave(self, place):
        number, _first = place.start("ines", "paul", "zoe")
        place.serve(ITaking, "rename", number, place.uids["zoe"], "canari")
        place.serve(ITaking, "leave", number, place.uids["zoe"], True)
        words = place.do(
            lambda request, held: request.find_service(IMessages).title(held.conversations[number])
        )
        assert words is None


class TestFlooding:
    def test_names_and_proposals_are_counted_like_messages(self, fresh_place):
        place = fresh_place(**{"messages.sending": "3/hour"})
        number, _first = place.start("ines", "paul", "zoe")
        for turn in range(3):
            name(place, "ines", number, f"Nom {turn}")
        name(place, "ines", number, "Nom de trop", status=429)
        address = place.path(number, "keep")
        place.click("ines", address, status=429, life=str(DAY))
        assert form_with(place.browser("ines").get(place.path(number, "about")), "title")


def test_strangers_do_not_learn_which_conversations_there_are(place):
    number, _first = place.start("ines", "paul")
    missing = place.path(number + 1)
    for more in ("", "/about", "/report"):
        there = place.status(None, place.path(number) + more)
        assert there == place.status(None, missing + more) == 403
        assert place.status("hugo", missing + more) == 404
