"""What happens with a connection, a recipient, a message: limits, looks, and keeping it."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from communicate.accounts.limits import TooMany
from communicate.interfaces import IClock, ILimits
from communicate.storage.work import made_request
from communicate_email.letters import OUTSIDE, Letter, Outcome
from communicate_email.receiving import trace
from communicate_email.receiving.checking import Checker, Facts, brought_by
from communicate_email.receiving.crowd import FREE, Crowd, Room
from communicate_email.receiving.protocol import Receiving
from communicate_email.receiving.session import FAILED, Ended
from communicate_email.receiving.settings import host_of
from communicate_email.receiving.storing import Found, Keep, Outcomes, Storing
from communicate_email.receiving.together import Together, Unanswered

RELAY = "550 5.7.1 Mail for others is not carried on from here"
UNKNOWN = "550 5.1.1 Nobody here has this address"
FULL = "452 4.2.2 There is no room left in this mailbox"
LOOP = "554 5.4.6 This message has been here before, or went through too many machines"
LATER = "450 4.7.1 Too much came from your address: try again later"
CROWDED = "421 4.7.0 Too many connections: try again later"
STORED = "250 2.0.0 Kept"
REPLIES = {
    Outcome.STORED: STORED,
    Outcome.UNKNOWN: UNKNOWN,
    Outcome.FULL: FULL,
    Outcome.LOOP: LOOP,
}
KNOWN = 10.0  # seconds for which whose an address is is not asked again
REMEMBERED = 10_000
FULL_FOR = 600.0  # seconds for which a mailbox that had no room for a message is told to be full
TURNED = 50  # connections that are told why nobody is let in; others find out by themselves
LARGE, AT_ONCE = 2**20, 2  # octets of a message that is worked on with few others, and how many
WEIGHT = 32 * 2**20  # octets of letters in one transaction


class Reception:
    """What all connections of one gateway share; but for threads of its own, in one loop."""

    def __init__(self, registry: Any, context: Callable[[], Any]) -> None:
        settings = registry.settings
        self.host = host_of(settings)
        self.context = context
        self.size: int = settings["email.message_size"]
        self.domain: str = settings["email.domain"]
        self.hops: int = settings["email.hops"]
        self.recipients: int = settings["email.smtp_recipients"]
        self.patience = float(settings["email.smtp_patience"])
        self.message_time = float(settings["email.smtp_message_time"])
        self.room = Room(max(settings["email.smtp_memory"], 2 * (self.size + 4 * FREE)))
        self.turned = 0  # away, and not gone yet
        self._large = asyncio.Semaphore(AT_ONCE)
        each = settings["email.smtp_per_address"]
        self.crowd = Crowd(settings["email.smtp_connections"], each)
        self.handed = Crowd(settings["email.smtp_connections"], settings["email.smtp_connections"])
        self.sessions: set[Receiving] = set()
        self.at_work: set[Receiving] = set()
        self.clock: Any = registry.queryUtility(IClock)
        with made_request(registry) as request:
            self.limits: Any = request.find_service(ILimits)
        self._known: dict[str, tuple[float, Found]] = {}
        self._full: dict[str, float] = {}
        self.checker = Checker(registry, self.host)
        storing = Storing(registry)
        self._finder = Together[str, Found]("mail-addresses", storing.find)
        self._keeper = Together[Keep, Outcomes | None](
            "mail-keeping", storing.keep, weigh=lambda keep: keep.weight, heaviest=WEIGHT
        )

    def start(self) -> None:
        """Start the threads."""
        self._finder.start()
        self._keeper.start()

    def stop(self) -> None:
        """Keep what was handed over, and end the threads."""
        self.checker.stop()
        self._finder.stop()
        self._keeper.stop()

    # Connections

    def enter(self, session: Receiving) -> str:
        """Let *session* in; return the reply where it is not."""
        if not session.trusted and self._too_many("email.smtp_connects", session.network):
            return CROWDED
        crowd = self.handed if session.trusted else self.crowd
        if not crowd.enter(session.network):
            return CROWDED
        session.entered = True
        self.sessions.add(session)
        return ""

    @contextmanager
    def turning_away(self) -> Iterator[None]:
        """Count who is told to go while that lasts; raise Ended where they are too many."""
        if self.turned >= TURNED:
            raise Ended
        self.turned += 1
        try:
            yield
        finally:
            self.turned -= 1

    def left(self, session: Receiving) -> None:
        """Make room for others, where *session* had been let in."""
        self.sessions.discard(session)
        if session.entered:
            session.entered = False
            (self.handed if session.trusted else self.crowd).leave(session.network)

    def busy(self, session: Receiving, at_work: bool) -> None:
        """Note whether *session* is in the middle of a message."""
        if at_work:
            self.at_work.add(session)
        else:
            self.at_work.discard(session)

    def message(self, session: Receiving) -> str:
        """Count one more message of *session*; return the reply where that is too many."""
        if session.trusted:
            return ""
        return LATER if self._too_many("email.smtp_messages", session.network) else ""

    def _too_many(self, name: str, network: str) -> bool:
        try:
            self.limits.hit(name, network)
        except TooMany:
            return True
        return False

    # Recipients

    async def refusal(self, session: Receiving, address: str) -> str:
        """Return why *address* is not a recipient in *session*, empty where it is."""
        if not session.trusted:
            try:
                self.limits.check("email.smtp_unknown", session.network)
            except TooMany:  # nothing is told of anybody, whether they are here or not
                return LATER
        try:
            found = await self._find(address)
        except Unanswered:
            return FAILED
        if found.uid is not None:
            return FULL if self._is_full(address, found, session.envelope.size) else ""
        if not session.trusted:
            self._too_many("email.smtp_unknown", session.network)
        return UNKNOWN if found.local else RELAY

    def whole(self, address: str) -> str:
        """Return *address*; with the domain of the site where it names none (RFC 5321, 2.3.5)."""
        return address if "@" in address else f"{address}@{self.domain}"

    async def _find(self, address: str) -> Found:
        known = self._known.get(address)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        found = await self._finder.ask(address)
        if found.uid is not None:
            remember(self._known, address, (time.monotonic() + KNOWN, found))
        return found

    def _is_full(self, address: str, found: Found, size: int) -> bool:
        if found.room is not None and found.room < max(size, 1):
            return True
        return self._full.get(address, 0.0) > time.monotonic()

    # Messages

    async def keep(self, session: Receiving, raw: bytes) -> dict[str, str]:
        """Return the reply for each recipient of the message *raw*, once it is durable."""
        async with self._large if len(raw) > LARGE else nullcontext():
            return await self._keep(session, raw)

    async def _keep(self, session: Receiving, raw: bytes) -> dict[str, str]:
        recipients = tuple(dict.fromkeys(session.envelope.recipients))
        head = trace.look(raw, self.host)
        again = [each for each in recipients if each.lower() in head.delivered]
        if head.received >= self.hops or (again and not session.trusted):
            return dict.fromkeys(recipients, LOOP)
        facts = self._facts(session, raw, recipients)
        verdict = await self.checker.check(facts)
        also = tuple(leaving.record for leaving in verdict.left)
        letter = Letter(
            raw=head.raw,
            sender=facts.sender,
            peer=facts.peer,
            helo=facts.helo,
            headers=(*verdict.headers, self._received(session)),
            junk=verdict.junk,
            doubtful=verdict.doubtful,
            way=OUTSIDE,
        )
        if verdict.refusal:
            if also:
                await self._store(Keep(letter, (), whole=False, also=also))
            return dict.fromkeys(recipients, verdict.refusal)
        wanted = tuple(each for each in recipients if each not in again)
        outcomes = await self._store(Keep(letter, wanted, whole=not session.trusted, also=also))
        replies = dict.fromkeys(again, LOOP)
        replies.update(self._told(wanted, outcomes, whole=not session.trusted))
        return replies

    def _facts(self, session: Receiving, raw: bytes, recipients: tuple[str, ...]) -> Facts:
        """Return what is looked at; from a mail server of this machine, who brought it there."""
        helo, peer = brought_by(raw) if session.trusted else (session.helo, session.peer)
        return Facts(raw, session.envelope.sender or "", recipients, peer, helo)

    def _received(self, session: Receiving) -> bytes:
        now = self.clock.now()
        return trace.received(self.host, session.helo, session.peer, session.spoken, now)

    async def _store(self, keep: Keep) -> Outcomes | None:
        try:
            return await self._keeper.ask(keep)
        except Unanswered:
            return None

    def _told(
        self, recipients: tuple[str, ...], outcomes: Outcomes | None, *, whole: bool
    ) -> dict[str, str]:
        """Return the reply for each recipient; where all go together, the same for all.

        Who had no room is told to be full for a while: when the message is sent again to all of
        them, the others get it.
        """
        if outcomes is None:
            return dict.fromkeys(recipients, FAILED)
        for address, outcome in outcomes.items():
            if outcome is Outcome.FULL:
                remember(self._full, address, time.monotonic() + FULL_FOR)
        replies = {each: REPLIES[outcomes[each]] for each in recipients}
        if whole and len(set(replies.values())) > 1:
            return dict.fromkeys(recipients, together(outcomes))
        return replies


def together(outcomes: Outcomes) -> str:
    """Return the one reply where a letter was kept for nobody, for it could not be for all."""
    found = set(outcomes.values())
    if Outcome.LOOP in found:
        return LOOP
    return FULL if Outcome.FULL in found else FAILED  # who is gone meanwhile is refused next time


def remember(known: dict[str, Any], key: str, what: Any) -> None:
    """Put *what* under *key*; beyond REMEMBERED the oldest is forgotten."""
    known.pop(key, None)
    known[key] = what
    if len(known) > REMEMBERED:
        del known[next(iter(known))]
