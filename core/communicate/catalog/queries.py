"""Questions to the catalog: rights are terms of each, and come before counting and paging."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    Table,
    exists,
    false,
    func,
    or_,
    select,
    tuple_,
    union_all,
)

from communicate.catalog.entries import Hit, Place, Viewer
from communicate.catalog.tables import block, holder, item, label, removed, right, sealed
from communicate.principals import MEMBERS, MODERATORS, OPERATORS, PUBLIC, member

# What this site has written has no space around it: `json.loads` first looks for some, twice.
_read = json.JSONDecoder().raw_decode


class Reader(NamedTuple):
    """Who asks: the principals that a question names, and the uid, None for a stranger."""

    principals: tuple[Any, ...]
    uid: Any


def reader_of(viewer: Viewer) -> Reader:
    """Return *viewer* as questions name one; what its contacts show it is joined by the uid."""
    return Reader(tuple(sorted(set(_principals(viewer)))), viewer.uid)


class Matching(NamedTuple):
    """Words that are looked for: *key* is the id in the table of words, *holds* the condition."""

    key: Column[int]
    holds: ColumnElement[bool]


def page(
    terms: Any, conditions: list[ColumnElement[bool]], words: Matching | None = None
) -> Select[Any]:
    """Return the select of one page of what *conditions* hold of, newest first.

    One that ends before a cursor (``ending``) comes the other way round.  With *words* the order
    is that of ids, which tell the time too: rows come out of the index of words in it, and as
    few of them are looked at as the page needs.
    """
    found = _from(select(item), words).where(*conditions, *narrowed(terms, words))
    before, ending = terms.get("before"), terms.get("ending")
    key = (item.c.time, item.c.id) if words is None else (words.key,)
    if before is not None:
        found = found.where(tuple_(*key) < tuple_(*before[-len(key) :]))
    if ending is not None:
        found = found.where(tuple_(*key) > tuple_(*ending[-len(key) :]))
    order = [column.desc() if ending is None else column.asc() for column in key]
    return found.order_by(*order).limit(terms["limit"])


def titles(
    terms: Any, conditions: list[ColumnElement[bool]], after: tuple[Any, Any] | None
) -> Select[Any]:
    """Return the select of one page by title."""
    found = select(item).where(*conditions, *narrowed(terms), item.c.sort != "")
    if after is not None:
        found = found.where(tuple_(item.c.sort, item.c.id) > tuple_(*after))
    return found.order_by(item.c.sort, item.c.id).limit(terms["limit"])


def count(
    terms: Any, conditions: list[ColumnElement[bool]], words: Matching | None = None
) -> Select[Any]:
    """Return the select of how many there are, counted up to the limit of *terms*."""
    rows = _from(select(item.c.id), words).where(*conditions, *narrowed(terms, words))
    return select(func.count()).select_from(rows.limit(terms["limit"]).subquery())


def narrow(reader: Reader, terms: Any) -> CompoundSelect[Any]:
    """Return the select of the sealed words of what *reader* may read.

    The newest ``own`` of what the reader authored, and the newest ``limit`` of others'.
    """
    own = _narrow(reader, {**terms, "limit": terms["own"]}, own=True).subquery()
    others = _narrow(reader, terms, own=False).subquery()
    return union_all(select(own), select(others))


def _narrow(reader: Reader, terms: Any, *, own: bool) -> Select[Any]:
    found = select(sealed.c.id, sealed.c.author, sealed.c.envelope)
    if reader.uid is None:
        return found.where(false())
    if own:
        allowed = [sealed.c.author == reader.uid]
    else:
        held = select(holder.c.principal).where(holder.c.uid == reader.uid)
        holds = or_(right.c.principal.in_(reader.principals), right.c.principal.in_(held))
        others = sealed.c.author.is_(None) | (sealed.c.author != reader.uid)
        allowed = [sealed.c.acl.in_(select(right.c.acl).where(holds)), others]
    joined = found.join(item, item.c.id == sealed.c.id)
    conditions = (*allowed, *unblocked(reader.uid), *narrowed(terms))
    return joined.where(*conditions).order_by(sealed.c.id.desc()).limit(terms["limit"])


def shared(uid: int, before: tuple[int, int] | None, limit: int) -> Select[Any]:
    """Return the select of what member *uid* authored and others may read, newest first.

    What nobody else may read has the principal "" for its rights.
    """
    wider = exists().where(right.c.acl == item.c.acl, right.c.principal.not_in(("", member(uid))))
    found = select(item).where(item.c.author == uid, wider)
    if before is not None:
        found = found.where(tuple_(item.c.time, item.c.id) < tuple_(*before))
    return found.order_by(item.c.time.desc(), item.c.id.desc()).limit(limit)


def visible(reader: Reader) -> list[ColumnElement[bool]]:
    """Return the terms under which *reader* may read an item, as far as the catalog knows.

    Contacts and circles are joined by the reader's uid; the list of principals stays short.
    """
    if not reader.principals:
        return [false()]
    rights = right.c.acl == item.c.acl, held_by(reader)
    readable: ColumnElement[bool] = exists(right.c.acl).where(*rights)
    if reader.uid is not None:
        readable = or_(item.c.author == reader.uid, readable)
    return [readable, *unblocked(reader.uid)]


def held_by(reader: Reader) -> ColumnElement[bool]:
    """Return the term that a right is one of *reader*'s; what others gave is joined by the uid."""
    holds: ColumnElement[bool] = right.c.principal.in_(reader.principals)
    if reader.uid is None:
        return holds
    held = select(holder.c.principal).where(holder.c.uid == reader.uid)
    return or_(holds, right.c.principal.in_(held))


