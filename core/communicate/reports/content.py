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

from communicate.ids import encode

KEEP, HIDE, DELETE, WARN = "keep", "hide", "delete", "warn"
DECISIONS = (KEEP, HIDE, DELETE, WARN)


class Exhibit(Persistent):
    """A file beside what was reported, sealed under its author's key: what a moderator sees.

    *item* is the id of the thing beside which it was.
    """

    in_draft = False

    def __init__(self, item: int, attachment: Any) -> None:
        self.item = item
        self.id: int = attachment.id
        self.__name__ = encode(attachment.id)
        self.uid: int | None = attachment.owner
        self.name = attachment.name  # Sealed
        self.media: str = attachment.media
        self.width: int = attachment.width  # pixels; 0 but for a picture
        self.height: int = attachment.height
        self.file = attachment.file  # SealedBlob
        self.size: int = attachment.size

    @property
    def is_picture(self) -> bool:
        """Whether it is shown where it stands."""
        return self.width > 0


class Report(Persistent):
    """What one member reported, and why.

    ``shown`` is what the member discloses with it: (when, words sealed under their author's key);
    ``files`` are those beside what is reported, and beside that.
    """

    shown: tuple[tuple[int, Any], ...] = ()
    files: tuple[Exhibit, ...] = ()

    def __init__(self, when: int, reason: str, note: Any, words: Any) -> None:
        self.when = when  # milliseconds since 1970, UTC
        self.reason = reason  # one of `communicate.reports.reasons`
        self.note = note  # Sealed, or None
        self.words = words  # Sealed


class Appeal(Persistent):
    """What the member concerned says against a decision, and what became of it."""

    decided = 0  # milliseconds since 1970, UTC
    judge: int | None = None
    heard = False  # whether the decision was taken back
    why: Any = None  # Sealed

    def __init__(self, when: int, words: Any) -> None:
        self.when = when
        self.words = words  # Sealed

    def decide(self, when: int, judge: int, heard: bool, why: Any) -> None:
        """Hold what *judge* decided."""
        self.decided, self.judge, self.heard, self.why = when, judge, heard, why


class Case(Persistent):
    """A thing that was reported, by whom, and what a moderator decided."""

    appeal: Appeal | None = None
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

    def shown(self) -> list[tuple[int, Any]]:
        """Return what reporters disclose with it, the oldest first, each once for each report."""
        found = [each for report in self.reports.values() for each in report.shown]
        return sorted(found, key=lambda each: each[0])

    def forget_shown(self, uid: int) -> None:
        """Let nothing be disclosed any more that member *uid* wrote."""
        for report in self.reports.values():
            if any(words.uid == uid for _when, words in report.shown):
                report.shown = tuple(one for one in report.shown if one[1].uid != uid)
            if any(file.uid == uid for file in report.files):
                report.files = tuple(one for one in report.files if one.uid != uid)

    def people(self) -> set[int | None]:
        """Return whom it names: author, reporters, judges, who wrote what is disclosed."""
        second = None if self.appeal is None else self.appeal.judge
        disclosed = {words.uid for _when, words in self.shown()}
        return {self.author, self.judge, second, *self.reports, *disclosed}

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decision is None

    @property
    def is_appealed(self) -> bool:
        """Whether an appeal waits for a decision."""
        return self.appeal is not None and not self.appeal.decided

    @property
    def ended(self) -> int:
        """When it was decided for good, in milliseconds: that of an appeal counts."""
        return max(self.decided, self.appeal.decided if self.appeal is not None else 0)


class Reports(Persistent):
    """Every case of the site."""

    appeals: LLTreeSet | None = None  # ids of those that an author appeals against

    def __init__(self) -> None:
        self.cases: LOBTree = LOBTree()  # id -> Case
        self.open: OOBTree = OOBTree()  # (kind, item) -> id
        self.queue: LLTreeSet = LLTreeSet()  # ids of those that nobody has decided
        self.waiting = Length()
        self.decided: OOTreeSet = OOTreeSet()  # (when, id)
        self.people: LOBTree = LOBTree()  # uid -> LLTreeSet of cases that name them

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
        self.decided.insert((case.ended, case.id))

    def appeal(self, case: Case, appeal: Appeal) -> None:
        """Let *case* wait for a decision about *appeal*; it is kept until then."""
        self.decided.discard((case.ended, case.id))
        case.appeal = appeal
        if self.appeals is None:
            self.appeals = LLTreeSet()
        self.appeals.insert(case.id)

    def settle_appeal(self, case: Case) -> None:
        """Take *case*, whose appeal was decided, out of those that wait."""
        if self.appeals is not None and case.id in self.appeals:
            self.appeals.remove(case.id)
        self.decided.insert((case.ended, case.id))

    def drop(self, case: Case) -> None:
        """Forget *case*."""
        self._dequeue(case)
        if self.appeals is not None and case.id in self.appeals:
            self.appeals.remove(case.id)
        self.decided.discard((case.ended, case.id))
        for uid in case.people():
            self._forget(uid, case)
        del self.cases[case.id]

    def withdraw(self, case: Case, uid: int) -> None:
        """Forget what *uid* reported, and the case where nobody else has and it is open."""
        named = case.people()
        case.reports.pop(uid, None)
        for one in named - case.people():
            self._forget(one, case)
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


class Suspension(Persistent):
    """Why and until when a member is kept out; what moderators say is sealed under that key."""

    appeal: Appeal | None = None

    def __init__(self, uid: int, when: int, until: int, judge: int | None, why: Any) -> None:
        self.uid = uid
        self.when = when  # milliseconds since 1970, UTC
        self.until = until  # 0: until somebody ends it
        self.judge = judge  # None: an operator on the machine itself, or somebody who is gone
        self.why = why  # Sealed, or None

    @property
    def is_appealed(self) -> bool:
        """Whether an appeal waits for a decision."""
        return self.appeal is not None and not self.appeal.decided


class Suspensions(Persistent):
    """Every suspension that is not over."""

    def __init__(self) -> None:
        self.by_uid: LOBTree = LOBTree()  # uid -> Suspension
        self.ends: OOTreeSet = OOTreeSet()  # (until, uid)

    def add(self, suspension: Suspension) -> None:
        """Keep *suspension*, in place of an earlier one of the same member."""
        self.drop(suspension.uid)
        self.by_uid[suspension.uid] = suspension
        if suspension.until:
            self.ends.insert((suspension.until, suspension.uid))

    def drop(self, uid: int) -> None:
        """Forget the suspension of member *uid*, if there is one."""
        found = self.by_uid.pop(uid, None)
        if found is not None:
            self.ends.discard((found.until, uid))


def install(root: Any) -> None:
    """Put what this package keeps into *root*, the mapping at the top of the database."""
    root.setdefault("suspensions", Suspensions())
    root.setdefault("reports", Reports())
