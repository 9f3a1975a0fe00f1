"""Questions to the DNS about who mail is from: few for each message, each answered soon or not.

`communicate_email.sending.resolving.IResolver` is asked in the gateway's loop, for threads that
wait; what is asked leaves the machine through the gate.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from communicate.outbox.gate import Gate
from communicate_email.sending.resolving import DNSError, IResolver, NoSuchDomain

DNS, PURPOSE = "email.dns", "checks"
SOON = 5.0  # seconds for one question, all name servers together
QUESTIONS, PATIENCE = 60, 15.0  # for one message: SPF alone may ask forty (RFC 7208, 4.6.4)
REMEMBERED = 10_000
LIFE = 300.0  # seconds for which an answer is remembered
TEXT = 4096  # octets: what is published about senders is shorter

Answers = tuple[Any, ...]
"""Addresses and names as text, MX as pairs of preference and name, TXT as octets."""

KINDS: dict[str, Callable[[Any, str], Awaitable[Any]]] = {
    "A": lambda resolver, name: resolver.addresses(name),
    "AAAA": lambda resolver, name: resolver.addresses(name),
    "MX": lambda resolver, name: resolver.mx(name),
    "PTR": lambda resolver, address: resolver.names(address),
    "TXT": lambda resolver, name: resolver.txt(name),
}


class Unanswered(Exception):
    """No name server could say, or too much was asked."""


class Memory:
    """What was answered lately; threads share it."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[float, Answers]] = {}
        self._lock = threading.Lock()

    def get(self, name: str, kind: str) -> Answers | None:
        """Return the answers that still hold, None where there are none."""
        with self._lock:
            known = self._known.get((name, kind))
        return known[1] if known is not None and known[0] > time.monotonic() else None

    def put(self, name: str, kind: str, answers: Answers) -> None:
        """Remember *answers*; the oldest are forgotten."""
        with self._lock:
            self._known.pop((name, kind), None)
            self._known[name, kind] = time.monotonic() + LIFE, answers
            if len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]


class Asking:
    """Asks for threads, in *loop*, which is set before the first question."""

    loop: asyncio.AbstractEventLoop

    def __init__(self, registry: Any) -> None:
        self.registry = registry
        self.memory = Memory()

    def ask(self, name: str, kind: str, left: list[Any]) -> Answers:
        """Return the answers; add to *left* what left the machine; raise Unanswered."""
        known = self.memory.get(name, kind)
        if known is not None:
            return known
        asked = asyncio.run_coroutine_threadsafe(self._ask(name, kind, left), self.loop)
        try:
            answers = asked.result(SOON + 1)
        except (DNSError, TimeoutError) as error:
            asked.cancel()
            raise Unanswered from error
        self.memory.put(name, kind, answers)
        return answers

    async def _ask(self, name: str, kind: str, left: list[Any]) -> Answers:
        resolver = self.registry.getUtility(IResolver)
        with Gate(self).pass_apart(DNS, PURPOSE, {"domain": name}) as leaving:
            leaving.begin()
            left.append(leaving)
            try:
                async with asyncio.timeout(SOON):
                    found = await KINDS[kind](resolver, name)
            except NoSuchDomain:
                return ()
        if kind == "TXT":
            return tuple(text.encode("utf-8", "replace") for text in found)
        if kind in ("A", "AAAA"):
            return tuple(each for each in found if (":" in each) == (kind == "AAAA"))
        return tuple(found)


class Questions:
    """Those of one message; *left* collects what left the machine, to be recorded."""

    def __init__(self, asking: Asking) -> None:
        self.asking = asking
        self.left: list[Any] = []
        self._asked = 0
        self._until = time.monotonic() + PATIENCE

    def ask(self, name: str, kind: str) -> Answers:
        """Return the answers to *kind* of *name*; raise Unanswered."""
        name = name.rstrip(".").lower()
        if kind not in KINDS or not is_name(name):
            return ()
        self._asked += 1
        if self._asked > QUESTIONS or time.monotonic() > self._until:
            raise Unanswered
        return self.asking.ask(name, kind, self.left)

    def texts(self, name: str) -> Sequence[bytes]:
        """Return the texts at *name*; raise Unanswered."""
        return [text for text in self.ask(name, "TXT") if len(text) <= TEXT]


def is_name(name: str) -> bool:
    """Tell whether *name*, or an address of the Internet, may stand in a question."""
    if ":" in name:
        return True
    sound = all(0 < len(label) < 64 for label in name.split("."))
    return sound and len(name) <= 253 and name.isascii() and name.isprintable()
