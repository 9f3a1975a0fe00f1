"""What the tree knows of backups: when the last was made, and where copies of the ring lie."""

from typing import Any

from BTrees.OLBTree import OLBTree
from persistent import Persistent


class Backups(Persistent):
    """The last backup, and the folders with a copy of the key ring.

    Times are milliseconds since 1970, UTC; 0 is never.  The folders stay known so that an
    erasure finds every copy that it has to renew.
    """

    last: int = 0
    folder: str = ""

    def __init__(self) -> None:
        self.keys: OLBTree = OLBTree()  # folder -> when its copy was last renewed

    def made(self, when: int, folder: str) -> None:
        """Remember a backup in *folder* whose recovery point is *when*."""
        self.last, self.folder = when, folder


def install(root: Any) -> None:
    """Put what this package keeps into *root*, the mapping at the top of the database."""
    root.setdefault("backups", Backups())
