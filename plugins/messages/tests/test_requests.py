"""Strangers: who may write, requests apart, what holds until they are accepted."""

import pytest

from communicate.audience import CONTACTS, MEMBERS, PRIVATE
from communicate.ids import encode
from communicate.interfaces import IContacts, IErasure, INotifications
from communicate.testing.kit import form_with
from communicate_messages.errors import Refused
from communicate_messages.interfaces import ITaking


@pytest.fixture(autouse=True)
def open_house(place):
    """Let everybody write to zoe, and to nobody else but contacts."""
    place.do(lambda _request, held: setattr(held.box(place.uids["zoe"]), "open_to", MEMBERS))


def test_strangers_cannot_write_unless_they_are_let(place):
    with pytest.raises(Refused, match="does not take messages"):
        place.start("hugo", "paul")


def test_nobody_means_nobody(place):
    place.do(lambda _request, held: setattr(held.box(place.uids["paul"]), "open_to", PRIVATE))
    try:
        with pytest.raises(Refused):
            place.start("ines", "paul", "zoe")
    finally:
        place.do(lambda _request, held: setattr(held.box(place.uids["paul"]), "open_to", CONTACTS))


def test_a_request_waits_apart_and_holds_one_message(place):
    before = place.unread("zoe")
    number, _ = place.start("hugo", "zoe", body="Bonjour, voisine.")
    assert place.unread("zoe") == before
    listed = place.browser("zoe").get("/messages")
    assert "Requests of people you do not know" in listed
    assert place.path(number) not in listed
    assert place.path(number) in place.browser("zoe").get("/messages/requests")
    with pytest.raises(Refused, match="once your request is accepted"):
        place.say(number, "hugo", "Encore moi.")
    page = place.read("zoe", number)
    assert "Bonjour, voisine." in page
    assert "say" not in page.forms  # no form to write until it is accepted

    place.act("zoe", number, "accept")
    assert place.path(number) in place.browser("zoe").get("/messages")
    place.say(number, "hugo", "Merci.")
    place.say(number, "zoe", "Bonjour.")
    assert place.unread("zoe") == before  # she has just written


def test_among_several_a_request_shows_one_message_whatever_others_go_on_to_write(place):
    place.do(lambda _request, held: setattr(held.box(place.uids["ines"]), "open_to", MEMBERS))
    number, first = place.start(
        "hugo", "zoe", "ines", body="Bonjour à vous deux.", title="Échelle"
    )
    place.act("ines", number, "accept")
    later = [place.say(number, who, f"Suite de {who}.") for who in ("hugo", "ines", "hugo")]
    before = place.unread("zoe")
    for address in (place.path(number), place.path(number, "since"), "/messages/requests"):
        page = place.browser("zoe").get(address)
        assert "Bonjour à vous deux." in page
        assert "Suite de" not in page
    assert "Échelle" not in place.browser("zoe").get("/messages/requests")
    assert place.browser("zoe").get(place.path(number, "latest")).location.endswith(encode(first))
    assert {place.status("zoe", place.path(number, one)) for one in later} == {404}
    told = place.do(lambda r, _held: r.find_service(INotifications).unread(place.uids["zoe"]))
    place.say(number, "hugo", "Encore.")
    assert told == place.do(
        lambda r, _held: r.find_service(INotifications).unread(place.uids["zoe"])
    )

    place.act("zoe", number, "accept")
    assert place.unread("zoe") == before + 5
    page = place.read("zoe", number)
    assert "Suite de ines." in page
    assert "Encore." in page
    assert "Échelle" in page
    assert place.unread("zoe") == before
    place.say(number, "hugo", "Merci.")
    assert place.unread("zoe") == before + 1


def test_who_is_declined_is_not_told(place):
    place.house.member("jean")
    place.uids["jean"] = place.do(lambda request, _held: request.site["members"]["jean"].uid)
    number, _ = place.start("jean", "zoe", body="Bonjour.")
    waiting = place.read("jean", number)
    place.act("zoe", number, "decline")
    assert place.status("zoe", place.path(number)) == 404
    after = place.read("jean", number)
    for said in ("You can write again once your request is accepted.", "zoe"):
        assert said in waiting
        assert said in after
    with pytest.raises(Refused):
        place.start("jean", "zoe", body="Et une autre.")
    # She may think better of it: the same conversation goes on.
    place.do(lambda _request, held: setattr(held.box(place.uids["jean"]), "open_to", MEMBERS))
    again, _ = place.start("zoe", "jean", body="Bonjour, finalement.")
    assert again == number
    assert "Bonjour, finalement." in place.read("jean", number)
    place.say(number, "jean", "Ah.")


