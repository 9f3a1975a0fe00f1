"""How many bytes each member stores: path and name of each class are an on-disk contract."""

from collections.abc import Mapping
from typing import Any

from BTrees.Length import Length
from BTrees.LOBTree import LOBTree
from persistent import Persistent
from ZODB.POSException import ConflictError

State = dict[str, Any]


class Used(Persistent):
    """The bytes of one member, by service.

    Two transactions that change it at once both count, unless they grow beyond *limit* together:
    then the later one conflicts, and is asked again with what the other has left.
    """

    limit = 0  # that was in force when it grew last; 0: none

    def __init__(self) -> None:
        self.parts: dict[str, int] = {}

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.parts.values())

    def change(self, service: str, size: int) -> None:
        """Let *service* hold *size* bytes more, or fewer where that is negative."""
        self.parts = added(self.parts, {service: size})

    def _p_resolveConflict(self, old: State, saved: State, new: State) -> State:
        was, theirs, ours = (state["parts"] for state in (old, saved, new))
        change = added(ours, {name: -size for name, size in was.items()})
        parts, limit = added(theirs, change), new.get("limit", 0)
        total = sum(parts.values())
        if limit and total > limit and total > sum(theirs.values()):
            raise ConflictError("together they are too many")
        return {**saved, "parts": parts, "limit": limit}


def added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    """Return the sums of both by name, but no zeros."""
    sums = {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}
    return {name: size for name, size in sums.items() if size}


class Storage(Persistent):
    """What members store, by uid, and all together."""

    def __init__(self) -> None:
        self.by_uid = LOBTree()  # uid -> Used
        self.total = Length()  # bytes of all of them

    def change(self, uid: int, service: str, size: int, limit: int = 0) -> None:
        """Count *size* bytes more of *uid*, of whom *limit* is what may be stored, or fewer."""
        if uid not in self.by_uid:
            self.by_uid[uid] = Used()
        used: Used = self.by_uid[uid]
        used.change(service, size)
        if size > 0:
            used.limit = limit
        self.total.change(size)

    def forget(self, uid: int) -> None:
        """Count nothing of *uid* any more."""
        used = self.by_uid.pop(uid, None)
        if used is not None:
            self.total.change(-used.total)

    def forget_service(self, uid: int, service: str) -> None:
        """Count nothing of *service* for *uid*: what it kept is gone."""
        used = self.by_uid.get(uid)
        if used is not None and service in used.parts:
            self.change(uid, service, -used.parts[service])


def install(root: Any) -> None:
    """Put what this package keeps into *root*, the mapping at the top of the database."""
    root.setdefault("storage", Storage())
