"""Who is connected, and what they are told: the memory that requests and the listener share.

Requests call `post` and `end` from any thread; all else happens in the thread of the listener's
event loop, so that nothing needs a lock.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

from communicate.ids import encode

PER_MEMBER = 10  # connections of one member: browsers, for the tabs of one share one
MEMORY = 120.0  # seconds for which what was told is told to those who come late
MOST_KEPT = 20_000  # of it
LATE = 10.0  # seconds: a page may have begun to be made so long before its address of time
AGAIN = json.dumps({"what": "again", "id": ""})


class Wire(Protocol):
    """A connection of one session of member *uid*."""

    uid: int
    session: bytes

    def tell(self, text: str) -> None:
        """Send *text* without waiting."""

    def end(self, code: int) -> None:
        """Begin to close with *code*, without waiting."""


ENDED = 4001  # the session is over: the page is not to come back
CROWDED = 4002  # newer connections of the same member took its place


class Hub:
    """The connections of one process."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.address = ""  # what browsers connect to; a path where the proxy maps it
        self.wanted = 0  # connections that the settings ask for, 0 where none are to be
        self.most = 0  # those that are let in: the machine may have room for fewer
        self.since = 0.0
        self.wires: dict[int, list[Wire]] = {}
        self.count = 0
        self._kept: deque[tuple[float, int, str]] = deque(maxlen=MOST_KEPT)
        self._ended: dict[bytes, float] = {}
        self._used: dict[bytes, float] = {}

    @property
    def listens(self) -> bool:
        """Whether anybody could be connected."""
        return self.loop is not None

    @property
    def shown(self) -> int | None:
        """How many pages wait for news, None where nobody listens."""
        return self.count if self.listens else None

    # From any thread

    def open(self, loop: asyncio.AbstractEventLoop, most: int) -> None:
        """Let up to *most* connections in, served by *loop*."""
        self.most, self.since = most, time.time()
        self.loop = loop

    def shut(self) -> None:
        """Let nobody in any more."""
        self.loop = None

    def post(self, uids: Iterable[int], what: str, number: int) -> None:
        """Tell members *uids* that there is *what* with the id *number*."""
        text = json.dumps({"what": what, "id": encode(number)})
        self._call(self.deliver, list(uids), text)

    def end(self, session: bytes) -> None:
        """Close what belongs to the *session* of that key, and let it open nothing any more."""
        self._call(self.close_session, session)

    def _call(self, act: object, *arguments: object) -> None:
        loop = self.loop
        if loop is not None:
            with suppress(RuntimeError):  # it has just been closed
                loop.call_soon_threadsafe(act, *arguments)  # type: ignore[arg-type]

    # In the listener's thread

    def may_join(self, session: bytes, ticket: bytes, until: float) -> bool:
        """Tell whether a ticket good *until* opens a connection of *session*; it does so once."""
        now = time.time()
        for known in (self._ended, self._used):
            while known and known[next(iter(known))] <= now:  # in the order of their ends
                del known[next(iter(known))]
        if self.count >= self.most or session in self._ended or ticket in self._used:
            return False
        self._used[ticket] = until
        return True

    def join(self, wire: Wire, since: float) -> None:
        """Add *wire*, and tell it what its member was told from the time *since* on."""
        if wire.session in self._ended:  # since its ticket was read
            wire.end(ENDED)
            return
        held = self.wires.setdefault(wire.uid, [])
        held.append(wire)
        self.count += 1
        if len(held) > PER_MEMBER:
            oldest = held[0]
            self.leave(oldest)
            oldest.end(CROWDED)
        for text in self.missed(wire.uid, since):
            wire.tell(text)

    def leave(self, wire: Wire) -> None:
        """Forget *wire*; nothing where that was done."""
        held = self.wires.get(wire.uid, [])
        if wire in held:
            held.remove(wire)
            self.count -= 1
            if not held:
                del self.wires[wire.uid]

    def deliver(self, uids: list[int], text: str) -> None:
        """Send *text* to every connection of *uids*, and keep it for those who come late."""
        now = time.time()
        while self._kept and self._kept[0][0] < now - MEMORY:
            self._kept.popleft()
        for uid in uids:
            self._kept.append((now, uid, text))
            for wire in self.wires.get(uid, ()):
                wire.tell(text)

    def missed(self, uid: int, since: float) -> list[str]:
        """Return what member *uid* was told since a page was made; `AGAIN` where nobody knows.

        The page was made at *since*, and begun `LATE` seconds before at most.
        """
        begun, full = since - LATE, len(self._kept) == MOST_KEPT
        known = max(time.time() - MEMORY, self._kept[0][0] if full else 0.0)
        if since < self.since or begun < known:
            return [AGAIN]
        found: list[str] = []
        for told, to, text in reversed(self._kept):
            if told < begun:
                break
            if to == uid:
                found.append(text)
        return list(dict.fromkeys(reversed(found)))

    def close_session(self, session: bytes) -> None:
        """Close the connections of *session*; no ticket of it opens another."""
        self._ended[session] = time.time() + MEMORY
        for held in list(self.wires.values()):
            for wire in [wire for wire in held if wire.session == session]:
                wire.end(ENDED)
