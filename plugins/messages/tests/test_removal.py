"""Deleting one's own messages: for everybody, at once, with ten seconds to think better."""

from communicate.ids import encode
from communicate_messages.interfaces import IMessages
from communicate_messages.telling import DELETED


def words(place, number):
    """Return the words of the message, or None."""
    return place.do(lambda request, held: request.find_service(IMessages).body(held.line(number)))


def test_it_is_gone_for_everybody_at_once_and_for_good_in_ten_seconds(place):
    number, message = place.start("ines", "paul", "zoe", body="Une erreur.")
    assert place.unread("paul") >= 1
    before = place.unread("paul")
    place.click("ines", place.path(number, message, "delete"))
    for login in ("ines", "paul", "zoe"):
        page = place.read(login, number)
        assert "Une erreur." not in page
        assert "Message deleted" in page
    assert place.unread("paul") == before - 1
    assert words(place, message) == "Une erreur."
    place.later(seconds=11)
    assert words(place, message) is None
    assert place.do(lambda _request, held: held.line(message).owner) is None


def test_open_pages_of_those_who_read_it_are_told_its_id(place, monkeypatch):
    number, message = place.start("ines", "paul", body="Une erreur.")
    hub, told = place.house.registry.communicate_live, []
    monkeypatch.setattr(type(hub), "listens", True)
    monkeypatch.setattr(hub, "post", lambda uids, *what: told.append((set(uids), *what)))
    place.click("ines", place.path(number, message, "delete"))
    people = {place.uids["ines"], place.uids["paul"]}
    assert [one for one in told if one[1] == DELETED] == [(people, DELETED, message)]


def test_it_can_be_taken_back_for_ten_seconds(place):
    number, message = place.start("ines", "paul", body="Finalement si.")
    answer = place.click("ines", place.path(number, message, "delete"))
    assert "Undo" in answer.follow()
    place.click("ines", place.path(number, message, "undo"))
    place.later(seconds=11)
    assert "Finalement si." in place.read("paul", number)
    assert words(place, message) == "Finalement si."


def test_only_the_author_deletes(place):
    number, message = place.start("ines", "paul")
    for login in ("paul", "zoe", "moira", "oscar"):
        place.click(login, place.path(number, message, "delete"), status=404)


def test_a_quote_of_what_is_deleted_shows_nothing_of_it(place):
    number, message = place.start("ines", "paul", body="Mot cité.")
    place.say(number, "paul", f"[quote:{encode(message)}]\n\nD’accord.")
    page = place.read("ines", number)
    assert "Mot cité." in page.html.select_one("blockquote.quoted").text
    place.click("ines", place.path(number, message, "delete"))
    page = place.read("paul", number)
    assert "Mot cité." not in page
    assert "Message deleted" in page.html.select_one("blockquote.quoted").text


def test_words_of_another_conversation_are_never_quoted(place):
    _, secret = place.start("ines", "zoe", body="Rien pour Paul.")
    number, _ = place.start("ines", "paul")
    place.say(number, "paul", f"[quote:{encode(secret)}]\n\nQuoi ?")
    talk = place.read("ines", number).html.select_one(".talk")
    assert "Quoi ?" in talk.text
    assert "Rien pour Paul." not in talk.text
