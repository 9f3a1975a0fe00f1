"""Questions to the catalog: rights are terms of each, and come before counting and paging."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
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

from communicate.catalog.entries import Hit, Place, Terms, Viewer
from communicate.catalog.tables import block, holder, item, removed, right
from communicate.principals import MEMBERS, MODERATORS, OPERATORS, PUBLIC, member


def page(terms: Terms, conditions: list[ColumnElement[bool]]) -> Select[Any]:
    """Return the select of one page, newest first, of what *conditions* hold of."""
    found = select(item).where(*conditions, *_narrowed(terms))
    before = terms.get("before")
    if before is not None:
        found = found.where(tuple_(item.c.time, item.c.id) < tuple_(*before))
    return found.order_by(item.c.time.desc(), item.c.id.desc()).limit(terms.get("limit", 20))


def titles(
    terms: Terms, conditions: list[ColumnElement[bool]], after: tuple[str, int] | None
) -> Select[Any]:
    """Return the select of one page by title."""
    found = select(item).where(*conditions, *_narrowed(terms), item.c.sort != "")
    if after is not None:
        found = found.where(tuple_(item.c.sort, item.c.id) > tuple_(*after))
    return found.order_by(item.c.sort, item.c.id).limit(terms.get("limit", 20))


def count(terms: Terms, conditions: list[ColumnElement[bool]], ceiling: int) -> Select[Any]:
    """Return the select of how many there are, counted to one more than *ceiling*."""
    rows = select(item.c.id).where(*conditions, *_narrowed(terms)).limit(ceiling + 1)
    return select(func.count()).select_from(rows.subquery())


def visible(viewer: Viewer) -> list[ColumnElement[bool]]:
    """Return the terms under which *viewer* may read an item, as far as the catalog knows.

    Contacts and circles are joined by the viewer's uid; the list of principals stays short.
    """
    own = set(_principals(viewer))
    if not own:
        return [false()]
    holds: ColumnElement[bool] = right.c.principal.in_(sorted(own))
    if viewer.uid is not None:
        held = select(holder.c.principal).where(holder.c.uid == viewer.uid)
        holds = or_(holds, right.c.principal.in_(held))
    readable: ColumnElement[bool] = exists().where(right.c.acl == item.c.acl, holds)
    if viewer.uid is not None:
        readable = or_(item.c.author == viewer.uid, readable)
    return [readable, *_unblocked(viewer.uid)]


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
    values = dict(row._mapping)
    return Hit(**{**values, "locator": tuple(json.loads(values["locator"]))})


def place(row: Row[Any]) -> Place:
    """Return the place that *row* of `recent` stands for."""
    return Place(row.id, row.kind, tuple(json.loads(row.locator)), row.written)


def _principals(viewer: Viewer) -> Iterator[str]:
    if PUBLIC in viewer:  # strangers too, unless the site is walled
        yield PUBLIC
    if viewer.uid is not None:
        yield MEMBERS
        yield member(viewer.uid)
        yield from (group for group in (MODERATORS, OPERATORS) if group in viewer)


def _unblocked(uid: int | None) -> Iterator[ColumnElement[bool]]:
    """Yield the term that hides from each other the two of whom one has blocked the other."""
    if uid is not None:
        yield ~exists().where(
            or_(
                (block.c.uid == uid) & (block.c.blocked == item.c.author),
                (block.c.blocked == uid) & (block.c.uid == item.c.author),
            )
        )


def _narrowed(terms: Terms) -> Iterator[ColumnElement[bool]]:
    kinds, author, container = terms.get("kinds"), terms.get("author"), terms.get("container")
    if kinds is not None:
        yield item.c.kind.in_(sorted(kinds))
    if author is not None:
        yield item.c.author == author
    if container is not None:
        yield item.c.container == container
