"""What the tree keeps of disclosures: for each member, when and which kind; never the words.

What left is described once for all members by a term (recipient, purpose, names of fields); a
record is two numbers.  The id of a record holds its time, to the millisecond.
"""

from collections.abc import Iterator

from BTrees.IOBTree import IOBTree
from BTrees.LLBTree import LLBTree
from BTrees.LOBTree import LOBTree
from BTrees.OIBTree import OIBTree
from BTrees.OOBTree import OOTreeSet
from persistent import Persistent

Term = tuple[str, str, tuple[str, ...]]  # recipient, purpose, names of the fields


class Disclosures(Persistent):
    """Every disclosure about every member, and on which days there were any."""

    def __init__(self) -> None:
        self.terms: IOBTree = IOBTree()  # number -> Term
        self.numbers: OIBTree = OIBTree()  # Term -> number
        self.by_member: LOBTree = LOBTree()  # uid -> LLBTree of id -> number of a term
        self.days: OOTreeSet = OOTreeSet()  # (day, uid): what is too old is found by these

    def add(self, uid: int, number: int, term: Term, day: int) -> None:
        """Keep under the id *number* that *term* left about *uid* on *day*."""
        kept = self.by_member.get(uid)
        if kept is None:
            kept = self.by_member[uid] = LLBTree()
        kept[number] = self._number_of(term)
        if (day, uid) not in self.days:
            self.days.insert((day, uid))

    def newest(self, uid: int, before: int | None = None) -> Iterator[tuple[int, Term]]:
        """Yield the records of *uid*, from the newest, or the one before *before*, on."""
        kept = self.by_member.get(uid)
        while kept:
            try:
                number = kept.maxKey() if before is None else kept.maxKey(before - 1)
            except ValueError:
                return
            yield number, self.terms[kept[number]]
            before = number

    def drop_before(self, uid: int, number: int) -> int:
        """Forget what is older than the id *number* of *uid*; return how many records that is."""
        kept = self.by_member.get(uid)
        old = [] if kept is None else list(kept.keys(None, number, excludemax=True))
        for each in old:
            del kept[each]
        if kept is not None and not kept:
            del self.by_member[uid]
        return len(old)

    def _number_of(self, term: Term) -> int:
        known: int | None = self.numbers.get(term)
        if known is None:
            known = self.numbers[term] = self.terms.maxKey() + 1 if self.terms else 0
            self.terms[known] = term
        return known


def install(root: "dict[str, object]") -> None:
    """Put an empty record into *root*, the mapping at the top of the database."""
    root.setdefault("disclosures", Disclosures())