def last_write(until: int) -> Select[Any]:
    """Return the select of the moment of the last write up to *until*, or of NULL."""
    moments = union_all(
        *(
            select(func.max(table.c.written)).where(table.c.written <= until)
            for table in (item, right, removed)
        )
    )
    return select(func.max(moments.subquery().columns[0]))


def recent(since: int, until: int, limit: int) -> Select[Any]:
    """Return the select of what was written, removed or given rights then, once each."""
    ruled = (
        select(func.min(item.c.id).label("id"), func.max(right.c.written).label("at"))
        .join(right, right.c.acl == item.c.acl)
        .where(right.c.written.between(since, until))
        .group_by(item.c.acl)
        .subquery()
    )
    places = union_all(
        *(
            select(*_place(table), table.c.written.label("at")).where(
                table.c.written.between(since, until)
            )
            for table in (item, removed)
        ),
        select(*_place(item), ruled.c.at).join(ruled, ruled.c.id == item.c.id),
    ).subquery()
    once = (places.c.id, places.c.kind, places.c.locator, places.c.written)
    latest = func.max(places.c.at).desc()
    return select(*once).group_by(*once).order_by(latest, places.c.id).limit(limit)


def _place(table: Table) -> tuple[ColumnElement[Any], ...]:
    return table.c.id, table.c.kind, table.c.locator, table.c.written


def hit(row: Row[Any]) -> Hit:
    """Return the hit that *row* of the items' table stands for."""
    values: Any = row  # the columns of `item` in their order, which is that of a hit
    number, kind, acl, author, container, locator, time, sort, written = values
    names = tuple(_read(locator)[0])
    return Hit(number, kind, acl, author, container, names, time, sort, written)


def place(row: Row[Any]) -> Place:
    """Return the place that *row* of `recent` stands for."""
    return Place(row.id, row.kind, tuple(_read(row.locator)[0]), row.written)


def _principals(viewer: Viewer) -> Iterator[str]:
    if PUBLIC in viewer:  # strangers too, unless the site is walled
        yield PUBLIC
    if viewer.uid is not None:
        yield MEMBERS
        yield member(viewer.uid)
        yield from (group for group in (MODERATORS, OPERATORS) if group in viewer)


def unblocked(uid: Any) -> Iterator[ColumnElement[bool]]:
    """Yield the term that hides from each other the two of whom one has blocked the other."""
    if uid is not None:
        # Looked up once for a question, not for each row; nobody blocks what has no author.
        apart = union_all(
            select(block.c.blocked).where(block.c.uid == uid),
            select(block.c.uid).where(block.c.blocked == uid),
        )
        yield or_(item.c.author.is_(None), item.c.author.not_in(apart))


def _from(statement: Select[Any], words: Matching | None) -> Select[Any]:
    """Return *statement*, about items, with the words that are looked for joined to it."""
    if words is None:
        return statement
    joined = words.key.table.join(item, item.c.id == words.key)
    return statement.select_from(joined).where(words.holds)


def narrowed(
    terms: Any, words: Matching | None = None, columns: Any = item.c
) -> Iterator[ColumnElement[bool]]:
    """Yield what *terms* ask for of the *columns* of items, but for their cursors."""
    kinds, author, container = terms.get("kinds"), terms.get("author"), terms.get("container")
    if kinds is not None:
        # Of many kinds the newest come out of the order of time: an index of kinds would have all
        # of them sorted first.
        one = len(kinds) == 1 or words is not None
        yield (columns.kind if one else columns.kind.concat("")).in_(kinds)
    if author is not None:
        yield columns.author == author
    if terms.get("authors") is not None:
        yield columns.author.in_(terms["authors"])
    if container is not None:
        yield columns.container == container
    yield from _timed(terms, columns.time, columns.id if words is None else words.key)
    for each in terms.get("labels") or ():
        other = label.alias()
        yield exists().where(other.c.id == item.c.id, other.c.label == each)


def _timed(
    terms: Any, time: ColumnElement[int], key: ColumnElement[int]
) -> Iterator[ColumnElement[bool]]:
    """Yield between which moments *terms* ask for, of the *time* and of the id, the *key*."""
    for column, first, last in ((time, "earliest", "latest"), (key, "since", "until")):
        if terms.get(first) is not None:
            yield column >= terms[first]
        if terms.get(last) is not None:
            yield column <= terms[last]
