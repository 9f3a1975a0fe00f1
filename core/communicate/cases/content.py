"""What the tree keeps of cases: who may read what of a member, until when, and what was read.

The reason, the references and the order are sealed under the key of the member concerned: an
erasure makes them unreadable.  A log only grows; it goes with its case.
"""

from typing import Any

from BTrees.Length import Length
from BTrees.LLBTree import LLTreeSet
from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOTreeSet
from persistent import Persistent

CONSOLE = 0  # who has read: the machine's console, where nobody is signed in


class Read(Persistent):
    """One thing that was read through a case: when, by whom, which."""

    def __init__(self, when: int, who: int, kind: str, item: int) -> None:
        self.when = when  # milliseconds since 1970, UTC
        self.who = who
        self.kind = kind
        self.item = item


class Case(Persistent):
    """Access of staff to things of member ``uid``; times are milliseconds since 1970, UTC.

    ``opener`` is the operator who asked for it, or the member who granted it as help.  ``readers``
    are who may use it; empty: all staff, which only a member can grant.
    """

    approved = 0  # 0: an operator has yet to approve
    approver: int | None = None
    closed = 0
    closer: int | None = None
    silent_until = 0  # the member is told from then on, by an order; 0: at once
    told = 0  # when the member was told that there is the case
    order: Any = None  # Sealed: the reference of the order that imposes silence

    def __init__(self, number: int, uid: int, opener: int, ends: int) -> None:
        self.id = number
        self.uid = uid
        self.opener: int | None = opener
        self.asked = number >> 21
        self.ends = ends
        self.kinds: tuple[str, ...] = ()
        self.things: tuple[tuple[str, int], ...] = ()
        self.readers: tuple[int, ...] = ()
        self.reason: Any = None  # Sealed
        self.reference: Any = None  # Sealed
        self.reads: LOBTree = LOBTree()  # id -> Read
        self.count = Length()

    @property
    def people(self) -> set[int]:
        """Whom the case names."""
        named = (self.uid, self.opener, self.approver, self.closer, *self.readers)
        return {uid for uid in named if uid is not None}

    @property
    def is_help(self) -> bool:
        """Whether the member concerned has granted it."""
        return self.opener == self.uid

    @property
    def is_asked(self) -> bool:
        """Whether it waits for another operator."""
        return not self.approved and not self.closed

    def is_running(self, now: int) -> bool:
        """Whether something can be read through it at the moment *now*."""
        return bool(self.approved) and not self.closed and now < self.ends

    def is_over(self, now: int) -> bool:
        """Whether nothing can be read through it any more."""
        return bool(self.closed) or now >= self.ends

    def is_silent(self, now: int) -> bool:
        """Whether an order keeps it from the member at the moment *now*."""
        return now < self.silent_until

    def log(self, number: int, read: Read) -> None:
        """Add *read* under the id *number*."""
        self.reads[number] = read
        self.count.change(1)


class Cases(Persistent):
    """Every case of the site."""

    def __init__(self) -> None:
        self.cases: LOBTree = LOBTree()  # id -> Case
        self.people: LOBTree = (
            LOBTree()
        )  # uid -> LLTreeSet of ids: whom it is about, who has a part
        self.waiting = LLTreeSet()  # ids of those that an operator has yet to approve
        self.silent = LLTreeSet()  # ids of those of which the member is yet to be told

    def add(self, case: Case) -> None:
        """Keep a new *case*."""
        self.cases[case.id] = case
        for uid in case.people:
            self.concern(uid, case)

    def concern(self, uid: int, case: Case) -> None:
        """Remember that *case* names member *uid*."""
        found = self.people.get(uid)
        if found is None:
            found = self.people[uid] = LLTreeSet()
        found.insert(case.id)

    def of(self, uid: int) -> list[Case]:
        """Return the cases that name member *uid*, the newest first."""
        return [self.cases[number] for number in reversed(list(self.people.get(uid, ())))]

    def settle(self, case: Case) -> None:
        """Let *case* wait for nobody."""
        if case.id in self.waiting:
            self.waiting.remove(case.id)

    def tell(self, case: Case, now: int) -> None:
        """Remember that the member knows of *case*."""
        case.told = now
        if case.id in self.silent:
            self.silent.remove(case.id)

    def drop(self, case: Case) -> None:
        """Forget *case* and its log."""
        self.settle(case)
        if case.id in self.silent:
            self.silent.remove(case.id)
        for uid in case.people | {read.who for read in case.reads.values()}:
            found = None if uid is None else self.people.get(uid)
            if found is not None and case.id in found:
                found.remove(case.id)
                if not found:
                    del self.people[uid]
        del self.cases[case.id]


class Wish(Persistent):
    """What somebody without an account asks to be deleted.

    It is sealed under a key of its own, which is destroyed with it: no copy can be read then.
    Until it is confirmed it lies in a link, under the site's key, as all links of strangers do.
    """

    answered = 0  # milliseconds since 1970, UTC
    outcome = ""  # one of `communicate.cases.strangers.OUTCOMES`

    def __init__(self, number: int, when: int, key: int, words: Any) -> None:
        self.id = number
        self.when = when
        self.key = key  # number of its key in the ring
        self.words = words  # Sealed JSON: what, where, why, address, language


class Wishes(Persistent):
    """Every request for deletion that was confirmed and is not destroyed yet."""

    def __init__(self) -> None:
        self.wishes: LOBTree = LOBTree()  # id -> Wish
        self.waiting = LLTreeSet()  # ids of those without an answer
        self.answered: OOTreeSet = OOTreeSet()  # (when, id)

    def add(self, wish: Wish) -> None:
        """Keep a new *wish*."""
        self.wishes[wish.id] = wish
        self.waiting.insert(wish.id)

    def answer(self, wish: Wish, when: int, outcome: str) -> None:
        """Take *wish*, which was answered, out of those that wait."""
        wish.answered, wish.outcome = when, outcome
        self.waiting.discard(wish.id)
        self.answered.insert((when, wish.id))

    def drop(self, wish: Wish) -> None:
        """Forget *wish*."""
        self.waiting.discard(wish.id)
        self.answered.discard((wish.answered, wish.id))
        del self.wishes[wish.id]


def install(root: Any) -> None:
    """Put what this package keeps into *root*, the mapping at the top of the database."""
    root.setdefault("wishes", Wishes())
    root.setdefault("cases", Cases())
