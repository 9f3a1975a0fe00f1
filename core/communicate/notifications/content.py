"""What the tree keeps of notices: for each member an inbox, and who caused any.

A notice holds no words of members: a kind, numbers, and where it leads.  An inbox is written by
everybody who does something that concerns its member, so that its trees and counters merge.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from BTrees.Length import Length
from BTrees.LOBTree import LOBTree
from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent


class Notice(NamedTuple):
    """One notice, kept as a plain tuple under its time-ordered id.

    *target* is the address of the thing, or an address of the site where *thing*, an id, is 0;
    *path* is where the notice leads if that is elsewhere.  *times* is how often it
    happened since it was last read; *mailed*, whether a mail has told of it.
    """

    kind: str
    by: int | None
    target: str
    thing: int = 0
    path: str = ""
    times: int = 1
    read: bool = False
    mailed: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What tells this notice from one that is not about the same."""
        return self.target, self.kind


class Inbox(Persistent):
    """The notices of one member, how many of them are unread, and when they go out by mail."""

    door: bytes | None = None  # SHA-256 of what stops its mail without signing in
    serial = 0  # how often that was made anew

    def __init__(self) -> None:
        self.notices: LOBTree = LOBTree()  # id -> Notice, as a tuple
        self.open: OOBTree = OOBTree()  # (target, kind) -> id of the one that is unread
        self.unread = Length()
        self.total = Length()
        self.choices: dict[str, str] = {}  # kind, or "*" for all others -> when it is mailed
        self.plans: dict[str, tuple[int, int]] = {}  # "now", "daily", "weekly" -> (due, job's id)

    def get(self, number: int) -> Notice | None:
        """Return the notice with that id, or None."""
        found = self.notices.get(number)
        return None if found is None else Notice._make(found)

    def put(self, number: int, notice: Notice) -> None:
        """Keep *notice* under a new id."""
        self.notices[number] = tuple(notice)
        self.total.change(1)
        if not notice.read:
            self.open[notice.key] = number
            self.unread.change(1)

    def drop(self, number: int) -> None:
        """Forget the notice with that id."""
        notice = self.get(number)
        if notice is not None:
            self._close(number, notice)
            del self.notices[number]
            self.total.change(-1)

    def read(self, number: int) -> bool:
        """Mark the notice with that id as read; tell whether it was unread."""
        notice = self.get(number)
        if notice is None or notice.read:
            return False
        self._close(number, notice)
        self.notices[number] = tuple(notice._replace(read=True))
        return True

    def mark_mailed(self, number: int) -> None:
        """Remember that a mail has told of the notice with that id."""
        notice = self.get(number)
        if notice is not None and not notice.mailed:
            self.notices[number] = tuple(notice._replace(mailed=True))

    def unread_about(self, target: str) -> list[int]:
        """Return the ids of the unread notices about *target*, of whatever kind."""
        return list(self.open.values((target,), (f"{target}\0",)))

    def newest(self, before: int | None = None) -> Iterator[tuple[int, Notice]]:
        """Yield the notices with their ids, from the newest, or the one before *before*, on."""
        while True:
            try:
                number = self.notices.maxKey() if before is None else self.notices.maxKey(before)
            except ValueError:
                return
            yield number, Notice._make(self.notices[number])
            before = number - 1

    def _close(self, number: int, notice: Notice) -> None:
        if not notice.read:
            if self.open.get(notice.key) == number:
                del self.open[notice.key]
            self.unread.change(-1)


class Notices(Persistent):
    """The inboxes of the site."""

    def __init__(self) -> None:
        self.inboxes: LOBTree = LOBTree()  # uid -> Inbox
        self.caused: OOTreeSet = OOTreeSet()  # (uid, whose inbox holds a notice caused by it)
        self.doors: OOBTree = OOBTree()  # SHA-256 of what stops mail without signing in -> uid


def install(root: Any) -> None:
    """Put the empty inboxes into *root*, the mapping at the top of the database."""
    root.setdefault("notices", Notices())
