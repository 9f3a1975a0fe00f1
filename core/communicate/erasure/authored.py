"""`IAuthored`: the ids of what each member authored anywhere."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from zope.interface import implementer

from communicate.erasure.content import Authored
from communicate.interfaces import IAuthored


def plugin_of(kind: str) -> str:
    """Return the plugin to which things of *kind* belong."""
    return kind.partition(".")[0]


@implementer(IAuthored)
class AuthoredService:
    """Who authored what, for one request."""

    def __init__(self, request: Any) -> None:
        self.authored: Authored = request.root_map["authored"]

    def add(self, uid: int, kind: str, item: int) -> None:
        """Remember that *uid* authored the *kind* of thing with the id *item*."""
        self.authored.add(uid, kind, item)

    def remove(self, uid: int, kind: str, item: int) -> None:
        """Forget it."""
        self.authored.remove(uid, kind, item)

    def kinds(self, uid: int) -> list[str]:
        """Return the kinds of which *uid* authored anything."""
        return [kind for kind, items in self.authored.by_member.get(uid, {}).items() if items]

    def has(self, uid: int, kind: str, item: int) -> bool:
        """Tell whether *uid* authored the *kind* of thing with the id *item*."""
        return item in self.authored.by_member.get(uid, {}).get(kind, ())

    def items(self, uid: int, kind: str, *, after: int = 0, most: int | None = None) -> list[int]:
        """Return ids of things of *kind* that *uid* authored, from the first above *after* on."""
        found = self.authored.by_member.get(uid, {}).get(kind, ())
        if not found:
            return []
        return list(islice(found.keys(after, excludemin=True), most))

    def newest(
        self, uid: int, kind: str, *, before: int | None = None, most: int = 30
    ) -> list[int]:
        """Return ids of the *kind* that *uid* authored, the newest, or those below *before*."""
        held, found = self.authored.by_member.get(uid, {}).get(kind), list[int]()
        while held and len(found) < most:
            try:
                before = held.maxKey() if before is None else held.maxKey(before - 1)
            except ValueError:
                break
            found.append(before)
        return found

    def wrote(self, uid: int, kind: str, item: int) -> bool:
        """Tell whether *uid* authored the thing of *kind* with the id *item*."""
        return item in self.authored.by_member.get(uid, {}).get(kind, ())

    def totals(self) -> dict[str, int]:
        """Return how many things of each kind there are."""
        return {kind: int(count()) for kind, count in self.authored.counts.items() if count()}

    def of(self, uid: int) -> Iterator[tuple[str, int]]:
        """Yield kind and id of everything that *uid* authored."""
        for kind in self.kinds(uid):
            for item in self.items(uid, kind):
                yield kind, item
