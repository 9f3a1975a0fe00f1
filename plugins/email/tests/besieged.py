"""A site whose mail programs are waited for briefly, and strangers who try what strangers try."""

import select
import socket
import time
from contextlib import ExitStack, suppress

import pytest

from communicate_email.pop3 import gateway as drops

from .reading_site import Library, Wire

PATIENCE = 1  # seconds for which a program is waited for
LONG = 60  # seconds within which whatever is to come does come


class Besieged(Library):
    """A site that serves IMAP and POP3, with little patience."""

    def __init__(self, folder, **settings):
        super().__init__(
            folder,
            **{
                "email.pop3": "127.0.0.1:0",
                "email.pop3s": "127.0.0.1:0",
                "email.programs_patience": PATIENCE,
                "communicate.limits.gateway_address": "100000/hour",
                **settings,
            },
        )
        self.drops = drops.start(self.house.registry)
        self.open = ExitStack()

    def port(self, name):
        """Return the port of ``imap``, ``imaps``, ``pop3`` or ``pop3s``."""
        return (self.drops if name.startswith("pop3") else self.gateway).port(name)

    def desk(self, name):
        """Return what all connections of *name* share."""
        return (self.drops if name.startswith("pop3") else self.gateway).desk

    def raw(self, name, *, peer="127.0.0.1"):
        """Return a connection on which nothing was said yet."""
        sock = socket.create_connection(("127.0.0.1", self.port(name)), LONG, (peer, 0))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.open.enter_context(sock)

    def stranger(self, name):
        """Return somebody who has heard the greeting, encrypted where *name* is."""
        wire = self.open.enter_context(Wire(self.port(name), tls=name.endswith("s")))
        assert wire.greeting
        return wire

    def member(self, login="ines"):
        """Return a connection by IMAP that has signed in."""
        return self.open.enter_context(self.wire(login))

    def fetcher(self, login="ines"):
        """Return a connection by POP3 that has signed in."""
        wire = self.stranger("pop3s")
        assert told(wire, f"USER {login}").startswith(b"+OK")
        assert told(wire, f"PASS {self.secrets[login]}").startswith(b"+OK")
        return wire

    def begin(self):
        """Let everybody hang up, and wait until that is known."""
        self.open.close()
        until(lambda: not any(self.desk(name).guests for name in ("imap", "pop3")))
        return self

    def close(self):
        self.open.close()
        self.drops.stop()
        super().close()


def told(wire, line):
    """Say *line*; return the next one that comes."""
    wire.send(line.encode() + b"\r\n")
    return wire.file.readline()


def until(found, what="what was waited for did not come"):
    """Wait until *found* returns something true, and return it."""
    last = time.monotonic() + LONG
    while not (seen := found()):
        assert time.monotonic() < last, what
        time.sleep(0.01)
    return seen


def dribble(sock, octets, pause=0.2):
    """Send one octet of *octets* now and then until the other side hangs up.

    Return how many seconds that took; fail where it never does.
    """
    begun = time.monotonic()
    for number in range(len(octets)):
        try:
            sock.sendall(octets[number : number + 1])
        except OSError:
            return time.monotonic() - begun
        if _is_over(sock, pause):
            return time.monotonic() - begun
    pytest.fail("whoever sends an octet now and then is waited for without end")


def _is_over(sock, pause):
    """Tell whether the other side hangs up within *pause* seconds; what it says is passed over."""
    last = time.monotonic() + pause
    while (left := last - time.monotonic()) > 0:
        if not select.select([sock], [], [], left)[0]:
            return False
        try:
            if not sock.recv(65_536):
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def ended(sock):
    """Return what still comes until the other side hangs up."""
    found = b""
    sock.settimeout(LONG)
    with suppress(ConnectionError):
        while octets := sock.recv(65_536):
            found += octets
    return found
