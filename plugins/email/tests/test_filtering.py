"""Filters of members at delivery."""

from dataclasses import replace

import pytest

from communicate_email.filters import BadScript
from communicate_email.interfaces import IAddresses, IMailStore
from communicate_email.sending.queue import Queue
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


def sent(office):
    """Return what waits to leave: to whom, and the message; and forget it."""

    def take(request):
        queue = Queue(request)
        found = [(queue.recipients(part), queue.letter(part.letter).raw) for part in queue.all()]
        for part in queue.all():
            queue.drop(part)
        return found

    return office.do(take)


def from_outside(office, sender, to="ines", **more):
    """Deliver a letter of *sender* from outside; return what became of it."""
    address = f"{to}@{DOMAIN}"
    letter = replace(office.letter("Où ?", From=sender, To=address), sender=sender, **more)
    return [one.value for one in office.deliver(letter, to).values()]


@pytest.fixture
def away(fresh_office):
    """Return a post office that sends to others, in which ines is away."""
    office = fresh_office(**{"email.out": "direct", "email.hostname": "mx.tilleuls.example"})

    def turn(request):
        store = request.find_service(IMailStore)
        store.filters(store.opened(office.uids["ines"])).set_script(AWAY)
        request.find_service(IAddresses).add_alias(office.uids["ines"], "achats")

    office.do(turn)
    return office


def test_an_answer_names_the_address_that_was_written_to_and_no_other(away):
    from_outside(away, "shop@elsewhere.example", "achats")
    ((to, raw),) = sent(away)
    assert to == ["shop@elsewhere.example"]
    assert b"From: achats@tilleuls.example\r\n" in raw
    assert b"ines" not in raw


def test_whose_address_may_be_forged_gets_no_answer(away):
    assert from_outside(away, "luce@elsewhere.example", doubtful=True) == ["stored"]
    assert sent(away) == []
    from_outside(away, "luce@elsewhere.example")
    assert len(sent(away)) == 1


@pytest.mark.parametrize(
    "sender",
    [
        '"a b"@x.example',
        "a@[192.0.2.1]",
        "jörg@bücher.example",
        "a@-",
        '"\\""@x.example',
        "a@b..c",
    ],
)
def test_whoever_writes_an_answer_loses_no_message(away, sender):
    assert from_outside(away, sender) == ["stored"]
    assert all(to == [sender] for to, _raw in sent(away))


def test_a_subject_of_several_lines_is_one_line(away):
    away.do(
        lambda r: (
            r.find_service(IMailStore)
            .filters(r.find_service(IMailStore).opened(away.uids["ines"]))
            .set_script(
                'require "vacation"; vacation :subject "a\u2028Bcc: x@y.example\x0bb" "z";'
            )
        )
    )
    assert from_outside(away, "luce@elsewhere.example") == ["stored"]
    ((_to, raw),) = sent(away)
    assert b"\r\nSubject: a Bcc: x@y.example b\r\n" in raw


def test_a_filter_that_fails_loses_no_message(place, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("a fault")

    place.script("ines", SORT)
    monkeypatch.setattr("communicate_email.filters.run", fail)
    place.deliver(place.letter("ordure"))
    assert held(place) == {"INBOX": 1}
