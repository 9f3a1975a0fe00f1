"""What privacy keeps in the tree; path and names are an on-disk contract.

Times are milliseconds since 1970, UTC.
"""

from typing import Any

from BTrees.IOBTree import IOBTree
from BTrees.LOBTree import LOBTree
from persistent import Persistent

ROOT = "privacy"


class Privacy(Persistent):
    """The versions of the policy, and what members consent to."""

    def __init__(self) -> None:
        self.versions: IOBTree = IOBTree()  # number, from 1 -> Version
        self.consents: LOBTree = LOBTree()  # uid -> Consents


class Version(Persistent):
    """What the pages about privacy said from *since* on.

    *pieces* maps the name of each piece to its words, by language and field; *asks* tells
    whether members were asked to read what is different.
    """

    def __init__(self, since: int, pieces: dict[str, Any], asks: bool) -> None:
        self.since = since
        self.pieces = pieces
        self.asks = asks


class Consents(Persistent):
    """What one member gave and withdrew, in the order of it."""

    def __init__(self) -> None:
        self.acts: tuple[tuple[str, bool, int], ...] = ()  # (purpose, given, when)


def install(root: Any) -> None:
    """Put what this package keeps into *root*, the mapping at the top of the database."""
    root.setdefault(ROOT, Privacy())
