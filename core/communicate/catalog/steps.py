"""Where the pages of a long list begin, counted once for all of them by the database."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select

from communicate.catalog import queries
from communicate.catalog.entries import Cursor, Viewer
from communicate.catalog.tables import item


def steps(catalog: Any, viewer: Viewer, kinds: Collection[str], every: int) -> list[Cursor]:
    """Return time and id of the newest item of each page of *every* items that *viewer* may read.

    Pages are counted from the oldest item on, so that only the last one changes as things arrive.
    """
    place = (item.c.time, item.c.id)
    conditions = (*queries.visible(queries.reader_of(viewer)), item.c.kind.in_(sorted(kinds)))
    number = func.row_number().over(order_by=place).label("number")
    rows = select(*place, number).where(*conditions).subquery()
    last = select(func.max(rows.c.number)).scalar_subquery()
    ends = (rows.c.number % every == 0) | (rows.c.number == last)
    found = select(rows.c.time, rows.c.id).where(ends).order_by(rows.c.number)
    with catalog.engine.sql.connect() as connection:
        return [(row.time, row.id) for row in connection.execute(found)]
