"""Who is offered while an address is typed, how many a message is for, and taking back."""

import pytest

from communicate_email.interfaces import IMailStore
from communicate_email.store.services import Incoming
from communicate_email.views import suggesting

from .conftest import DOMAIN, make_office
from .test_webmail import form_saying, inbox
from .test_webmail_writing import to_write

PEOPLE = (
    '"Bernard, Luce" <luce@elsewhere.example>',
    "Éloïse <eloise@autre.example>",
    "luce@elsewhere.example",
)


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    settings = {"email.undo": "0", "email.send_recipients": "3"}
    made = make_office(tmp_path_factory.mktemp("suggesting"), **settings)
    for login in ("ines", "paul", "zoe"):
        made.deliver(made.letter("Bienvenue"), login)

    def write(request, held):
        sent = held.box("sent")
        for person in PEOPLE:
            raw = f"From: ines@{DOMAIN}\r\nTo: {person}\r\nSubject: Plan\r\n\r\nOui\r\n"
            request.find_service(IMailStore).append(sent, [Incoming(raw.encode(), 0)])

    made.look("ines", write)
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def ines(office):
    return office.house.browser("ines")


def offered(browser, words, login="ines", status=200):
    """Return who is offered for *words*."""
    answer = browser.get(f"/members/{login}/mail/people", {"q": words}, status=status)
    return [one["name"] for one in answer.json["found"]] if status == 200 else None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("luce", ["luce@elsewhere.example"]),
        ("eloi", ["Éloïse <eloise@autre.example>"]),
        ("autre", ["Éloïse <eloise@autre.example>"]),
        ("eloise@au", ["Éloïse <eloise@autre.example>"]),
        ("", []),
        ("!?", []),
        ("personne", []),
    ],
)
def test_people_written_to_are_found_by_the_beginnings_of_words(ines, words, found):
    assert offered(ines, words) == found  # the latest name counts, each address once


def test_who_was_written_to_long_before_others_is_found(office, ines, monkeypatch):
    monkeypatch.setattr(suggesting, "AT_ONCE", 1)
    assert offered(ines, "autre") == ["Éloïse <eloise@autre.example>"]
    monkeypatch.setattr(suggesting, "LOOKED", 1)
    assert len(offered(ines, "luce") + offered(ines, "autre")) == 1


def test_nobody_sees_whom_somebody_else_wrote_to(office, ines):
    paul = office.house.browser("paul")
    assert offered(paul, "luce", "paul") == []
    offered(paul, "luce", "ines", 404)
    offered(office.house.browser("oscar"), "luce", "ines", 404)


def test_who_destroys_the_message_forgets_the_people(office, ines):
    office.look(
        "ines",
        lambda request, held: request.find_service(IMailStore).expunge(held.box("sent"), [2]),
    )
    assert offered(ines, "eloise") == []


def test_a_message_is_for_so_many_and_nothing_is_lost(office, ines):
    form = form_saying(to_write(ines), "Send")
    form["to"], form["body"] = "paul, zoe, moira, oscar", "À tous"
    page = form.submit("send", status=400)
    assert "A message goes to 3 addresses at most" in page
    form = form_saying(page, "Send")
    assert form["to"].value == "paul, zoe, moira, oscar"
    form["to"] = "paul, zoe"
    page = form.submit("send").follow()
    assert "Your message is sent." in page


def test_where_no_seconds_are_set_a_message_leaves_at_once(office, ines):
    form = form_saying(to_write(ines), "Send")
    form["to"], form["subject"], form["body"] = "paul", "Tout de suite", "Oui"
    page = form.submit("send").follow()
    assert not [one for one in page.forms.values() if "Undo" in one.text]
    assert "Tout de suite" in inbox(office.house.browser("paul"))
