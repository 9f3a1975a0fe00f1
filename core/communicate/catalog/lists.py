"""Pages of lists of one kind: narrowed by labels, and as quick for who may read few of all.

There are two ways to one.  *Listed*, it is walked to in the order of time, past what the reader
may not read: quick where that is little.  *Sparse*, it is picked from all that the reader may
read: quick where this is little.  A short walk tells which of them is the shorter.
"""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    func,
    select,
    tuple_,
    union,
)

from communicate.catalog.queries import Reader, held_by, narrowed, unblocked
from communicate.catalog.tables import item, label, right

NEAR = 250  # rows that are walked in any case, besides those of the page
FAR = 3_000  # rows that are walked at most, where a page is to be expected among them
PLACE = (item.c.time, item.c.id)
# For who asks by what a reader may read: no other index than that of rights may seem of use.
UNINDEXED = SimpleNamespace(
    kind=item.c.kind.concat(""),
    **{name: item.c[name] + 0 for name in ("author", "container", "time", "id")},
)


def listed(terms: Any, conditions: list[ColumnElement[bool]]) -> Select[Any]:
    """Return the select of one page like `page`, of one kind, out of the order of its index.

    No row beyond the cursor ``stop`` is looked at.
    """
    return _paged(select(item), terms, conditions)


def stop(terms: Any) -> Select[Any]:
    """Return the select of the place at which `listed` stops, ``window`` rows after it begins."""
    return _paged(select(*_order(terms)), terms, []).offset(bindparam("window", type_=Integer))


def expected(found: int, walked: int, wanted: int) -> float:
    """Return the rows to be walked to *wanted* more, where *found* were among those *walked*."""
    return walked * wanted / found if found else float("inf")


def sparse(reader: Reader, terms: Any) -> Select[Any]:
    """Return the select of one page like `listed`, found by what *reader* may read.

    It costs as much as there is of that, where `listed` costs as much as there is of the rest.
    """
    shared = _among(reader, terms).where(
        item.c.acl.in_(select(right.c.acl).where(held_by(reader)))
    )
    found = [_between(shared, terms, (UNINDEXED.time, UNINDEXED.id))]
    if reader.uid is not None:
        own = _turned(_among(reader, terms).where(item.c.author == reader.uid), terms, PLACE)
        found.append(select(*own.subquery().columns))
    places = union(*found).subquery().columns
    page = _ordered(select(places.id), terms, (places.time, places.id)).subquery()
    return _ordered(select(item).where(item.c.id.in_(select(page.columns.id))), terms, PLACE)


def _among(reader: Reader, terms: Any) -> Select[Any]:
    """Return the select of the places of all that *terms* ask for, but for their cursors."""
    return select(*PLACE).where(*unblocked(reader.uid), *narrowed(terms, columns=UNINDEXED))


def labelled(numbers: list[int]) -> Select[Any]:
    """Return the select of each label of the items *numbers*: how many, and the newest of them."""
    found = select(label.c.label, func.count().label("count"), func.max(label.c.id).label("id"))
    return found.where(label.c.id.in_(numbers)).group_by(label.c.label)


def _order(terms: Any) -> tuple[Column[Any], ...]:
    """Return the columns by which a list is in order: the first label's, where there is one."""
    source = label if terms.get("labels") else item
    return source.c.time, source.c.id


def _paged(
    statement: Select[Any], terms: Any, conditions: list[ColumnElement[bool]]
) -> Select[Any]:
    key = _order(terms)
    if terms.get("labels"):
        first, *others = terms["labels"]
        statement = statement.select_from(label.join(item, item.c.id == label.c.id))
        statement = statement.where(label.c.label == first)
        terms = {**terms, "labels": others}
    return _turned(statement.where(*conditions, *narrowed(terms)), terms, key)


def _turned(found: Select[Any], terms: Any, key: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """Return *found* from one cursor to another, in the order of *key* that this asks for."""
    return _ordered(_between(found, terms, key), terms, key)


def _between(found: Select[Any], terms: Any, key: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """Return *found* from one cursor to another."""
    before, ending, stopping = (terms.get(name) for name in ("before", "ending", "stop"))
    if before is not None:
        found = found.where(tuple_(*key) < tuple_(*before))
    if ending is not None:
        found = found.where(tuple_(*key) > tuple_(*ending))
    if stopping is not None:
        place, end = tuple_(*key), tuple_(*stopping)
        found = found.where(place >= end if ending is None else place <= end)
    return found


def _ordered(found: Select[Any], terms: Any, key: Sequence[ColumnElement[Any]]) -> Select[Any]:
    """Return one page of *found*, in the order of *key* that *terms* ask for."""
    order = [column.desc() if terms.get("ending") is None else column.asc() for column in key]
    return found.order_by(*order).limit(terms["limit"])
