"""Other machines that refuse, stall, break off and come back: nothing is lost, no notice loops."""

import threading
from email import message_from_string

import pytest

from communicate_email.interfaces import ISending
from communicate_email.letters import Letter
from communicate_email.sending import notices
from communicate_email.sending.queue import Queue, domain_of
from communicate_email.sending.results import Refusal

from .conftest import DOMAIN
from .outside import LUCE, Outside, raw
from .remotes import server_context


@pytest.fixture(scope="module")
def machine(encrypted):
    return encrypted


@pytest.fixture(scope="module")
def shared(tmp_path_factory, machine, certified):
    """Return a post office whose mail goes to the other machine."""
    made = Outside(
        tmp_path_factory.mktemp("email"),
        **{
            "email.out": "relay",
            "email.relay_port": machine.port,
            "email.relay_ca": certified[1],
        },
    )
    yield made
    made.close()


def report(message):
    """Return what a notice says to machines: the block of each recipient."""
    assert message.get_content_type() == "multipart/report"
    _text, status, head = message.iter_parts()
    kind = status.get_content_type()
    assert kind in ("message/delivery-status", "message/global-delivery-status")
    assert message.get_param("report-type") == kind.partition("/")[2]
    assert head.get_content_type() in ("text/rfc822-headers", "message/global-headers")
    if "global" in kind:
        whole = status.get_payload()
        text = whole if isinstance(whole, str) else whole[0].as_string()
        blocks = [message_from_string(each) for each in text.strip().split("\n\n")]
    else:
        blocks = status.get_payload()
    assert blocks[0]["Reporting-MTA"].startswith("dns;")
    return blocks[1:]


def test_a_refusal_for_now_is_tried_again_later_and_later_still(outside, remote):
    remote.script["data"] = "451 4.3.0 full of leaves"
    outside.send(raw())
    outside.send_due()
    for pause, tries in ((60, 2), (300, 3), (900, 4), (3600, 5), (4 * 3600, 6), (4 * 3600, 7)):
        assert outside.later(seconds=pause / 2) == 0
        assert outside.later(seconds=pause / 2 + 1) == 1
        assert [part[0] for part in outside.waiting()] == [tries]
    assert "451 4.3.0" in outside.waiting()[0][1]
    assert "leaves" not in outside.waiting()[0][1]  # what others say is sealed
    del remote.script["data"]
    outside.later(hours=5)
    assert [letter[2] for letter in remote.letters] == [raw()]
    assert outside.waiting() == []


def test_a_refusal_for_good_comes_back_to_its_author_alone(outside, remote):
    remote.script["rcpt"] = {LUCE: "550 5.1.1 no such tree"}
    outside.send(raw(), LUCE, "max@elsewhere.example")
    outside.send_due()
    assert [letter[1] for letter in remote.letters] == [("max@elsewhere.example",)]
    assert outside.waiting() == []
    (notice,) = outside.inbox()
    assert notice["Return-Path"] in (None, "<>")
    assert notice["Auto-Submitted"] == "auto-replied"
    (block,) = report(notice)
    assert block["Final-Recipient"] == f"rfc822; {LUCE}"
    assert (block["Action"], block["Status"]) == ("failed", "5.1.1")
    assert "no such tree" in block["Diagnostic-Code"]
    text = notice.get_body().get_content()
    assert LUCE in text
    assert "no such tree" in text
    assert "Il penche" not in notice.as_string()  # the head only
    assert outside.later(days=6) == 0


def test_what_waits_long_is_said_once_and_given_up_after_days(outside, remote):
    remote.script["mail"] = "421 4.7.0 not today"
    outside.send(raw())
    outside.send_due()
    outside.later(hours=3)
    assert outside.inbox() == []
    outside.later(hours=5)
    outside.later(hours=5)
    (delay,) = outside.inbox()
    assert report(delay)[0]["Action"] == "delayed"
    outside.later(days=5)
    _delay, failure = outside.inbox()
    (block,) = report(failure)
    assert (block["Action"], block["Status"]) == ("failed", "4.4.7")
    assert outside.waiting() == []


def test_nothing_is_said_of_a_letter_without_a_return_path(outside, remote):
    remote.script["data"] = "554 5.7.1 no"
    letter = Letter(raw(), "", author=outside.uids["ines"])
    outside.do(lambda r: r.find_service(ISending).send(letter, [LUCE]))
    outside.send_due()
    assert outside.inbox() == []
    assert outside.waiting() == []


def test_a_notice_that_finds_no_room_causes_none(outside, monkeypatch):
    def refuse(request):
        notices.tell(request, notices.FAILED, Letter(raw(), f"gone@{DOMAIN}"), {LUCE: NO})

    outside.do(refuse)
    assert outside.do(lambda r: len(Queue(r).tree)) == 0


