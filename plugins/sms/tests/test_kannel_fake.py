"""Debian's Kannel with its own imitation of a centre: what it sends, brings and refuses."""

import ctypes
import queue
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from communicate.testing.programs import needed
from communicate_sms import states
from communicate_sms.transports import passing
from communicate_sms.transports.kannel import Kannel as Transport
from communicate_sms.transports.passing import Call, Outgoing

from .kannel import FAKE, LONG, NAME, Kannel, listening, stop, wait
from .operators import Asked, operator

MESSAGE = Outgoing("+33612345678", "Bonjour", "38000", "jeton", "")
CLONE_NEWNET = 0x40000000  # unshare(2)


class Site:
    """What Kannel brings, kept apart by where it brings it to."""

    def __init__(self) -> None:
        self.brought: dict[str, queue.Queue[Call]] = {
            path: queue.Queue() for path in ("/incoming", "/receipts/jeton")
        }

    def __call__(self, asked: Asked, handler: Any) -> None:
        url = urlsplit(asked.target)
        fields = dict(parse_qsl(url.query))
        self.brought[url.path].put(
            Call(asked.target, fields, asked.headers, asked.body, asked.method)
        )
        handler.send_response(200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def next(self, path: str) -> Call:
        """Return what comes next to *path*."""
        return self.brought[path].get(timeout=LONG)


def in_own_network(work: Callable[[], None]) -> None:
    """Do *work*, and what it starts, where there is no network but this machine's own loopback.

    Kannel's imitation of a centre listens on every address, and cannot be told otherwise.  Where
    nobody may have a network of their own it listens to this machine alone, by its file.
    """
    error: list[BaseException] = []

    def inside() -> None:
        try:
            if ctypes.CDLL(None).unshare(CLONE_NEWNET) == 0:
                up = ("link", "set", "lo", "up")
                subprocess.run([needed("/usr/sbin/ip", "ip"), *up], check=True)
            work()
        except BaseException as caught:  # given to the test
            error.append(caught)

    thread = threading.Thread(target=inside)
    thread.start()
    thread.join()
    if error:
        raise error[0]


@contextmanager
def telephone(folder: Path, port: int) -> Iterator[Callable[[], None]]:
    """Connect the imitation's other side to *port*: it takes what is sent.

    Yield what has it send a message.
    """
    program = needed("/usr/lib/kannel/test/fakesmsc")
    command = [program, "-H", "127.0.0.1", "-r", str(port), "-i", "0.1"]
    with (folder / "fakesmsc.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)
    assert process.stdin is not None
    with process.stdin as typed:

        def write() -> None:
            typed.write("+79161234567 7000 text arrêt demandé\n".encode())
            typed.flush()

        try:
            yield write
        finally:
            stop([process])


@pytest.mark.slow
def test_kannel_sends_answers_and_receives(tmp_path: Path) -> None:
    needed("/usr/sbin/bearerbox", "bearerbox")
    in_own_network(lambda: converse(tmp_path))


def converse(folder: Path) -> None:
    """Send by Kannel to its imitation of a centre, and receive from there."""
    site = Site()
    with operator(site) as there:
        kannel = Kannel(folder, FAKE, f"{there.url}/incoming")
        try:
            wait(lambda: kannel.fake in listening(), "the imitation does not listen")
            with telephone(folder, kannel.fake) as write:
                wait(lambda: "(online" in kannel.status, "the imitation is not connected")
                receipts_come(kannel, site, f"{there.url}/receipts/jeton")
                message_comes(kannel, site, write)
                refusals(kannel, site, f"{there.url}/receipts/jeton")
        finally:
            kannel.end()


def transport(kannel: Kannel, password: str = Kannel.password) -> Transport:
    return Transport("kannel", kannel.url, NAME, password)


def message_comes(kannel: Kannel, site: Site, write: Callable[[], None]) -> None:
    """See a message that the imitation brings."""
    write()
    made = transport(kannel).parse_incoming(site.next("/incoming"))
    assert made.sender == "+79161234567"
    assert made.reference


def receipts_come(kannel: Kannel, site: Site, receipts: str) -> None:
    """See what becomes of a message: whatever comes first, it is delivered in the end."""
    there = transport(kannel)
    assert there.send(MESSAGE._replace(text="À ce soir, 5 €", receipts=receipts)) == ""
    seen = set()
    while states.DELIVERED not in seen:
        seen.add(there.parse_receipt(site.next("/receipts/jeton")).state)
    assert states.FAILED not in seen


def refusals(kannel: Kannel, site: Site, receipts: str) -> None:
    """See a wrong password, and a gateway that is down and comes back."""
    with pytest.raises(passing.TryLater):
        transport(kannel, "falsch").send(MESSAGE)
    kannel.stop_smsbox()
    with pytest.raises(passing.TryLater):
        transport(kannel).send(MESSAGE)
    kannel.start_smsbox()
    receipts_come(kannel, site, receipts)
