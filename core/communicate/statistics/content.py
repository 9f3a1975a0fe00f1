"""What the tree keeps of pages opened: a number for each day and kind, of all people together."""

from typing import Any

from BTrees.IOBTree import IOBTree
from BTrees.Length import Length
from BTrees.OOBTree import OOBTree
from persistent import Persistent


class Statistics(Persistent):
    """Counts of pages; two servers that add at one moment merge."""

    def __init__(self) -> None:
        self.days: IOBTree = IOBTree()  # day (ordinal) -> OOBTree of kind -> Length

    def add(self, day: int, kind: str, count: int) -> None:
        """Add *count* pages of *kind* on *day*."""
        kinds = self.days.get(day)
        if kinds is None:
            kinds = self.days[day] = OOBTree()
        counter = kinds.get(kind)
        if counter is None:
            counter = kinds[kind] = Length()
        counter.change(count)

    def drop_before(self, day: int) -> None:
        """Forget what is older than *day*."""
        for old in list(self.days.keys(None, day, excludemax=True)):
            del self.days[old]


def install(root: Any) -> None:
    """Put empty statistics into *root*, the mapping at the top of the database."""
    root.setdefault("statistics", Statistics())