NO = Refusal("5.0.0", "no")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_notices_speak_the_language_of_their_reader(outside, remote, language):
    def speak(request):
        from communicate.interfaces import IMembers

        request.find_service(IMembers).by_uid(outside.uids["ines"]).language = language

    outside.do(speak)
    remote.script["data"] = "554 5.7.1 no"
    outside.send(raw(subject="=?utf-8?q?L=27=C3=A9t=C3=A9?="))
    outside.send_due()
    (notice,) = outside.inbox()
    words = {"fr": "n’a pas pu être remis", "en": "could not be delivered"}
    text = notice.get_body().get_content()
    assert words[language] in text
    assert "L'été" in text
    assert words[language] in notice["Subject"]


def test_a_connection_cut_before_the_letter_was_taken_doubles_nothing(outside, remote):
    remote.cuts["before"] = 2
    outside.send(raw())
    outside.send_due()
    outside.later(minutes=2)
    outside.later(minutes=6)
    assert len(remote.letters) == 1


def test_a_connection_cut_after_it_was_taken_may_double_it_and_loses_nothing(outside, remote):
    remote.cuts["after"] = 1
    outside.send(raw())
    outside.send_due()
    outside.later(minutes=2)
    assert [letter[2] for letter in remote.letters] == [raw(), raw()]


def test_a_machine_that_hangs_holds_up_nobody_else(outside, remote):
    remote.script["mail"] = lambda envelope: "hang" if not remote.hanging.is_set() else None
    outside.send(raw(1), "luce@slow.example")
    outside.send(raw(2), "luce@quick.example")
    outside.send(raw(3), "luce@other.example")
    sending = threading.Thread(target=lambda: outside.send_due(reply=300))
    sending.start()
    remote.until(lambda: remote.hanging.is_set() and len(remote.letters) == 2)
    remote.hang_up()
    sending.join(120)
    ((tries, error, _count),) = outside.waiting()
    assert tries == 1
    assert "broke off" in error
    outside.later(minutes=2)
    assert len(remote.letters) == 3


def test_a_machine_that_never_answers_is_left_after_a_while(outside, remote):
    remote.script["mail"] = "hang"
    outside.send(raw())
    outside.send_due(reply=1)
    ((tries, error, _count),) = outside.waiting()
    assert tries == 1
    assert "Timeout" in error
    remote.hang_up()


def test_a_machine_that_is_away_gets_its_mail_when_it_is_back(outside, remote):
    remote.pause()
    outside.send(raw())
    outside.send_due()
    ((_tries, error, _count),) = outside.waiting()
    assert "cannot be reached" in error
    remote.start(remote.port)
    outside.later(minutes=2)
    assert len(remote.letters) == 1


def test_without_the_encryption_that_is_asked_for_nothing_leaves(outside, remote, tmp_path):
    remote.tls = "none"
    outside.send(raw())
    outside.send_due()
    assert remote.reached["mail"] == 0
    ((_tries, error, _count),) = outside.waiting()
    assert "offers no encryption" in error
    remote.tls = "starttls"
    other, _file = server_context(tmp_path / "other")
    remote.context, right = other, remote.context
    outside.later(minutes=2)
    assert remote.reached["mail"] == 0
    assert "is not trusted" in outside.waiting()[0][1]
    remote.context = right
    outside.later(minutes=6)
    assert len(remote.letters) == 1


def test_eight_bits_and_foreign_addresses_go_only_where_they_are_understood(outside, remote):
    remote.smtputf8 = False
    outside.send(raw(to="jérôme@elsewhere.example"), "jérôme@elsewhere.example")
    outside.send_due()
    (notice,) = outside.inbox()
    (block,) = report(notice)
    assert block["Status"] == "5.6.7"
    assert block["Final-Recipient"].startswith("utf-8;")
    remote.smtputf8 = True
    outside.send(raw(to="jérôme@elsewhere.example"), "jérôme@elsewhere.example")
    outside.send(raw(body="Été"), LUCE)
    outside.send_due()
    assert sorted(len(letter[1]) for letter in remote.letters) == [1, 1]
    assert {letter[2] for letter in remote.letters} == {
        raw(to="jérôme@elsewhere.example"),
        raw(body="Été"),
    }


def test_what_is_too_large_for_the_other_side_comes_back(outside, remote):
    remote.options["data_size_limit"] = 10_000
    outside.send(raw(body="x" * 70 + "\r\n" + ("y" * 70 + "\r\n") * 600))  # a file of its own
    outside.send_due()
    assert remote.reached["mail"] == 0
    assert report(outside.inbox()[0])[0]["Status"] == "5.3.4"


def test_lines_keep_their_ends_and_their_dots(outside, remote):
    message = raw(body=".\r\n..\r\n.x\r\n\r\n x \r\n")
    outside.send(message)
    outside.send_due()
    assert remote.letters[0][2] == message


def test_two_domains_are_two_parts_each_with_its_own_fate(outside, remote):
    remote.script["rcpt"] = {"luce@slow.example": "450 4.2.0 later"}
    outside.send(raw(), "luce@slow.example", "max@quick.example", "luce@quick.example")
    outside.send_due()
    ((tries, _error, count),) = outside.waiting()
    assert (tries, count) == (1, 1)
    assert [letter[1] for letter in remote.letters] == [
        ("max@quick.example", "luce@quick.example")
    ]


def test_domains_are_in_small_letters():
    assert domain_of("Luce@Elsewhere.Example") == "elsewhere.example"
