"""What the web side keeps in the tree, beside the site: answers to forms, for an hour."""

from typing import Any

from BTrees.LOBTree import LOBTree

ROOT = "submissions"  # uid -> OOBTree: hash -> (milliseconds, sealed address)


def install(root: Any) -> None:
    """Make the place where answers are remembered, in the mapping at the root of the database."""
    if ROOT not in root:
        root[ROOT] = LOBTree()
