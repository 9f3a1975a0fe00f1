"""What was found out for one viewer, and holds until something is committed anywhere."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Result = TypeVar("Result")
KEY = "communicate.catalog.memory"
MOST = 2_000  # answers


def remembered(request: Any, key: Hashable, make: Callable[[], Result]) -> Result:
    """Return what *make* returns for the viewer of *request* and *key*, made anew after a commit.

    Only ids and counts belong here, never words: whether a thing may be read is asked whenever
    it is shown.
    """
    known: dict[Any, tuple[bytes, Any]] = request.registry.setdefault(KEY, {})
    # What this connection reads, not what was committed since: else an answer from before would
    # be remembered as one from after. RelStorage knows that as its last transaction.
    storage = request.root_map._p_jar._storage
    tid = getattr(storage, "_start", None) or storage.lastTransaction()
    place = (key, request.viewer.uid)
    held = known.get(place)
    if held is None or held[0] != tid:
        if len(known) >= MOST:
            known.clear()
        held = known[place] = (tid, make())
    found: Result = held[1]
    return found
