"""The queue as transactions see it: letters put in, parts taken, extended, opened and settled."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from itertools import islice
from typing import Any

from communicate.clock import milliseconds, now
from communicate.interfaces import IAuthored, IQuota, ISeals
from communicate.sealing import SITE, Destroyed
from communicate.sealing.content import SealedBlob
from communicate_email.letters import Letter
from communicate_email.sending.content import NAME, Outgoing, OutLetter, Part

KIND = "email.outgoing"
SERVICE = "email"  # as the quota knows it
LETTER, TO, SENDER, SAID = "email.out", "email.to", "email.sender", "email.said"
WHY = "email.why"
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
    author: int | None


@dataclass(frozen=True)
class Errand:
    """A part, opened: the letter, and those of its recipients who still wait.

    *may_have_left* is whether it waited when the backup was made from which the site was restored.
    """

    id: int
    domain: str
    letter: Letter
    recipients: tuple[str, ...]
    may_have_left: bool


class Queue:
    """The queue of one request's site."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.tree = queue_of(request)

    def add(self, letter: Letter, groups: Mapping[tuple[str, bool], list[str]], after: int) -> int:
        """Store *letter* for *groups*, by (domain, whether it is local); return its number.

        It may be taken *after* seconds from now.  While it waits it takes its author's room: raise
        `communicate.quota.QuotaExceeded`.
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
            self.request.find_service(IQuota).claim(letter.author, SERVICE, stored.size)
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

    def why(self, part: Part) -> str:
        """Return in our own words why *part* waits, empty where it was not tried yet."""
        try:
            return "" if part.why is None else str(self.seals.open(part.why).decode())
        except Destroyed:
            return ""

    def take(
        self, holder: str, most: int, each: int, share: int, way: Iterable[Taken], lease: timedelta
    ) -> list[Taken]:
        """Hand up to *most* due parts to *holder* for as long as *lease*.

        With those that are on their *way* already, one domain has *each* at most, and one author
        *share*: whoever writes to machines that do not answer holds up nobody else's letters.
        Where very many are due that have to wait, others are looked at next time.
        """
        present, taken = milliseconds(now(self.request)), list[Taken]()
        domains = Counter(part.domain for part in way)
        authors = Counter(part.author for part in way)
        chosen: list[Part] = []
        passed: list[Part] = []
        for part in islice(self.tree.waiting(present), LOOKED_AT):
            if len(chosen) >= most:
                break
            domain, author = self.domain(part), part.letter.author
            theirs = 0 if author is None else authors[author]
            if domains[domain] >= each or theirs >= share:
                passed.append(part)
                continue
            domains[domain] += 1
            authors[author] += 1
            chosen.append(part)
            taken.append(Taken(part.id, domain, part.letter.size, part.local, author))
        for part in chosen:
            part.holder = holder
            self.tree.move(part, milliseconds(now(self.request) + lease))
        if len(chosen) + len(passed) >= LOOKED_AT:
            for part in passed:
                self.tree.move(part, present + 60_000)
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
        old = not part.local and part.letter.queued <= self.tree.restored
        return Errand(number, domain_of(to[0]), letter, to, old)

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
            quota = self.request.find_service(IQuota)
            quota.release(part.letter.author, SERVICE, part.letter.size)

    def wait(self, part: Part, error: str, said: str) -> None:
        """Let *part* wait for its next try; *error* is ours, *said* the other machine's.

        What was written by somebody who is erased is forgotten.
        """
        try:
            part.why = self.seals.seal(part.to.uid, WHY, error)
            part.said = self.seals.seal(part.to.uid, SAID, said) if said else None
        except Destroyed:
            self.drop(part)
            return
        part.tries += 1
        part.holder = None
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
