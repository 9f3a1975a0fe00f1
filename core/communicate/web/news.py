"""What is new that the viewer may read, of every kind: one list, newest first, page by page."""

from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPBadRequest

from communicate.catalog.entries import Cursor, Hit, Terms
from communicate.catalog.kinds import kinds_of
from communicate.ids import LENGTH, decode, encode
from communicate.interfaces import ICatalog

SIZE = 10
ROUNDS = 4  # pages of the catalog that are looked through to fill one of ours


class Row(NamedTuple):
    """One thing that is new, as the home page shows it."""

    title: str
    path: str
    icon: str
    kind: Any
    by: int | str | None
    login: str | None
    place: str
    time: int
    audience: Any
    more: int  # other new things that stand for the same: further posts of one topic


class News(NamedTuple):
    """The rows of one page, and where the next one begins; None at the end."""

    rows: list[Row]
    older: str | None


def cursor_named(text: str | None) -> Cursor | None:
    """Return the place that an address names; raise HTTPBadRequest for what is none."""
    if not text:
        return None
    try:
        return decode(text[:LENGTH]), decode(text[LENGTH:])
    except ValueError:
        raise HTTPBadRequest from None


def name_of(cursor: Cursor) -> str:
    """Return how an address names the place *cursor*."""
    return encode(cursor[0]) + encode(cursor[1])


def news(request: Any, before: Cursor | None = None, size: int = SIZE) -> News:
    """Return one page of what others have made and the viewer may read."""
    gathered = Gathered(request, size)
    for _round in range(ROUNDS):
        hits = gathered.ask(before)
        before = gathered.take(hits)
        if before is None or len(gathered.rows) == size:
            break
    older = None if before is None else f"/?before={name_of(before)}"
    return News(list(gathered.rows.values()), older)


class Gathered:
    """Rows that come together until there are *size* of them."""

    def __init__(self, request: Any, size: int) -> None:
        self.request, self.size = request, size
        self.catalog = request.find_service(ICatalog)
        self.kinds = {name: kind for name, kind in kinds_of(request.registry).items() if kind.show}
        self.rows: dict[tuple[str, str], Row] = {}

    def ask(self, before: Cursor | None) -> list[Hit]:
        """Return the next hits of the catalog."""
        terms: Terms = {"kinds": tuple(self.kinds), "limit": 2 * self.size}
        if before is not None:
            terms["before"] = before
        found: list[Hit] = self.catalog.newest(self.request.viewer, **terms)
        return found

    def take(self, hits: list[Hit]) -> Cursor | None:
        """Take rows out of *hits*; return the place from which to go on, None at the end."""
        own = self.request.viewer.uid
        for hit in hits:
            if len(self.rows) == self.size:
                return hit.time, hit.id + 1  # this one begins the next page
            if own is None or hit.author != own:
                for loaded in self.catalog.load([hit]):
                    self._add(*loaded)
        return hits[-1].cursor if len(hits) == 2 * self.size else None

    def _add(self, hit: Hit, thing: Any) -> None:
        kind = self.kinds[hit.kind]
        found = kind.show(self.request, thing) if kind.show else None
        if found is None:
            return
        known = self.rows.get((found.title, found.place))
        if known is not None:
            self.rows[found.title, found.place] = known._replace(more=known.more + 1)
            return
        self.rows[found.title, found.place] = Row(
            found.title,
            found.path,
            kind.icon,
            kind.title,
            found.by,
            self.request.page.login_of(found.by) if isinstance(found.by, int) else None,
            found.place,
            hit.time,
            thing,
            0,
        )