def test_who_leaves_what_was_declined_cannot_ask_again_nor_find_out(fresh_place):
    place = fresh_place()
    uids = place.uids
    place.do(lambda _request, held: setattr(held.box(uids["zoe"]), "open_to", MEMBERS))

    def pairs(login):
        return place.do(lambda _request, held: dict(held.box(uids[login]).pairs))

    for declined in (False, True):
        stranger = "oscar" if declined else "hugo"
        number, _ = place.start(stranger, "zoe", body="Bonjour.")
        if declined:
            place.serve(ITaking, "decline", number, uids["zoe"])
        place.serve(ITaking, "leave", number, uids[stranger])
        place.later(seconds=1)
        with pytest.raises(Refused, match="once your request is accepted"):
            place.start(stranger, "zoe", body="Encore.")
    # She may write all the same, and so may he once they know each other.
    place.do(lambda _request, held: setattr(held.box(uids["oscar"]), "open_to", MEMBERS))
    again, _ = place.start("zoe", "oscar", body="Finalement.")
    assert pairs("oscar") == {uids["zoe"]: again}

    place.do(lambda request, _held: request.find_service(IErasure).start(uids["zoe"]) and None)
    place.house.run_jobs()
    assert pairs("oscar") == {}


def test_a_block_closes_a_conversation_of_two(place):
    number, _ = place.start("ines", "paul", body="Avant.")
    place.house.work(
        lambda request: request.find_service(IContacts).block(
            place.uids["ines"], place.uids["paul"]
        )
    )
    try:
        for login in ("ines", "paul"):
            with pytest.raises(Refused, match="cannot write to each other"):
                place.say(number, login, "Après.")
            page = place.read(login, number)
            assert "You cannot write to each other." in page
        assert "Avant." not in place.read("paul", number)  # the blocked read nothing of hers
        with pytest.raises(Refused):
            place.start("paul", "ines", "zoe", body="À trois.")
    finally:
        place.house.work(
            lambda request: request.find_service(IContacts).unblock(
                place.uids["ines"], place.uids["paul"]
            )
        )
        place.befriend("ines", "paul")


def test_the_blocked_do_not_read_each_other_among_several(place):
    number, _ = place.start("zoe", "ines", "paul", body="À tous les deux.")
    place.say(number, "paul", "Parole de Paul.")
    place.house.work(
        lambda request: request.find_service(IContacts).block(
            place.uids["ines"], place.uids["paul"]
        )
    )
    try:
        own = place.say(number, "ines", "Parole d’Inès.")
        assert "Parole d’Inès." not in place.read("paul", number)
        assert place.status("paul", place.path(number, own)) == 404
        page = place.read("ines", number)
        assert "Parole de Paul." not in page
        assert "A message that is not shown between you two" in page
        assert "Parole de Paul." in place.read("zoe", number)
    finally:
        place.house.work(
            lambda request: request.find_service(IContacts).unblock(
                place.uids["ines"], place.uids["paul"]
            )
        )
        place.befriend("ines", "paul")


def test_strangers_are_limited_by_the_day(fresh_place):
    quiet = fresh_place(**{"messages.strangers": "1/day"})
    for login in ("ines", "paul"):
        quiet.do(
            lambda _r, held, who=login: setattr(held.box(quiet.uids[who]), "open_to", MEMBERS)
        )
        form = form_with(quiet.browser("hugo").get(f"/messages/new?to={login}"), "people")
        form["body"] = "Bonjour."
        form.submit("send", status=303 if login == "ines" else 429)


def test_the_settings_say_who_may_write(place):
    form = form_with(place.browser("moira").get("/account/messages"), "who")
    assert form["who"].value == "contacts"
    form["who"], form["people"] = "chosen", "hugo"
    form.submit("save", status=303)
    number, _ = place.start("hugo", "moira", body="Vous m’avez nommé.")
    assert place.path(number) in place.browser("moira").get("/messages")  # no request
    form = form_with(place.browser("moira").get("/account/messages"), "who")
    assert form["people"].value == "hugo"
    form["people"] = ""
    assert "Name at least one person." in form.submit("save", status=400)


def test_a_space_offers_to_write_to_its_owner_where_one_may(place):
    link = "/messages/new?to=paul"
    assert link in place.browser("ines").get("/members/paul")
    assert link not in place.browser("oscar").get("/members/paul")  # no contact of his
    assert "/messages/new?to=zoe" in place.browser("oscar").get("/members/zoe")
    assert "/messages/new" not in place.browser("ines").get("/members/ines")


def test_who_has_not_accepted_shapes_nothing(place):
    number, _ = place.start("oscar", "zoe", body="Bonjour.")
    about = place.browser("zoe").get(place.path(number, "about"))
    assert "keeping" not in about.forms
    place.click("zoe", place.path(number, "keep"), life="86400", status=404)
    place.act("zoe", number, "accept")
    assert "keeping" in place.browser("zoe").get(place.path(number, "about")).forms
    place.click("zoe", place.path(number, "keep"), life="86400")


def test_blocked_is_who_has_asked_not_who_began(place):
    """Among several, a stranger is let in by somebody who takes part."""
    for one, other in (("oscar", "ines"), ("moira", "oscar")):
        place.befriend(one, other)
    number, _ = place.start("ines", "oscar", "paul")
    place.do(lambda _request, held: setattr(held.box(place.uids["hugo"]), "open_to", MEMBERS))
    place.serve(ITaking, "add", number, place.uids["oscar"], place.uids["hugo"])
    place.act("hugo", number, "block")

    def blocked(request, _held):
        contacts = request.find_service(IContacts)
        return [
            login
            for login in ("ines", "oscar")
            if contacts.has_blocked(place.uids["hugo"], place.uids[login])
        ]

    assert place.do(blocked) == ["oscar"]
