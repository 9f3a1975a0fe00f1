"""Mail that comes in by SMTP and LMTP."""

import pytest

from communicate_email.letters import Outcome

from .receiving_site import MESSAGE, Site


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("receiving"))
    yield site
    site.close()


@pytest.fixture
def site(shared):
    boxes = shared.boxes
    boxes.kept.clear()
    boxes.outcomes.clear()
    boxes.fails.clear()
    shared.gateway.reception._full.clear()
    return shared


def test_a_message_is_kept_for_whom_it_is_for(site):
    with site.client() as client:
        client.sendmail("ada@example.net", ["ines@localhost", "paul+list@localhost"], MESSAGE)
    [(letter, recipients)] = site.boxes.kept
    assert recipients == ("ines@localhost", "paul+list@localhost")
    assert letter.raw == MESSAGE
    assert (letter.sender, letter.peer) == ("ada@example.net", "127.0.0.1")
    assert letter.helo == "client.example.net"


def test_lmtp_answers_for_each(site):
    site.boxes.outcomes["paul@localhost"] = Outcome.FULL
    with site.talk(site.lmtp_port) as talk:
        assert talk.say("EHLO relay").startswith("500")
        assert "SIZE" in talk.say("LHLO relay")
        talk.say("MAIL FROM:<>")
        for name in ("ines", "paul", "ines"):
            assert talk.say(f"RCPT TO:<{name}@localhost>").startswith("250")
        assert talk.say("RCPT TO:<nobody@localhost>").startswith("550 5.1.1")
        talk.say("DATA")
        replies = [talk.put(MESSAGE + b".\r\n"), talk.reply(), talk.reply()]
        assert [each[:9] for each in replies] == ["250 2.0.0", "452 4.2.2", "250 2.0.0"]
        assert talk.say("NOOP").startswith("250")
    [(letter, recipients)] = site.boxes.kept
    assert (letter.sender, recipients) == ("", ("ines@localhost", "paul@localhost"))


def test_what_comes_in_lies_in_the_mailbox(tmp_path):
    site = Site(tmp_path, boxes=False)
    try:
        uid = site.house.member("ines")
        assert site.send().startswith("250 2.0.0")
        kept = site.inbox(uid)
    finally:
        site.close()
    [raw] = kept
    assert raw.endswith(MESSAGE)
    head = raw[: -len(MESSAGE)].decode()
    assert head.startswith("Return-Path: <ada@example.net>\r\nDelivered-To: ines@localhost\r\n")
    assert (
        "\r\nReceived: from client.example.net ([127.0.0.1])\r\n\tby localhost with ESMTP" in head
    )
