"""The catalog of one application: questions, and what maintains it."""

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar, Unpack

from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import DBAPIError

from communicate.catalog import lists, queries, writing
from communicate.catalog.changes import Changes
from communicate.catalog.datamanager import CatalogBusy, changes_of, translate
from communicate.catalog.engine import Engine
from communicate.catalog.entries import Count, Cursor, Entry, Hit, Place, Terms, Viewer
from communicate.catalog.prepared import Values, place_of, values_of
from communicate.catalog.queries import reader_of
from communicate.catalog.statements import Statements
from communicate.catalog.tables import block, holder, item, removed
from communicate.catalog.text import Marks, query
from communicate.principals import MEMBERS, PUBLIC
from communicate.storage.retry import TRIES, pause

Result = TypeVar("Result")
Narrow = tuple[int, int | None, bytes]  # id, author, sealed words

CEILING = 500  # "more than 500": counting is a quarter of what a search takes
FEW = 4  # kinds; where more are wanted, marks would not make a search quicker
SETTLED = 10_000  # milliseconds within which any commit that has begun is over


class Catalog:
    """An opened catalog, shared by all threads; each question is a short transaction of its own.

    Questions see what is committed, never what the present transaction is going to write.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_new = engine.prepare()
        self.settled = SETTLED
        self._shared = threading.local()
        self._statements = Statements(engine)

    def close(self) -> None:
        """Close every connection."""
        self.engine.close()

    def changes(self, manager: Any) -> Changes:
        """Return what the current transaction of *manager* is going to write, to be added to."""
        return changes_of(self.engine, manager)

    def search(
        self, viewer: Viewer, words: str, *, marked: bool = True, **terms: Unpack[Terms]
    ) -> list[Hit]:
        """Return what *viewer* may read and has all of *words*, newest first.

        *marked* says that the kinds among the *terms* are a choice, not all that there are.
        """
        match = self._expression(viewer, words, terms, marked=marked)
        return [] if match is None else self._page(viewer, terms, match)

    def newest(self, viewer: Viewer, **terms: Unpack[Terms]) -> list[Hit]:
        """Return what *viewer* may read, newest first."""
        return self._page(viewer, terms)

    def titles(
        self, viewer: Viewer, *, after: tuple[str, int] | None = None, **terms: Unpack[Terms]
    ) -> list[Hit]:
        """Return what *viewer* may read by title, from the hit with that ``sort`` and id on.

        Only what members or everybody may read has a title here.
        """
        sort, number = after or (None, None)
        values = values_of(reader_of(viewer), terms, after_sort=sort, after_id=number)
        return self._hits(self._statements.of("titles", values), values)

    def count(
        self,
        viewer: Viewer,
        words: str | None = None,
        *,
        ceiling: int = CEILING,
        marked: bool = True,
        **terms: Unpack[Terms],
    ) -> Count:
        """Return how many items *viewer* may read, with *words* where given, up to *ceiling*."""
        match = None
        if words is not None:
            match = self._expression(viewer, words, terms, marked=marked)
            if match is None:
                return Count(0)
        limited: Terms = {**terms, "limit": ceiling + 1}
        values = values_of(reader_of(viewer), limited, match=match)
        with self._reading() as connection:
            found = connection.scalar(self._statements.of("count", values), values) or 0
        return Count(min(found, ceiling), more=found > ceiling)

    def narrow(
        self, viewer: Viewer, *, own: int, others: int, **terms: Unpack[Terms]
    ) -> tuple[list[Narrow], list[Narrow]]:
        """Return id, author and sealed words of what *viewer* may read and few others do.

        The newest of the viewer's own things, *own* at most, and of others', *others* at most.
        """
        reader = reader_of(viewer)
        if reader.uid is None:
            return [], []
        limited: Terms = {**terms, "limit": others}
        named = tuple(name for name in reader.principals if name not in (PUBLIC, MEMBERS))
        values = values_of(reader._replace(principals=named), limited, own=own)
        with self._reading() as connection:
            found = connection.execute(self._statements.of("narrow", values), values).all()
        rows: list[Narrow] = sorted(map(tuple, found), reverse=True)
        return (
            [row for row in rows if row[1] == reader.uid],
            [row for row in rows if row[1] != reader.uid],
        )

    def named(self, viewer: Viewer, items: Collection[int]) -> list[Hit]:
        """Return those of *items* that *viewer* may read, newest first."""
        terms = [*queries.visible(reader_of(viewer)), item.c.id.in_(sorted(items))]
        return self._hits(select(item).where(*terms).order_by(item.c.id.desc()))

    def shared(self, uid: int, before: tuple[int, int] | None, limit: int) -> list[Hit]:
        """Return what member *uid* authored and others may read, newest first."""
        return self._hits(queries.shared(uid, before, limit))

    def governed(self, acl: int, after: int, limit: int) -> list[Hit]:
        """Return items that *acl* governs, by id, after the id *after*; for nobody's eyes."""
        terms = item.c.acl == acl, item.c.id > after
        return self._hits(select(item).where(*terms).order_by(item.c.id).limit(limit))

    def recent(self, until: int, window: int, limit: int) -> list[Place]:
        """Return what was written or removed in the last *window* ms before the last write.

        What was written after *until* is left out.

        At most *limit* places, the latest first.  An item also counts as written when the rights
        were that it hangs on; of the items that share them, one is returned.
        """
        with self._reading() as connection:
            last = connection.scalar(queries.last_write(until)) or 0
            rows = connection.execute(queries.recent(last - window, until, limit))
            return [queries.place(row) for row in rows]

    def refresh(self, entries: list[Entry], as_of: int) -> None:
        """Write and commit *entries*, as they were at *as_of*, unless somebody has written since.

        Raises CatalogBusy.
        """

        def write(connection: Connection) -> None:
            writing.lock(self.engine, connection, entries, {entry.acl for entry in entries})
            current = writing.unless_newer(connection, entries, as_of)
            writing.refresh_rights(self.engine, connection, current, as_of)
            writing.put(self.engine, connection, current, as_of)

        self._persist(write)

    def sweep(self, kind: str, older: int) -> int:
        """Forget the items of *kind* written before *older*; return how many.

        Raises CatalogBusy.
        """
        terms = item.c.kind == kind, item.c.written < older
        return self._persist(partial(writing.remove_where, self.engine, terms=terms))

    def forget_authored(self, uid: int, most: int) -> int:
        """Forget up to *most* items that member *uid* authored; return how many.

        All at once, the only lock for writing would be held for as long as that takes.
        Raises CatalogBusy.
        """
        return self._persist(
            lambda connection: writing.remove_some(
                self.engine, connection, item.c.author == uid, most
            )
        )

    def forget_plugin(self, name: str) -> int:
        """Forget the items of the plugin *name*: kinds begin with its name; return how many.

        Raises CatalogBusy.
        """
        return self._persist(partial(writing.remove_plugin, self.engine, name=name))

    def held(self, principals: Collection[str]) -> set[tuple[str, int]]:
        """Return who holds *principals*: pairs of principal and uid; for nobody's eyes."""
        return self._pairs(holder, holder.c.principal, principals)

    def blocks(self, uids: Collection[int]) -> set[tuple[int, int]]:
        """Return whom *uids* have blocked: pairs of uids; for nobody's eyes."""
        return self._pairs(block, block.c.uid, uids)

    def principals(self, after: str, limit: int) -> list[str]:
        """Return principals that somebody holds, in order, from above *after* on."""
        found = select(holder.c.principal).where(holder.c.principal > after).distinct()
        with self._reading() as connection:
            return list(connection.scalars(found.order_by(holder.c.principal).limit(limit)))

    def blockers(self, after: int, limit: int) -> list[int]:
        """Return members who have blocked somebody, in order, from above *after* on."""
        found = select(block.c.uid).where(block.c.uid > after).distinct()
        with self._reading() as connection:
            return list(connection.scalars(found.order_by(block.c.uid).limit(limit)))

    def _pairs(self, table: Table, column: Any, keys: Collection[Any]) -> set[tuple[Any, int]]:
        found: set[tuple[Any, int]] = set()
        with self._reading() as connection:
            for some in writing.chunks(keys):
                rows = connection.execute(select(*table.columns).where(column.in_(some)))
                found.update((row[0], row[1]) for row in rows)
        return found

    def checkpoint(self, patience: float = 60) -> None:
        """Leave nothing of what was deleted in the database's files.

        On PostgreSQL, its WAL and its transactions that are still open may keep some for a while.
        Raises TimeoutError after *patience* seconds.
        """
        try:
            self._persist(lambda connection: connection.execute(removed.delete()))
        except CatalogBusy as error:
            raise TimeoutError("the catalog was busy for too long: try again later") from error
        self.engine.clean(patience)

    def _persist(self, action: Callable[[Connection], Result]) -> Result:
        """Return what *action* does in a transaction of its own; retry while others write."""
        for tried in range(1, TRIES):
            try:
                return self._once(action)
            except CatalogBusy:
                pause(tried)
        return self._once(action)

    def _once(self, action: Callable[[Connection], Result]) -> Result:
        try:
            with self.engine.begin() as connection:
                result = action(connection)
                connection.commit()
                return result
        except DBAPIError as error:
            raise translate(self.engine, error) from error

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let the questions of this thread share one connection until the block ends."""
        with self._reading() as connection:
            self._shared.connection = connection
            try:
                yield
            finally:
                self._shared.connection = None

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """Yield a connection for a question or two, each a short transaction of its own."""
        shared = getattr(self._shared, "connection", None)
        if shared is not None:
            yield shared
            return
        with self.engine.sql.connect() as connection:
            yield connection.execution_options(communicate_reads=True)

    def _expression(self, viewer: Viewer, words: str, terms: Terms, *, marked: bool) -> str | None:
        """Return what finds *words*, or None where there is none to look for.

        Every member may read whatever has words here; for a stranger what is public is marked.
        """
        asked = query(words)
        if not asked:
            return None
        kinds = tuple(sorted(terms.get("kinds") or ())) if marked else ()
        author, several = terms.get("author"), terms.get("authors") or ()
        authors = tuple(sorted(several)) if author is None else (author,)
        marks = Marks(kinds if len(kinds) <= FEW else (), authors, viewer.uid is None)
        return self.engine.expression(asked, marks)

    def _page(self, viewer: Viewer, terms: Terms, match: str | None = None) -> list[Hit]:
        if match is None and len(terms.get("kinds") or ()) == 1:
            found = self._listed(viewer, terms)
        else:
            values = values_of(reader_of(viewer), terms, match=match)
            found = self._hits(self._statements.of("page", values), values)
        return found if terms.get("ending") is None else found[::-1]

    def _listed(self, viewer: Viewer, terms: Terms) -> list[Hit]:
        """Return a page of one kind, newest first unless ``ending`` asks for the other order.

        It is looked for in the order of time; where too few of the first rows are for the viewer
        for that to lead to a page soon, among what the viewer may read.
        """
        values = values_of(reader_of(viewer), terms)
        limit = values["limit"]
        near = lists.NEAR + limit
        with self._joined():
            found, end = self._walked(values, near)
            wanted = limit - len(found)
            if end is None or not wanted:
                return found
            if lists.expected(len(found), near, wanted) <= lists.FAR:
                following = "before" if terms.get("ending") is None else "ending"
                rest = {**values, **place_of(following, end), "limit": wanted}
                more, end = self._walked(rest, lists.FAR)
                if end is None or len(more) == wanted:
                    return found + more
            return self._hits(self._statements.of("sparse", values), values)

    def _walked(self, values: Values, window: int) -> tuple[list[Hit], Cursor | None]:
        """Return what the next *window* rows have for the page, and the last of these rows.

        None stands for the last where no more rows than these are left.
        """
        last = {**values, "limit": 1, "window": window}
        with self._reading() as connection:
            row = connection.execute(self._statements.of("stop", last), last).first()
        end = None if row is None else (row[0], row[1])
        near = values if end is None else {**values, **place_of("stop", end)}
        return self._hits(self._statements.of("listed", near), near), end

    def labelled(self, numbers: Collection[int]) -> list[tuple[str, int, int]]:
        """Return each label of the items *numbers*, how many have it, and the newest that has."""
        found: dict[str, tuple[int, int]] = {}
        with self._reading() as connection:
            for some in writing.chunks(numbers):
                for name, count, newest in connection.execute(lists.labelled(some)):
                    known = found.get(name, (0, 0))
                    found[name] = (known[0] + count, max(known[1], newest))
        return [(name, *known) for name, known in found.items()]

    @contextmanager
    def _joined(self) -> Iterator[None]:
        """Let questions share one connection, that of an outer block where there is one."""
        if getattr(self._shared, "connection", None) is not None:
            yield
            return
        with self.together():
            yield

    def _hits(self, statement: Any, values: Values | None = None) -> list[Hit]:
        with self._reading() as connection:
            return [queries.hit(row) for row in connection.execute(statement, values or {}).all()]
