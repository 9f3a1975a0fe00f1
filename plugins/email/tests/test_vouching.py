"""Who a message is really from, in words: only what this site found out itself counts."""

from dataclasses import replace

import pytest

from communicate_email import mime
from communicate_email.interfaces import IMailStore, ISending
from communicate_email.letters import OUTSIDE, SITE, Letter
from communicate_email.receiving.results import Checked, Signed, looked
from communicate_email.store.services import Incoming
from communicate_email.views.vouching import of_stranger

from .conftest import DOMAIN, make_office
from .test_webmail import inbox, opened

RECEIVED = b"Received: from mx ([192.0.2.9])\r\n\tby localhost with ESMTPS id 1;\r\n\tMon\r\n"
FORGED = (
    b"Authentication-Results: localhost;\r\n\tspf=pass smtp.mailfrom=elsewhere.example;\r\n"
    b"\tdkim=pass header.d=elsewhere.example;\r\n"
    b"\tdmarc=pass (p=reject) header.from=elsewhere.example\r\n"
)
HEAD = b"From: Luce <luce@elsewhere.example>\r\nSubject: x\r\n\r\nMot\r\n"
GOOD = Checked(
    "pass", "elsewhere.example", signatures=(Signed("elsewhere.example", "s", "pass"),),
    dmarc="pass", domain="elsewhere.example", policy="reject",
)  # fmt: skip
EVIL = Signed("evil.example", "s", "pass")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    made = make_office(tmp_path_factory.mktemp("vouching"))
    yield made
    made.house.close()


@pytest.fixture(scope="module")
def ines(office):
    return office.house.browser("ines")


def brought(office, subject, *lines, raw=None):
    """Deliver a letter as our servers do, with what they found out on top."""
    letter = office.letter(subject)
    own = replace(letter, raw=raw or letter.raw, headers=(*lines, RECEIVED), way=OUTSIDE)
    office.deliver(own)


def said(ines, subject):
    """Return the line that the page of a message says of its sender, and its details."""
    found = opened(inbox(ines), subject).html.select_one(".mail-vouched")
    line = found.select_one("summary") or found
    return " ".join(line.text.split()), " ".join(each.text for each in found.select("dd"))


def test_what_the_domain_vouches_for_is_verified(office, ines):
    brought(office, "Sûr", GOOD.header("localhost"), b"X-Communicate-Viruses: none found\r\n")
    line, details = said(ines, "Sûr")
    assert line == "Sent by elsewhere.example: verified"
    for words in (
        "may send for elsewhere.example",
        "Signed by elsewhere.example, and unchanged since.",
        "elsewhere.example vouches for the message.",
        "It found no virus.",
    ):
        assert words in details


def test_what_nobody_vouches_for_asks_to_be_careful(office, ines):
    bad = replace(GOOD, spf="fail", signatures=(), dmarc="fail")
    brought(office, "Faux", bad.header("localhost"), b"X-Communicate-Spam: yes, score=9.0\r\n")
    line, details = said(ines, "Faux")
    assert line == (
        "We could not verify that this message is really from elsewhere.example: be careful."
    )
    for words in ("may not send", "not signed", "wants it refused", "takes this for junk"):
        assert words in details


@pytest.mark.parametrize("lines", [(), (b"X-Communicate-Unchecked: senders\r\n",)])
def test_what_was_not_checked_is_said_to_be(office, ines, lines):
    subject = f"Non vu {len(lines)}"
    brought(office, subject, *lines)
    assert said(ines, subject)[0] == "Who sent this message was not checked when it came in."


def test_scanners_that_were_silent_are_told(office, ines):
    marks = [b"X-Communicate-Unchecked: junk\r\n", b"X-Communicate-Unchecked: viruses\r\n"]
    brought(office, "Muets", GOOD.header("localhost"), *marks)
    assert said(ines, "Muets")[1].count("It did not answer: this message was not checked.") == 2


def test_a_line_that_a_sender_made_up_counts_for_nothing(office, ines):
    brought(office, "Forgé", raw=FORGED + office.letter("Forgé").raw)
    assert "was not checked" in said(ines, "Forgé")[0]


