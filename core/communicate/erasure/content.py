"""What the tree keeps of erasures, and of who authored what.

An `Erasure` stays for good: a number, two dates and the state of each step, by which everything
that belonged to the number reads as deleted.  It never says who the number was.
"""

from typing import Any

from BTrees.Length import Length
from BTrees.LLBTree import LLTreeSet
from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOBTree
from persistent import Persistent

PENDING, DONE, NONE = "pending", "done", "none"  # none: there is nothing to be done for it yet


class Erasure(Persistent):
    """One account's erasure: how far it is.  Times are milliseconds since 1970, UTC."""

    finished: int | None = None
    job: int = 0

    def __init__(self, uid: int, started: int, code: bytes) -> None:
        self.uid = uid
        self.started = started
        self.code = code  # SHA-256 of what shows the receipt
        self.states: dict[str, str] = {}
        self.plugins: dict[str, str] = {}
        self.counts: dict[str, int] = {}

    def set_state(self, step: str, state: str) -> None:
        """Record how far *step* is."""
        self.states = {**self.states, step: state}

    def set_plugin(self, name: str, state: str) -> None:
        """Record whether the plugin *name* has erased what it held."""
        self.plugins = {**self.plugins, name: state}

    def add_counts(self, counts: dict[str, int]) -> None:
        """Add what one batch has erased, by kind."""
        self.counts = {
            kind: self.counts.get(kind, 0) + counts.get(kind, 0)
            for kind in {**self.counts, **counts}
        }

    @property
    def is_whole(self) -> bool:
        """Whether no plugin has anything left to do."""
        return PENDING not in self.plugins.values()


class Erasures(Persistent):
    """Every erasure of the site."""

    def __init__(self) -> None:
        self.by_uid: LOBTree = LOBTree()  # uid -> Erasure
        self.open: LLTreeSet = LLTreeSet()  # uids of those that are not finished
        self.codes: OOBTree = OOBTree()  # SHA-256 of a receipt's code -> uid

    def add(self, erasure: Erasure) -> None:
        """Keep a new *erasure*."""
        self.by_uid[erasure.uid] = erasure
        self.open.insert(erasure.uid)
        self.codes[erasure.code] = erasure.uid


class Authored(Persistent):
    """The ids of what each member authored anywhere, by kind, and how many there are of a kind.

    A kind begins with the name of its plugin: ``forums.post``.
    """

    def __init__(self) -> None:
        self.by_member: LOBTree = LOBTree()  # uid -> OOBTree of kind -> LLTreeSet of ids
        self.counts: OOBTree = OOBTree()  # kind -> Length

    def add(self, uid: int, kind: str, item: int) -> None:
        """Remember that *uid* authored *item*; remembered already, nothing changes."""
        kinds = self.by_member.get(uid)
        if kinds is None:
            kinds = self.by_member[uid] = OOBTree()
        items = kinds.get(kind)
        if items is None:
            items = kinds[kind] = LLTreeSet()
        if items.insert(item):
            self._count(kind, 1)

    def remove(self, uid: int, kind: str, item: int) -> None:
        """Forget it; forgotten already, nothing changes."""
        items = self.by_member.get(uid, {}).get(kind)
        if items is not None and item in items:
            items.remove(item)
            self._count(kind, -1)

    def forget(self, uid: int) -> None:
        """Forget *uid*, of whom nothing may be left."""
        self.by_member.pop(uid, None)

    def forget_plugin(self, uid: int, plugin: str) -> None:
        """Forget what *uid* authored of the kinds of *plugin*."""
        kinds = self.by_member.get(uid, {})
        for kind in [kind for kind in kinds if kind.partition(".")[0] == plugin]:
            self._count(kind, -len(kinds.pop(kind)))

    def _count(self, kind: str, change: int) -> None:
        counter = self.counts.get(kind)
        if counter is None:
            counter = self.counts[kind] = Length()
        counter.change(change)


def install(root: Any) -> None:
    """Put what this package keeps into *root*, the mapping at the top of the database."""
    root.setdefault("erasures", Erasures())
    root.setdefault("authored", Authored())
