"""Who takes part: several people, coming later, leaving, muting, archiving."""

import pytest

from communicate.testing.kit import form_with
from communicate_messages.errors import Refused
from communicate_messages.interfaces import ITaking


def test_a_conversation_of_three_is_listed_with_its_name_and_what_is_new(place):
    number, _ = place.start("ines", "paul", "zoe", body="Qui vient samedi ?", title="La serre")
    place.say(number, "zoe", "Moi.")
    page = place.browser("paul").get("/messages")
    row = page.html.select_one(".panes .rows > li")
    assert row.select_one(".row-title").text == "La serre"
    assert row.select_one(".row-line").text == "zoe: Moi."
    assert row.select_one(".count").text.split()[0] == "2"
    assert place.unread("zoe") == 0  # who writes has read


def test_who_comes_later_reads_only_what_comes_after(place):
    number, first = place.start("ines", "paul", "zoe", body="Un secret ancien.")
    place.befriend("paul", "moira")
    form = form_with(place.browser("paul").get(place.path(number, "about")), "people")
    form["people"] = "moira"
    form.submit("add", status=303)
    later = place.say(number, "paul", "Bienvenue.")

    page = place.read("moira", number)
    assert "Un secret ancien." not in page
    assert "paul has added moira" in page
    assert "Bienvenue." in page
    assert place.status("moira", place.path(number, first)) == 404
    assert place.status("moira", place.path(number, later)) == 303
    assert "Un secret ancien." in place.read("zoe", number)
    about = place.browser("zoe").get(place.path(number, "about"))
    assert "reads what came after joining" in about


def test_a_conversation_of_two_takes_nobody_in(place):
    number, _ = place.start("ines", "paul")
    with pytest.raises(Refused):
        place.serve(ITaking, "add", number, place.uids["ines"], place.uids["zoe"])


def test_who_leaves_reads_nothing_more_and_a_line_says_so(place):
    number, first = place.start("ines", "paul", "zoe", body="Avant le départ.")
    own = place.say(number, "zoe", "Je pars.")
    place.act("zoe", number, "leave")

    assert place.status("zoe", place.path(number)) == 404
    assert place.status("zoe", place.path(number, first)) == 404
    assert place.path(number) not in place.browser("zoe").get("/messages")
    page = place.read("paul", number)
    assert "zoe has left the conversation." in page
    assert "Je pars." in page
    # What she wrote she can still delete, at any time.
    place.click("zoe", place.path(number, own, "delete"))
    assert "Je pars." not in place.read("paul", number)


def test_who_leaves_can_have_the_words_deleted(place):
    number, _ = place.start("ines", "paul", "zoe")
    place.say(number, "zoe", "Des mots à oublier.")
    place.act("zoe", number, "leave", words="yes")
    place.later()
    assert "Des mots à oublier." not in place.read("ines", number)


def test_what_nobody_reads_is_destroyed(place):
    number, message = place.start("ines", "paul", "zoe")
    for login in ("ines", "paul", "zoe"):
        place.act(login, number, "leave")
    place.later()
    gone = place.do(
        lambda _request, held: (number in held.conversations, held.line(message) is None)
    )
    assert gone == (False, True)


def test_what_is_muted_neither_counts_nor_tells(place):
    number, _ = place.start("paul", "ines", "moira")
    place.read("ines", number)
    before = place.unread("ines")
    place.act("ines", number, "mute")
    place.say(number, "paul", "Encore.")
    assert place.unread("ines") == before
    notices = place.browser("ines").get("/notices")
    assert place.path(number) not in notices or "Encore" not in notices
    place.act("ines", number, "unmute")
    assert place.unread("ines") == before + 1


def test_what_is_archived_comes_back_with_a_message_unless_muted(place):
    number, _ = place.start("paul", "zoe", "ines", title="Potager")
    place.act("zoe", number, "archive")
    assert "Potager" not in place.browser("zoe").get("/messages")
    assert "Potager" in place.browser("zoe").get("/messages/archived")
    place.say(number, "paul", "Les ails sont sortis.")
    assert "Potager" in place.browser("zoe").get("/messages")

    place.act("zoe", number, "mute")
    place.act("zoe", number, "archive")
    place.say(number, "paul", "Et les fèves.")
    assert "Potager" not in place.browser("zoe").get("/messages")


def test_the_name_can_be_changed_by_who_takes_part(place):
    number, _ = place.start("ines", "paul", "zoe", title="Ancien")
    form = form_with(place.browser("zoe").get(place.path(number, "about")), "title")
    form["title"] = "Nouveau"
    form.submit("name", status=303)
    page = place.read("paul", number)
    assert page.html.h1.text == "Nouveau"
    assert "zoe has given the conversation another name." in page


def test_a_login_of_nobody_is_said_beside_the_field(place):
    form = form_with(place.browser("ines").get("/messages/new"), "people")
    form["people"], form["body"] = "paul, personne-de-tel", "Bonjour."
    page = form.submit("send", status=400)
    assert "Nobody has the login personne-de-tel." in page
    assert form_with(page, "people")["body"].value == "Bonjour."


def test_nobody_writes_to_themself(place):
    form = form_with(place.browser("ines").get("/messages/new"), "people")
    form["people"], form["body"] = "ines", "Bonjour."
    assert "You cannot write to yourself." in form.submit("send", status=400)


@pytest.mark.parametrize(
    ("address", "values"),
    [("act", {"act": "explode"}), ("keep", {"life": "7"}), ("name", {"title": "x" * 200})],
)
def test_bad_input_is_a_clear_no(place, address, values):
    number, _ = place.start("ines", "paul", "zoe")
    place.click("ines", place.path(number, address), status=400, **values)


@pytest.mark.parametrize("query", ["?after=nothing", "?before=1", "?after=0000000000001&after=0"])
def test_a_damaged_address_is_a_clear_no(place, query):
    number, _ = place.start("ines", "paul")
    assert place.status("ines", place.path(number) + query) == 400
    assert place.status("ines", "/messages" + query) == 400
