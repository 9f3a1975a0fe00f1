"""Debian's Postfix in front: what it takes is handed over by LMTP, none lost, none doubled."""

import email
import smtplib
import socket
import time
from collections import Counter

import pytest

from .postfix import Postfix
from .receiving_site import MESSAGE, Site

pytestmark = pytest.mark.slow


@pytest.fixture
def front(tmp_path):
    """Return Postfix, and a site behind it in which ines has a mailbox."""
    front = Postfix(*(tmp_path / "var" / "tls" / name for name in ("site.crt", "site.key")))
    site = Site(tmp_path, boxes=False, lmtp=str(front.lmtp), smtp="off")
    try:
        site.uid = site.house.member("ines")
        yield front.start(), site
    finally:
        front.stop()
        site.close()


def outside(front):
    """Return smtplib's client of Postfix."""
    client = smtplib.SMTP(timeout=60)
    client.sock = socket.socket(socket.AF_UNIX)
    client.sock.settimeout(60)
    client.sock.connect(str(front.outside))
    assert client.getreply()[0] == 220
    client.ehlo("client.example.net")
    return client


def arrived(site, count):
    """Wait until so many messages are there; return all."""
    last = time.monotonic() + 300
    while len(found := site.inbox(site.uid)) < count:
        assert time.monotonic() < last, len(found)
        time.sleep(0.2)
    return found


def test_a_thousand_messages_none_lost_none_doubled(front):
    postfix, site = front
    postfix.source(1000)
    arrived(site, 1000)
    last = time.monotonic() + 60
    while postfix.waiting():
        assert time.monotonic() < last
        time.sleep(0.2)
    found = Counter(email.message_from_bytes(raw)["Message-ID"] for raw in site.inbox(site.uid))
    assert len(found) == 1000
    assert set(found.values()) == {1}


def test_nobody_is_refused_at_once_and_nothing_is_carried_on(front):
    postfix, site = front
    with outside(postfix) as client:
        client.mail("ada@example.net")
        assert client.rcpt("nobody@localhost")[0] == 550
        assert client.rcpt("ada@example.net")[0] == 554
        assert client.rcpt("ines@localhost")[0] == 250
        assert client.data(MESSAGE)[0] == 250
    [raw] = arrived(site, 1)
    assert b"by mx.communicate.example (Postfix) with ESMTP" in raw
    assert raw.endswith(MESSAGE)


def test_what_the_site_cannot_take_now_waits_in_front(front):
    postfix, site = front
    postfix.source(1)  # from now on it is known that ines is here
    arrived(site, 1)
    site.gateway.stop()
    try:
        postfix.source(20)
        assert len(site.inbox(site.uid)) == 1
    finally:
        site.serve()
    assert len(arrived(site, 21)) == 21
