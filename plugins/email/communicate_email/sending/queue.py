"""The queue as transactions see it: letters put in, parts taken, extended, opened and settled."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from communicate.clock import milliseconds, now
from communicate.interfaces import IAuthored, ISeals
from communicate.sealing import SITE, Destroyed
from communicate.sealing.content import SealedBlob
from communicate_email.letters import Letter
from communicate_email.sending.content import NAME, Outgoing, OutLetter, Part

KIND = "email.outgoing"
LETTER, TO, SENDER, SAID = "email.out", "email.to", "email.sender", "email.said"
LARGE = 32 * 1024  # bytes from which a letter is a file of its own
LOOKED_AT = 5_000  # due parts, at most, to find some whose domains are not busy

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PAUSES = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR)


def queue_of(request: Any) -> Outgoing:
    """Return the queue in the tree that *request* sees."""
    found: Outgoing = request.site[NAME]
    return found


def domain_of(address: str) -> str:
    """Return the domain of *address*, in lower case."""
    return address.rpartition("@")[2].lower()


def pause(tries: int) -> timedelta:
    """Return how long to wait after *tries* that failed."""
    return PAUSES[min(tries, len(PAUSES)) - 1]


@dataclass(frozen=True)
class Taken:
    """A part that somebody has taken: what is known of it before the letter is opened."""

    id: int
    domain: str
    size: int
    local: bool


@dataclass(frozen=True)
class Errand:
    """A part, opened: the letter, and those of its recipients who still wait."""

    id: int
    domain: str
    letter: Letter
    recipients: tuple[str, ...]


class Queue:
    """The queue of one request's site."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.tree = queue_of(request)

    def add(self, letter: Letter, groups: Mapping[tuple[str, bool], list[str]], after: int) -> int:
        """Store *letter* for *groups*, by (domain, whether it is local); return its number.

        It may be taken *after* seconds from now.
        """
        present = milliseconds(now(self.request))
        uid = SITE if letter.author is None else letter.author
        raw: Any
        if len(letter.raw) < LARGE:
            raw = self.seals.seal(uid, LETTER, letter.raw)
        else:
            raw = self.seals.seal_stream(uid, LETTER, BytesIO(letter.raw))
        sender = self.seals.seal(uid, SENDER, letter.sender)
        stored = OutLetter(letter.author, sender, raw, len(letter.raw), present)
        parts = [
            Part(stored, self._sealed(uid, to), len(to), present + after * 1000, local=local)
            for (_domain, local), to in groups.items()
        ]
        self.tree.put(stored, parts)
        if letter.author is not None:
            self.request.find_service(IAuthored).add(letter.author, KIND, stored.id)
        return stored.id

    def _sealed(self, uid: int, recipients: Collection[str]) -> Any:
        return self.seals.seal(uid, TO, json.dumps(list(recipients)))

    def recipients(self, part: Part) -> list[str]:
        """Return who still waits; raise Destroyed where its author is erased."""
        found: list[str] = json.loads(self.seals.open(part.to))
        return found

    def domain(self, part: Part) -> str:
        """Return the domain that *part* goes to, empty where its author is erased."""
        try:
            return domain_of(self.recipients(part)[0])
        except Destroyed:
            return ""

    def take(
        self, holder: str, most: int, room: Mapping[str, int], each: int, lease: timedelta
    ) -> list[Taken]:
        """Hand up to *most* due parts to *holder* for as long as *lease*.

        *room* says how many of a domain are on their way already: *each* at most.
        """
        present, taken = milliseconds(now(self.request)), list[Taken]()
        busy = dict(room)
        chosen: list[Part] = []
        for seen, part in enumerate(self.tree.waiting(present)):
            if len(chosen) >= most or seen >= LOOKED_AT:
                break
            domain = self.domain(part)
            if busy.get(domain, 0) < each:
                busy[domain] = busy.get(domain, 0) + 1
                chosen.append(part)
                taken.append(Taken(part.id, domain, part.letter.size, part.local))
        for part in chosen:
            part.holder = holder
            self.tree.move(part, milliseconds(now(self.request) + lease))
        return taken

    def held(self, number: int, holder: str) -> Part | None:
        """Return the part *number* unless it is gone, or in other hands by now."""
        part: Part | None = self.tree.parts.get(number)
        return part if part is not None and part.holder == holder else None

    def extend(self, numbers: Collection[int], holder: str, lease: timedelta) -> None:
        """Let *holder* keep what it has of *numbers* for as long as *lease* from now."""
        until = milliseconds(now(self.request) + lease)
        for number in numbers:
            part = self.held(number, holder)
            if part is not None:
                self.tree.move(part, until)

    def open(self, number: int, holder: str) -> Errand | None:
        """Return the part *number* with its letter; None where it is not *holder*'s any more.

        What was written by somebody who is erased is forgotten.
        """
        part = self.held(number, holder)
        if part is None:
            return None
        try:
            to = tuple(self.recipients(part))
            letter = self.letter(part.letter)
        except Destroyed:
            self.drop(part)
            return None
        return Errand(number, domain_of(to[0]), letter, to)

    def letter(self, stored: OutLetter) -> Letter:
        """Return *stored* as it was queued; raise Destroyed."""
        if isinstance(stored.raw, SealedBlob):
            raw = b"".join(self.seals.open_range(stored.raw, 0, None))
        else:
            raw = self.seals.open(stored.raw)
        return Letter(raw, self.seals.open(stored.sender).decode(), author=stored.author)

    def keep(self, part: Part, recipients: Collection[str]) -> None:
        """Have *part* wait for *recipients* alone; forget it where there is none."""
        if not recipients:
            self.drop(part)
        elif len(recipients) != part.count:
            part.to = self._sealed(part.to.uid, recipients)
            part.count = len(recipients)

    def drop(self, part: Part) -> None:
        """Forget *part*, and its letter where nothing else of that waits."""
        if self.tree.drop(part) and part.letter.author is not None:
            authored = self.request.find_service(IAuthored)
            authored.remove(part.letter.author, KIND, part.letter.id)

    def wait(self, part: Part, error: str, said: str) -> None:
        """Let *part* wait for its next try; *error* is ours, *said* the other machine's."""
        part.tries += 1
        part.holder = None
        part.error = error
        part.said = self.seals.seal(part.to.uid, SAID, said) if said else None
        self.tree.move(part, milliseconds(now(self.request) + pause(part.tries)))

    def hurry(self, part: Part) -> None:
        """Let *part*, unless somebody is at it, be taken now."""
        if part.holder is None:
            self.tree.move(part, milliseconds(now(self.request)))

    def free(self, holder: str | None) -> int:
        """Let what *holder* has, or anybody, be taken at once; return how many parts that is."""
        present = milliseconds(now(self.request))
        held = [
            part
            for part in self.all()
            if part.holder is not None and holder in (None, part.holder)
        ]
        for part in held:
            part.holder = None
            self.tree.move(part, present)
        return len(held)

    def all(self) -> list[Part]:
        """Return every part, the oldest first."""
        return [part for number, part in self.tree.parts.items() if number]

    def drop_letter(self, stored: OutLetter) -> None:
        """Forget *stored* with all its parts."""
        for number in stored.parts:
            part = self.tree.parts.get(number)
            if part is not None:
                self.drop(part)
