"""What the tree keeps of reports: one case for each thing that was reported, until it is decided.

Notes are sealed under the reporter's key.  The exact words that were reported, and the reason of
a decision, are sealed under the key of who wrote the words: an erasure makes them unreadable.
"""

from typing import Any

from BTrees.Length import Length
from BTrees.LLBTree import LLTreeSet
from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent

KEEP, HIDE, DELETE, WARN = "keep", "hide", "delete", "warn"
DECISIONS = (KEEP, HIDE, DELETE, WARN)


class Report(Persistent):
    """What one member reported, and why."""

    def __init__(self, when: int, reason: str, note: Any, words: Any) -> None:
        self.when = when  # milliseconds since 1970, UTC
        self.reason = reason  # one of `communicate.reports.reasons`
        self.note = note  # Sealed, or None
        self.words = words  # Sealed


class Case(Persistent):
    """A thing that was reported, by whom, and what a moderator decided."""

    decision: str | None = None
    decided = 0  # milliseconds since 1970, UTC
    judge: int | None = None
    why: Any = None  # Sealed

    def __init__(self, number: int, kind: str, item: int, author: int | None) -> None:
        self.id = number
        self.kind = kind
        self.item = item
        self.author = author
        self.reports: LOBTree = LOBTree()  # uid -> Report

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decision is None


class Reports(Persistent):
    """Every case of the site."""

    def __init__(self) -> None:
        self.cases: LOBTree = LOBTree()  # id -> Case
        self.open: OOBTree = OOBTree()  # (kind, item) -> id
        self.queue: LLTreeSet = LLTreeSet()  # ids of those that nobody has decided
        self.waiting = Length()
        self.decided: OOTreeSet = OOTreeSet()  # (when, id)
        self.people: LOBTree = LOBTree()  # uid -> LLTreeSet of cases: author, reporter or judge

    def add(self, case: Case) -> None:
        """Keep a new *case*."""
        self.cases[case.id] = case
        self.open[case.kind, case.item] = case.id
        self.queue.insert(case.id)
        self.waiting.change(1)
        if case.author is not None:
            self.concern(case.author, case)

    def concern(self, uid: int, case: Case) -> None:
        """Remember that *case* names member *uid*."""
        cases = self.people.get(uid)
        if cases is None:
            cases = self.people[uid] = LLTreeSet()
        cases.insert(case.id)

    def settle(self, case: Case) -> None:
        """Take *case*, which was decided, out of the queue."""
        self._dequeue(case)
        self.decided.insert((case.decided, case.id))

    def drop(self, case: Case) -> None:
        """Forget *case*."""
        self._dequeue(case)
        if (case.decided, case.id) in self.decided:
            self.decided.remove((case.decided, case.id))
        for uid in {case.author, case.judge, *case.reports}:
            self._forget(uid, case)
        del self.cases[case.id]

    def withdraw(self, case: Case, uid: int) -> None:
        """Forget what *uid* reported, and the case where nobody else has and it is open."""
        case.reports.pop(uid, None)
        if case.is_open and not case.reports:
            self.drop(case)

    def _dequeue(self, case: Case) -> None:
        if case.id in self.queue:
            self.queue.remove(case.id)
            self.waiting.change(-1)
        if self.open.get((case.kind, case.item)) == case.id:
            del self.open[case.kind, case.item]

    def _forget(self, uid: int | None, case: Case) -> None:
        cases = None if uid is None else self.people.get(uid)
        if cases is not None and case.id in cases:
            cases.remove(case.id)


def install(root: Any) -> None:
    """Put what this package keeps into *root*, the mapping at the top of the database."""
    root.setdefault("reports", Reports())
