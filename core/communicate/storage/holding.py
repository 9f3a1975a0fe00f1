"""Asking the database to find things unchanged when a transaction commits.

It notices by itself when two transactions write one object, not when each writes what the other
has only read: somebody answers a post while its author deletes it for good.  Who reads something
and relies on it holds it: where another transaction changes it meanwhile, this one is tried again.
"""

from typing import Any


def hold(thing: Any) -> None:
    """Have this transaction tried again where another one changes *thing* meanwhile."""
    if thing._p_jar is not None:
        thing._p_activate()  # of what is not loaded nobody knows which state was relied on
        thing._p_jar.readCurrent(thing)


def hold_tree(tree: Any) -> None:
    """Do as `hold` does for every record of a BTree: a new key changes one of them at least."""
    hold(tree)
    bucket = getattr(tree, "_firstbucket", None)
    while bucket is not None:
        hold(bucket)
        bucket = bucket._next
