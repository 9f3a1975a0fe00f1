"""The catalog as a request sees it: it writes with the request's transaction."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Unpack

from zope.interface import implementer

from communicate.catalog.changes import Changes
from communicate.catalog.entries import Count, Entry, Hit, Terms, Viewer
from communicate.catalog.kinds import kinds_of
from communicate.catalog.loading import Missing, resolve
from communicate.catalog.service import Catalog, Narrow
from communicate.catalog.writing import stamp
from communicate.interfaces import ICatalog
from communicate.permissions import VIEW
from communicate.security import permits

# Transactions see the tree as it was when they began, and the catalog as it is: a row may be
# ahead of them.  Only rows older than any such transaction are taken for wrong.
GRACE = 600_000  # milliseconds


@implementer(ICatalog)
class RequestCatalog:
    """Questions of one request, and changes that are written when its transaction commits."""

    def __init__(self, catalog: Catalog, request: Any) -> None:
        self.catalog = catalog
        self.request = request

    def put(self, entry: Entry) -> None:
        """Store *entry* in place of what is known of its id; see `Entry`."""
        self._changes().put(entry)

    def remove(self, item: int) -> None:
        """Forget the item with the id *item*, its words, and the rights that it governs."""
        self._changes().remove(item)

    def set_rights(self, acl_id: int, principals: Iterable[str]) -> None:
        """State who may read every item that *acl_id* governs."""
        self._changes().set_rights(acl_id, principals)

    def hold(self, principal: str, uid: int) -> None:
        """State that member *uid* holds *principal*: ``contacts:<uid>`` or ``circle:<id>``."""
        self._changes().holders[principal, uid] = True

    def unhold(self, principal: str, uid: int) -> None:
        """State that member *uid* does not hold *principal* any more."""
        self._changes().holders[principal, uid] = False

    def block(self, uid: int, blocked: int) -> None:
        """Keep what *uid* and *blocked* have written from each other."""
        self._changes().blocks[uid, blocked] = True

    def unblock(self, uid: int, blocked: int) -> None:
        """Take back what `block` said."""
        self._changes().blocks[uid, blocked] = False

    def forget(self, uid: int) -> None:
        """Forget every row that names member *uid*; the account is being erased."""
        self._changes().forget(uid)

    def drop_words(self, items: Iterable[int]) -> None:
        """Forget the words and titles of *items*; the rows stay."""
        self._changes().drop_words(items)

    def search(self, viewer: Viewer, words: str, **terms: Unpack[Terms]) -> list[Hit]:
        """Return what *viewer* may read and has all of *words*, newest first.

        Words match whole, but for a last one of three letters or more that text still follows:
        it matches what begins with it.
        """
        marked = terms.get("kinds") is not None
        return self.catalog.search(viewer, words, marked=marked, **self._enabled(terms))

    def newest(self, viewer: Viewer, **terms: Unpack[Terms]) -> list[Hit]:
        """Return what *viewer* may read, newest first."""
        return self.catalog.newest(viewer, **self._enabled(terms))

    def shared(
        self, uid: int, *, before: tuple[int, int] | None = None, limit: int = 20
    ) -> list[Hit]:
        """Return what member *uid* authored and others may read, newest first."""
        return self.catalog.shared(uid, before, limit)

    def titles(
        self, viewer: Viewer, *, after: tuple[str, int] | None = None, **terms: Unpack[Terms]
    ) -> list[Hit]:
        """Return what *viewer* may read by title, after the hit with that ``sort`` and id."""
        return self.catalog.titles(viewer, after=after, **self._enabled(terms))

    def count(self, viewer: Viewer, words: str | None = None, **terms: Unpack[Terms]) -> Count:
        """Return how many items *viewer* may read, with *words* where given, up to 500."""
        marked = terms.get("kinds") is not None
        return self.catalog.count(viewer, words, marked=marked, **self._enabled(terms))

    def together(self) -> AbstractContextManager[None]:
        """Let the questions of a block share one connection: it is quicker."""
        return self.catalog.together()

    def narrow(
        self, viewer: Viewer, *, own: int, others: int, **terms: Unpack[Terms]
    ) -> tuple[list[Narrow], list[Narrow]]:
        """Return id, author and sealed words of what *viewer* and few others may read."""
        return self.catalog.narrow(viewer, own=own, others=others, **self._enabled(terms))

    def labelled(self, items: Collection[int]) -> list[tuple[str, int, int]]:
        """Return each label of *items*, how many have it, and the newest that has it.

        Of items that a question has returned: nothing is asked about rights here.
        """
        return self.catalog.labelled(items)

    def named(self, viewer: Viewer, items: Collection[int]) -> list[Hit]:
        """Return those of *items* that *viewer* may read, newest first."""
        return self.catalog.named(viewer, items)

    def load(self, hits: Iterable[Hit]) -> list[tuple[Hit, Any]]:
        """Return the hits that the viewer of this request may read, each with its object.

        The tree decides.  A row without its object is left out, and forgotten with this
        transaction; one whose plugin is not enabled is left out and kept.
        """
        return list(self.loading(hits))

    def loading(self, hits: Iterable[Hit]) -> Iterator[tuple[Hit, Any]]:
        """Yield what `load` returns, each loaded when it is asked for."""
        holders: dict[tuple[str, ...], Any] = {}
        for hit in hits:
            thing = resolve(self.request.site, hit, holders)
            if thing is Missing.GONE:
                self._repair(hit)
            elif thing is not Missing.UNAVAILABLE and permits(self.request, thing, VIEW):
                yield hit, thing

    def _repair(self, hit: Hit) -> None:
        if hit.written < stamp() - GRACE:
            self._changes().repair(hit)

    def _changes(self) -> Changes:
        return self.catalog.changes(self.request.tm)

    def _enabled(self, terms: Terms) -> Terms:
        """Return *terms* for enabled kinds only: others' objects could not be loaded."""
        enabled = kinds_of(self.request.registry).keys()
        wanted = terms.get("kinds")
        return {**terms, "kinds": enabled if wanted is None else enabled & set(wanted)}
