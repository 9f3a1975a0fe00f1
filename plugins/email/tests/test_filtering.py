"""Filters of members at delivery."""

import pytest

from communicate_email.filters import BadScript
from communicate_email.interfaces import IMailStore
from communicate_email.store.flags import Flags

DOMAIN = "tilleuls.example"
SORT = """
require ["fileinto", "mailbox", "imap4flags", "copy"];
if header :contains "subject" "bois" { fileinto :create :flags "\\\\Seen" "Jardin/Bois"; stop; }
if header :contains "subject" "double" { fileinto :copy "Archive"; }
if header :contains "subject" "nulle part" { fileinto "Rien"; }
if header :contains "subject" "ordure" { discard; }
if header :contains "subject" "marque" { keep :flags ["\\\\Flagged", "mon-label", "é", "a b"]; }
"""
AWAY = """
require "vacation";
vacation :days 3 :subject "Absente" "Je rentre lundi.";
"""


@pytest.fixture
def place(fresh_office):
    """Return a post office in which scripts are set."""
    office = fresh_office()

    def script(login, text):
        def turn(request):
            store = request.find_service(IMailStore)
            store.filters(store.opened(office.uids[login])).set_script(text)

        office.do(turn)

    office.script = script
    return office


def held(office, login="ines"):
    """Return how many messages each folder has that has any, by path."""

    def paths(request, account):
        boxes = request.find_service(IMailStore).boxes(account)
        return {boxes.path(box): box.count for box in account.boxes.values() if box.count}

    return office.look(login, paths)


def test_what_comes_in_is_sorted_marked_doubled_and_destroyed_as_the_member_says(place):
    place.script("ines", SORT)
    for subject in ("du bois", "double", "nulle part", "une ordure", "marque", "rien"):
        assert [one.value for one in place.deliver(place.letter(subject)).values()] == ["stored"]
    assert held(place) == {"Jardin/Bois": 1, "Archive": 1, "INBOX": 4}
    marked = [row.flags for row in place.rows() if row.flags]
    names = place.look("ines", lambda request, account: Flags(request, account).names(marked[0]))
    assert names == ["\\Flagged", "mon-label", "a", "b"]
    assert place.look("ines", lambda _, account: len(account.mails)) == 5


def test_a_script_that_cannot_be_is_refused_and_the_former_one_stays(place):
    place.script("ines", SORT)
    with pytest.raises(BadScript):
        place.script("ines", "fileinto nowhere")
    place.deliver(place.letter("une ordure"))
    assert held(place) == {}
    place.script("ines", "")
    place.deliver(place.letter("une ordure"))
    assert held(place) == {"INBOX": 1}


def test_who_is_away_answers_each_once_and_no_robot(place):
    place.script("ines", AWAY)
    from_paul = place.letter("Où es-tu ?", From=f"paul@{DOMAIN}", Message_ID="<q@x.example>")
    from_paul = type(from_paul)(from_paul.raw, sender=f"paul@{DOMAIN}")
    for _ in range(2):
        place.deliver(from_paul)
    assert held(place, "paul") == {"INBOX": 1}

    def answer(request, account):
        reading = request.find_service(IMailStore).reading(account)
        (one,) = reading.page(account.box("inbox"))
        return reading.raw(one.row.id)

    raw = place.look("paul", answer)
    for line in (
        b"Return-Path: <>",
        b"From: ines@tilleuls.example",
        b"Subject: Absente",
        b"Auto-Submitted: auto-replied (vacation)",
        b"In-Reply-To: <q@x.example>",
        b"Je rentre lundi.",
    ):
        assert line in raw.split(b"\r\n")
    place.script("paul", AWAY)
    for robot in (
        {"List_Id": "<l.x>"},
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
    ):
        letter = place.letter("Annonce", From=f"zoe@{DOMAIN}", **robot)
        place.deliver(type(letter)(letter.raw, sender=f"zoe@{DOMAIN}"), "ines", "paul")
    assert place.look("zoe", lambda _, account: account) is None
    place.pass_time(days=4)
    place.deliver(from_paul)
    assert held(place, "paul")["INBOX"] == 5
