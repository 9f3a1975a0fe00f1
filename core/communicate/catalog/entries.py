"""What goes into the catalog and what comes out of it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypedDict

Cursor = tuple[int, int]  # time and id of the last hit of a page


@dataclass(frozen=True, slots=True)
class Entry:
    """What the catalog is told of one item; ``id`` is its own among things of every kind.

    ``acl`` is the id of the object whose audience governs the item, and ``principals`` who may
    read by it as far as this transaction knows: they count only for an ``acl`` without rights so
    far, because `set_rights` is how they change.  ``title`` and ``words`` are plain text; they are
    stored, folded, only while members or everybody may read the item.  So are ``labels``, such as
    "tag:garden"; those of what only some may read are sealed with its words.
    """

    id: int
    kind: str
    acl: int
    principals: tuple[str, ...]
    locator: tuple[str, ...]  # names from the site down to the object
    time: int  # milliseconds since 1970, UTC, by which "newest" sorts
    author: int | None = None  # uid of the owner, who may read it in any case
    container: int | None = None  # id
    title: str = ""
    words: str = ""
    labels: tuple[str, ...] = ()  # lists are narrowed by them: without spaces, and with a colon


class Hit(NamedTuple):
    """One row that a viewer may read by the catalog's knowledge: a hint, until it is loaded."""

    id: int
    kind: str
    acl: int
    author: int | None
    container: int | None
    locator: tuple[str, ...]
    time: int
    sort: str
    written: int  # milliseconds since 1970 at which the row was written

    @property
    def cursor(self) -> Cursor:
        """The place of this hit, to be passed as ``before`` for the page that follows."""
        return (self.time, self.id)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item is, or was until it was removed."""

    id: int
    kind: str
    locator: tuple[str, ...]
    written: int


@dataclass(frozen=True, slots=True)
class Count:
    """A number of items; with ``more``, there are more than that."""

    number: int
    more: bool = False


class Terms(TypedDict, total=False):
    """The terms that every question accepts by name.

    kinds: only these; author: a uid; authors: several; container: an id; since and until: the
    milliseconds between which it was made, as ids tell; earliest and latest: those between which
    its time is; labels: all of these, of what members or everybody may read (with one kind);
    before: the cursor after which to go on, or ending: the one before which to end; limit: the
    size of the page, 20 where nothing is said.
    """

    kinds: Collection[str] | None
    author: int | None
    authors: Collection[int] | None
    container: int | None
    since: int | None
    until: int | None
    earliest: int | None
    latest: int | None
    labels: Collection[str] | None
    before: Cursor | None
    ending: Cursor | None
    limit: int


class Viewer(Protocol):
    """Who asks: see `communicate.principals.Viewer`."""

    uid: int | None

    def __contains__(self, principal: object) -> bool:
        """Tell whether the viewer holds *principal*."""
        ...
