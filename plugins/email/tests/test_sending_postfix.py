"""Debian's Postfix as the relay: what is handed to it reaches other sites, whole and once."""

import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest

from communicate.testing.server import free_port

from .outside import LUCE, Outside, raw
from .postfix import MASTER, OWN, Postfix
from .remotes import Remote

pytestmark = pytest.mark.slow
GIVEN = Path(__file__).parents[3] / "deploy" / "postfix" / "relay.cf"
DOORS = """
127.0.0.1:{port} inet n - n - - smtpd
smtp unix - - n - - smtp
"""


class Relay(Postfix):
    """Takes mail on a port of this machine, and carries it to another."""

    def __init__(self, remote):
        super().__init__(None, None)
        self.port, self.remote = free_port(), remote

    def start(self):
        own = "".join(
            line + "\n" for line in OWN.splitlines() if not line.startswith("mynetworks")
        )
        main = GIVEN.read_text(encoding="utf-8") + own.format(folder=self.folder)
        main += f"relayhost = [127.0.0.1]:{self.remote.port}\n"
        self.begin(main, MASTER + DOORS.format(port=self.port))
        return self


@pytest.fixture
def beyond():
    made = Remote().start()
    yield made
    made.stop()


@pytest.fixture
def relay(beyond):
    made = Relay(beyond)
    yield made.start()
    made.stop()


@pytest.fixture
def outside(tmp_path, relay):
    made = Outside(
        tmp_path,
        **{
            "email.out": "relay",
            "email.relay_host": "127.0.0.1",
            "email.relay_port": relay.port,
            "email.relay_security": "none",
            "email.out_per_domain": "10",
        },
    )
    yield made
    made.close()


def until(true):
    last = time.monotonic() + 240
    while not true():
        assert time.monotonic() < last
        time.sleep(0.1)


def test_two_hundred_letters_none_lost_none_doubled(outside, relay, beyond):
    for number in range(200):
        outside.send(raw(number))
    outside.send_due()
    assert outside.waiting() == []
    until(lambda: len(beyond.letters) >= 200 and not relay.waiting())
    found = Counter(message_from_bytes(letter[2])["Message-ID"] for letter in beyond.letters)
    assert len(found) == 200
    assert set(found.values()) == {1}


def test_eight_bits_and_foreign_addresses_reach_the_other_side_as_they_were(outside, beyond):
    whole = raw(body="Été à l’ombre.\r\n.\r\n..", subject="Été", to="jérôme@elsewhere.example")
    outside.send(whole, "jérôme@elsewhere.example")
    outside.send_due()
    until(lambda: beyond.letters)
    ((_sender, to, sent),) = beyond.letters
    assert to == ("jérôme@elsewhere.example",)
    assert sent.endswith(whole)
    top = sent[: -len(whole)]
    assert top.startswith(b"Received: ")  # Postfix's own line, and nothing else
    assert top.count(b"\r\nReceived:") == 0
    assert LUCE.encode() not in sent
