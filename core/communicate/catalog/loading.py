"""From a row to the object it points to: a row is a hint, the tree decides."""

from enum import Enum
from typing import Any, Protocol

from ZODB.interfaces import IBroken

from communicate.content import Folder


class Located(Protocol):
    """What names an object: a `Hit` or a `Place`."""

    @property
    def id(self) -> int:
        """The object's id."""
        ...

    @property
    def locator(self) -> tuple[str, ...]:
        """The names from the site down to the object."""
        ...


class Missing(Enum):
    """Why there is no object to show."""

    GONE = "gone"  # the row is wrong
    UNAVAILABLE = "unavailable"  # its plugin, or one above it, is off: the row may be right


def resolve(site: Any, place: Located, holders: dict[tuple[str, ...], Any] | None = None) -> Any:
    """Return the object at *place*, or why there is none.

    An object of another id that has taken the name counts as gone.  What holds things is kept in
    *holders* where one is given: of many places, most are in the same few things.
    """
    names = place.locator[:-1]
    holder = None if holders is None else holders.get(names)
    if holder is None:
        holder = site
        for one in names:
            holder = _below(holder, one)
        if holders is not None:
            holders[names] = holder
    found = _below(holder, place.locator[-1]) if place.locator else site
    if found is Missing.UNAVAILABLE:
        return found
    return found if getattr(found, "id", None) == place.id else Missing.GONE


def _below(holder: Any, name: str) -> Any:
    """Return what *holder* holds as *name*, or why there is none."""
    if isinstance(holder, Missing):
        return holder
    try:
        return holder[name]
    except (KeyError, TypeError):  # TypeError: what stands there is no container
        off = isinstance(holder, Folder) and _is_unavailable(holder, name)
        return Missing.UNAVAILABLE if off else Missing.GONE


def _is_unavailable(folder: Folder, name: str) -> bool:
    try:
        return bool(IBroken.providedBy(folder.raw(name)))
    except KeyError:  # a folder may hold more than its children: conversations by id
        return False
