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


def resolve(site: Any, place: Located) -> Any:
    """Return the object at *place*, or why there is none.

    An object of another id that has taken the name counts as gone.
    """
    found = site
    for name in place.locator:
        if isinstance(found, Folder) and _is_unavailable(found, name):
            return Missing.UNAVAILABLE
        try:
            found = found[name]
        except (KeyError, TypeError):  # TypeError: what stands there is no container
            return Missing.GONE
    return found if getattr(found, "id", None) == place.id else Missing.GONE


def _is_unavailable(folder: Folder, name: str) -> bool:
    try:
        return bool(IBroken.providedBy(folder.raw(name)))
    except KeyError:
        return False
