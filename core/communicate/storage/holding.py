"""Asking the database to find things unchanged when a transaction commits.

It notices by itself when two transactions write one object, not when each writes what the other
has only read: somebody answers a post while its author deletes it for good.  Who reads something
and relies on it holds it: where another transaction changes it meanwhile, this one is tried again.
"""

from typing import Any


def hold(thing: Any) -> None:
    """Have this transaction tried again where another one changes *thing* meanwhile."""
    if thing._p_jar is not None:
        thing._p_jar.readCurrent(thing)


def hold_tree(tree: Any) -> None:
    """Do as `hold` does for every record of a BTree: a new key changes one of them at least."""
    hold(tree)
    bucket = getattr(tree, "_firstbucket", None)
    while bucket is not None:
        hold(bucket)
        bucket = bucket._next


def hold_end(tree: Any) -> None:
    """Do as `hold` does for the end of a BTree: a new last key changes the tree or that bucket."""
    hold(tree)
    state = tree.__getstate__()
    if hasattr(tree, "_firstbucket") and state and hasattr(state[0][-1], "_p_jar"):
        hold_end(state[0][-1])
