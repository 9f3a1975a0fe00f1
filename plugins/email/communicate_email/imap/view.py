"""What one client knows of the mailbox that it has selected: numbers change only when it is told.

A client counts messages from 1; what goes moves the numbers of those behind it.  So nothing goes
for the client before an answer may say so (RFC 9051, section 7.5.1).
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from communicate_email.content import Mailbox
from communicate_email.imap.wire.sequences import Numbers
from communicate_email.store import filing
from communicate_email.store import rows as rowing
from communicate_email.store.rows import Row


class News(NamedTuple):
    """What a client is told.

    Sequence numbers that go, one after the other; how many there are, None where that is as it
    was; pairs of sequence number and row that are different; uids of those of them whose flags
    the client knows.
    """

    gone: Sequence[int]
    uids: Sequence[int]  # of those that go, as they were
    exist: int | None
    changed: Sequence[tuple[int, Row]]
    quiet: Collection[int] = ()


class View:
    """A mailbox as one client sees it: *uids* in order, *modseq* of the last change it knows."""

    def __init__(self, box: Mailbox, *, writable: bool) -> None:
        self.box = box.id
        self.keywords = keywords_of(box)
        self.writable = writable
        self.uids: list[int] = [row.uid for row in rowing.every(box)]
        self.modseq: int = box.modseq
        self.saved: list[int] = []  # uids of what a search has saved (RFC 5182)
        self._gone: set[int] = set()  # what is there no more and the client does not know
        self._held: int | None = None  # the last change before the first of those went
        self._fresh: list[int] = []  # what has come and the client does not know
        self._changed: dict[int, Row] = {}
        self._quiet: set[int] = set()  # changed by the client itself, which knows the flags

    @property
    def known(self) -> int:
        """Up to which change the client knows all, once `news` is told."""
        return self.modseq if self._held is None else self._held

    @property
    def holds_back(self) -> bool:
        """Whether messages went and the client could not be told."""
        return self._held is not None

    def mark(self) -> dict[str, Any]:
        """Return what `restore` needs to have everything as it is now."""
        kept = dict(vars(self))
        kept.update(
            _gone=set(self._gone),
            _fresh=list(self._fresh),
            _changed=dict(self._changed),
            _quiet=set(self._quiet),
        )
        return kept

    def restore(self, mark: dict[str, Any]) -> None:
        """Forget what was noted after *mark*, in a transaction that came to nothing."""
        vars(self).update(mark)
        vars(self).update(self.mark())

    def number(self, uid: int) -> int:
        """Return the sequence number of *uid*, 0 where the client knows no such message."""
        at = bisect_left(self.uids, uid)
        return at + 1 if at < len(self.uids) and self.uids[at] == uid else 0

    def chosen(self, numbers: Numbers, *, by_uid: bool, beyond: bool = False) -> list[int]:
        """Return the uids that *numbers* mean, in order; raise ValueError where one is too large.

        Of uids those are meant that there are; with *beyond* of numbers, too.
        """
        if numbers.saved:
            return [uid for uid in self.saved if self.number(uid)]
        if by_uid:
            found: list[int] = []
            for low, high in numbers.within(self.uids[-1] if self.uids else 0):
                found += self.uids[bisect_left(self.uids, low) : bisect_left(self.uids, high + 1)]
            return found
        ranges = list(numbers.within(len(self.uids)))
        if ranges and not beyond and (ranges[-1][1] > len(self.uids) or ranges[0][0] < 1):
            raise ValueError("there is no such message")
        return [uid for low, high in ranges for uid in self.uids[max(low - 1, 0) : high]]

    def look(self, box: Mailbox) -> None:
        """Note what has changed in *box* since the last look."""
        if box.modseq == self.modseq:
            return
        changes = filing.changes(box, self.modseq)
        before, self.modseq = self.modseq, changes.modseq
        last = max(self.uids[-1:] + self._fresh[-1:], default=0)
        gone: Iterable[int] = changes.gone
        if not changes.whole:
            there = {row.uid for row in rowing.every(box)}
            gone = [uid for uid in (*self.uids, *self._fresh) if uid not in there]
        self._gone.update(gone)
        if self._held is None and self._gone:
            self._held = before
        for row in changes.changed:
            if row.uid > last:
                self._fresh.append(row.uid)
            self._changed[row.uid] = row
            self._quiet.discard(row.uid)
        self._fresh = [uid for uid in self._fresh if uid not in self._gone]

    @property
    def has_news(self) -> bool:
        """Whether something was noted that the client has not been told."""
        return bool(self._gone or self._fresh or self._changed)

    def news(self, *, expunge: bool) -> News:
        """Return what is told now; *expunge* is whether messages may go."""
        numbers, uids = self._take_out() if expunge else ([], [])
        exist = None
        if self._fresh:
            self.uids = [*self.uids, *self._fresh]
            self._fresh = []
            exist = len(self.uids)
        changed = [(self.number(uid), row) for uid, row in sorted(self._changed.items())]
        quiet, self._changed, self._quiet = self._quiet, {}, set()
        return News(numbers, uids, exist, [pair for pair in changed if pair[0]], quiet)

    def forget_changes(self, uids: Iterable[int]) -> None:
        """Tell nothing of what has changed of *uids* so far."""
        for uid in uids:
            self._changed.pop(uid, None)

    def untold(self) -> Collection[int]:
        """Return the uids of what has changed and is not told yet."""
        return set(self._changed)

    def hush(self, uids: Iterable[int]) -> None:
        """Tell of *uids* that they have changed, and not how."""
        self._quiet.update(uids)

    def has_new_keywords(self, box: Mailbox) -> bool:
        """Tell whether there are keywords that the client has not been told of; it is told now."""
        known, self.keywords = self.keywords, keywords_of(box)
        return known != self.keywords

    def _take_out(self) -> tuple[list[int], list[int]]:
        """Let what went go; return the number of each at the time it is told, and its uid."""
        gone = sorted(uid for uid in self._gone if self.number(uid))
        numbers = [self.number(uid) for uid in reversed(gone)]
        if gone:
            went = set(gone)
            self.uids = [uid for uid in self.uids if uid not in went]
        self._gone.clear()
        self._held = None
        for uid in gone:
            self._changed.pop(uid, None)
        return numbers, list(reversed(gone))


def keywords_of(box: Mailbox) -> bytes:
    """Return what is another value once the account of *box* has other keywords."""
    sealed = box.__parent__.keywords
    return b"" if sealed is None else bytes(sealed.envelope)
