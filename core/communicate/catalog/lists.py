"""Pages of lists of one kind: narrowed by labels, and as quick for who may read few of all."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Select, func, select, tuple_, union

from communicate.catalog.queries import Reader, held_by, narrowed, unblocked
from communicate.catalog.tables import item, label, right

WINDOW = 2_000  # rows among which a page is looked for in the order of time


def listed(terms: Any, conditions: list[ColumnElement[bool]]) -> Select[Any]:
    """Return the select of one page like `page`, of one kind, out of the order of its index.

    No row beyond the cursor ``stop`` is looked at.
    """
    return _paged(select(item), terms, conditions)


def stop(terms: Any) -> Select[Any]:
    """Return the select of the place at which `listed` stops, WINDOW rows after it begins."""
    return _paged(select(*_order(terms)), terms, []).offset(WINDOW)


def sparse(reader: Reader, terms: Any) -> Select[Any]:
    """Return the select of one page like `listed`, found by what *reader* may read.

    It costs as much as there is of that, where `listed` costs as much as there is of the rest.
    """
    mine = [select(item.c.id).join(right, right.c.acl == item.c.acl).where(held_by(reader))]
    if reader.uid is not None:
        mine.append(select(item.c.id).where(item.c.author == reader.uid))
    readable = item.c.id.in_(union(*mine))
    # No index but that of the ids is of use: neither kind nor time may ask for another.
    kind = item.c.kind.concat("").in_(terms["kinds"])
    others = narrowed({**terms, "kinds": None})
    found = select(item).where(readable, kind, *unblocked(reader.uid), *others)
    return _turned(found, terms, (item.c.time + 0, item.c.id + 0))


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


def _turned(found: Select[Any], terms: Any, key: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    """Return *found* from one cursor to another, in the order of *key* that this asks for."""
    before, ending, stopping = (terms.get(name) for name in ("before", "ending", "stop"))
    if before is not None:
        found = found.where(tuple_(*key) < tuple_(*before))
    if ending is not None:
        found = found.where(tuple_(*key) > tuple_(*ending))
    if stopping is not None:
        place, end = tuple_(*key), tuple_(*stopping)
        found = found.where(place >= end if ending is None else place <= end)
    order = [column.desc() if ending is None else column.asc() for column in key]
    return found.order_by(*order).limit(terms["limit"])