def test_nor_does_one_in_a_message_that_was_brought_along(office, ines):
    raw = GOOD.header("localhost") + RECEIVED + office.letter("Apporté").raw

    def bring(request, account):
        request.find_service(IMailStore).append(account.box("inbox"), [Incoming(raw)])

    office.look("ines", bring)
    line, details = said(ines, "Apporté")
    assert line == "This message was not taken in by this site: who sent it was not checked."
    assert not details


def test_nor_does_one_in_a_letter_of_a_member(office, ines):
    raw = FORGED + office.letter("Entre nous", From=f"paul@{DOMAIN}").raw
    letter = Letter(raw, f"paul@{DOMAIN}", author=office.uids["paul"])
    office.do(lambda r: r.find_service(ISending).send(letter, [f"ines@{DOMAIN}"]))
    page = opened(inbox(ines), "Entre nous").html.select_one(".mail-vouched")
    assert "Written by a member of this site, who signed in to send it: paul" in " ".join(
        page.text.split()
    )
    assert page.select_one("a")["href"] == "/members/paul"


def test_what_the_site_wrote_itself_says_so_and_what_pretends_to_does_not(office, ines):
    office.deliver(replace(office.letter("Du site"), way=SITE))
    assert said(ines, "Du site")[0] == "This site wrote this message itself."
    office.deliver(office.letter("Pas du site", From=f"postmaster@{DOMAIN}"))
    assert "not taken in" in said(ines, "Pas du site")[0]


def test_a_copy_in_another_folder_says_the_same(office, ines):
    brought(office, "Copie", GOOD.header("localhost"))

    def copy(request, account):
        store, box = request.find_service(IMailStore), account.box("inbox")
        listed = store.reading(account).page(box)
        [uid] = [one.row.uid for one in listed if one.head.subject == "Copie"]
        store.move(box, [uid], account.box("archive"))

    office.look("ines", copy)
    page = opened(inbox(ines).click("Archives", index=0), "Copie")
    assert "elsewhere.example: verified" in page


def read(raw):
    return mime.shown(mime.read(raw))


@pytest.mark.parametrize(
    "author",
    [
        b"Luce <luce@elsewhere.example>, Eve <eve@evil.example>",
        b"luce@elsewhere.example <eve@evil.example>",
        b"Luce <luce@evil.example>",
    ],
)
def test_whoever_people_read_as_the_author_is_whom_was_vouched_for(author):
    raw = GOOD.header("localhost") + RECEIVED + b"From: " + author + b"\r\n\r\n"
    found = of_stranger(looked(raw), read(raw))
    assert not found.verified
    assert found.tone == "warn"


@pytest.mark.parametrize(
    ("checked", "tone"),
    [
        (replace(GOOD, dmarc="none", policy="none"), "good"),
        (replace(GOOD, dmarc="none", signatures=()), "good"),
        (replace(GOOD, dmarc="none", signatures=(), by="smtp.helo"), "quiet"),
        (replace(GOOD, dmarc="none", signatures=(), spf="softfail"), "quiet"),
        (replace(GOOD, dmarc="none", spf="none", signatures=(EVIL,)), "quiet"),
        (replace(GOOD, dmarc="fail", policy="none"), "warn"),
        (replace(GOOD, dmarc="temperror"), "quiet"),
        (replace(GOOD, dmarc="permerror", domain=""), "warn"),
    ],
)  # fmt: skip
def test_without_a_policy_a_signature_or_a_machine_of_its_own_speaks_for_a_domain(checked, tone):
    raw = checked.header("mx.example") + RECEIVED + HEAD
    found = of_stranger(looked(raw), read(raw))
    assert found.tone == tone
    assert bool(found.verified) is (tone == "good")
    assert found.details


def test_what_was_written_on_top_is_read_back():
    raw = GOOD.header("localhost") + RECEIVED + FORGED + HEAD
    found = looked(raw).checked
    assert replace(found, signatures=()) == replace(GOOD, signatures=())
    assert [each.domain for each in found.signatures] == ["elsewhere.example"]
    assert looked(RECEIVED + FORGED + HEAD).checked is None
    assert looked(b"").checked is None
