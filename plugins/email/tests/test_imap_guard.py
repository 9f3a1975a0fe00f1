"""Strangers before they sign in, by IMAP and POP3: slow, silent, endless, many, and in a hurry."""

import time
from contextlib import suppress

import pytest

from .besieged import Besieged, dribble, ended, until

BOTH = pytest.mark.parametrize("name", ["imap", "pop3"])
BOTH_TLS = pytest.mark.parametrize("name", ["imaps", "pop3s"])
NOTHING = {
    "imap": b"a NOOP\r\n",
    "pop3": b"CAPA\r\n",
    "imaps": b"a NOOP\r\n",
    "pop3s": b"CAPA\r\n",
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made = Besieged(tmp_path_factory.mktemp("siege"))
    yield made
    made.close()


@pytest.fixture
def site(shared):
    return shared.begin()


class TestSlowness:
    @BOTH
    def test_a_line_that_never_ends_is_not_waited_for(self, site, name):
        wire = site.stranger(name)
        assert dribble(wire.sock, b"x" * 200)

    @BOTH
    def test_nor_is_who_says_nothing_but_small_words_for_ever(self, site, name):
        wire = site.stranger(name)
        assert dribble(wire.sock, NOTHING[name] * 60, 0.15)

    def test_nor_is_a_literal_that_never_ends(self, site):
        wire = site.stranger("imap")
        wire.send(b"a LOGIN {4000+}\r\n")
        assert dribble(wire.sock, b"x" * 200)

    @BOTH_TLS
    def test_nor_is_tls_that_is_never_agreed_upon(self, site, monkeypatch, name):
        guests, entered = site.desk(name).guests, []
        enter = guests.enter
        monkeypatch.setattr(guests, "enter", lambda *args: entered.append(1) or enter(*args))
        sock = site.raw(name)
        until(lambda: entered, "who has not agreed on TLS is no one")
        assert dribble(sock, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 200)
        until(lambda: not site.desk(name).guests)

    @BOTH
    def test_nor_is_it_after_starttls(self, site, name):
        wire = site.stranger(name)
        said = b"a STARTTLS\r\n" if name == "imap" else b"STLS\r\n"
        wire.send(said)
        assert b"OK" in wire.file.readline()
        assert dribble(wire.sock, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc" + b"x" * 200)


class TestBeforeTls:
    @BOTH
    def test_what_comes_right_after_starttls_is_never_taken_for_what_is_said_later(
        self, site, name
    ):
        said, smuggled = {
            "imap": (b"a STARTTLS\r\n", b"b NOOP\r\n"),
            "pop3": (b"STLS\r\n", b"CAPA\r\n"),
        }[name]
        ends = [
            self.answered(site.stranger(name), said, smuggled, at % 150 * 4e-6)
            for at in range(1_000)
        ]
        assert set(ends) <= {"refused", "broken off"}
        assert "refused" in ends

    @staticmethod
    def answered(wire, said, smuggled, seconds):
        """Return what becomes of *smuggled*, which comes so many *seconds* after *said*."""
        with wire:
            wire.send(said)
            last = time.perf_counter() + seconds
            while time.perf_counter() < last:
                pass
            with suppress(OSError):
                wire.send(smuggled)
            if b"OK" not in wire.file.readline():
                return "refused"
            try:
                wire.encrypt()
                wire.sock.settimeout(5)
                return wire.file.readline() or "broken off"
            except OSError:
                return "broken off"


class TestBrowsers:
    @pytest.mark.parametrize("name", NOTHING)
    def test_a_browser_is_told_nothing_of_what_it_says(self, site, name):
        wire = site.stranger(name)
        wire.send(b"POST / HTTP/1.1\r\nHost: localhost\r\n\r\n<svg/onload=alert`1`> x\r\n")
        said = ended(wire.sock)
        assert b"this is no web site" in said
        assert b"svg" not in said


class TestSilence:
    @BOTH
    def test_who_hears_nothing_of_what_is_answered_is_ended(self, site, name):
        wire = site.stranger(name)
        pour(wire.sock, NOTHING[name] * 400_000)
        until(lambda: not site.desk(name).guests)


def pour(sock, octets):
    """Send *octets* until all are sent, or nobody takes them any more."""
    with suppress(OSError):
        sock.sendall(octets)
