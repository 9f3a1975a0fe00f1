"""What is new that the viewer may read, of every kind: one list, newest first, page by page."""

from typing import Any, NamedTuple

from markupsafe import Markup
from pyramid.config import Configurator

from communicate.catalog.entries import Cursor, Hit, Terms
from communicate.catalog.kinds import kinds_of
from communicate.declarations import Found, Indexable
from communicate.interfaces import ICatalog
from communicate.web.i18n import PluralFactory
from communicate.web.paging import cursor_name
from communicate.web.skeletons import Skeleton

SIZE = 10
ROUNDS = 4  # pages of the catalog that are looked through to fill one of ours
REMEMBERED = 1_000  # answers of the catalog
ROW = "communicate:templates/news.pt"
_n = PluralFactory("communicate")
MORE = _n("and ${n} more", "and ${n} more")


class Row(NamedTuple):
    """One thing that is new."""

    found: Found
    kind: Indexable
    time: int
    thing: Any
    more: int  # other new things that stand for the same: further posts of one topic


class News(NamedTuple):
    """The rows of one page, ready to be shown, and where the next one begins; None at the end."""

    rows: list[Markup]
    older: str | None


def news(request: Any, before: Cursor | None = None, size: int = SIZE) -> News:
    """Return one page of what others have made and the viewer may read."""
    gathered = Gathered(request, size)
    for _round in range(ROUNDS):
        hits = gathered.ask(before)
        before = gathered.take(hits)
        if before is None or len(gathered.rows) == size:
            break
    shape = Skeleton(request, ROW)
    rows = [rendered(request.page, shape, row) for row in gathered.rows.values()]
    return News(rows, None if before is None else f"/?before={cursor_name(before)}")


def rendered(page: Any, shape: Skeleton, row: Row) -> Markup:
    """Return *row* as the list of the page shows it."""
    found, member = row.found, isinstance(row.found.by, int)
    kind = {
        "kind": row.kind.title,
        "signed": found.by is not None,
        "several": row.more > 0,
        "placed": bool(found.place),
    }
    return shape.fill(
        kind,
        mark=page.avatar(page.login_of(found.by)) if member else page.icon(row.kind.icon),
        path=found.path,
        title=found.title,
        by=page.author(found.by) if member else found.by,
        more=page.plural(MORE, row.more) if row.more else "",
        place=found.place,
        time=page.time(row.time),
        badge=page.badge(row.thing),
    )


def newest(request: Any, terms: Terms) -> list[Hit]:
    """Return what the catalog answers; asked again only once something has been committed.

    Its rows are hints: whether each may be read is asked whenever one is shown.
    """
    viewer, known = request.viewer, request.registry.communicate_newest
    # Of this connection: the database's own would not know what other processes commit.
    tid = request.root_map._p_jar._storage.lastTransaction()
    key = (viewer.uid, *(value for _name, value in sorted(terms.items())))
    held = known.get(key)
    if held is None or held[0] != tid:
        held = tid, request.find_service(ICatalog).newest(viewer, **terms)
        if len(known) >= REMEMBERED:
            known.clear()
        known[key] = held
    found: list[Hit] = held[1]
    return found


class Gathered:
    """Rows that come together until there are *size* of them."""

    def __init__(self, request: Any, size: int) -> None:
        self.request, self.size = request, size
        self.catalog = request.find_service(ICatalog)
        kinds = kinds_of(request.registry).items()
        self.kinds = {name: kind for name, kind in kinds if kind.show and kind.news}
        self.rows: dict[int, Row] = {}  # by the id of what each is about

    def ask(self, before: Cursor | None) -> list[Hit]:
        """Return the next hits of the catalog."""
        terms: Terms = {"kinds": tuple(self.kinds), "limit": 2 * self.size}
        if before is not None:
            terms["before"] = before
        return newest(self.request, terms)

    def take(self, hits: list[Hit]) -> Cursor | None:
        """Take rows out of *hits*; return the place from which to go on, None at the end."""
        own = self.request.viewer.uid
        others = (hit for hit in hits if own is None or hit.author != own)
        for hit, thing in self.catalog.loading(others):
            if len(self.rows) == self.size:
                return hit.time, hit.id + 1  # this one begins the next page
            self._add(hit, thing)
        return hits[-1].cursor if len(hits) == 2 * self.size else None

    def _add(self, hit: Hit, thing: Any) -> None:
        kind = self.kinds[hit.kind]
        about = hit.container if kind.part and hit.container else hit.id
        known = self.rows.get(about)
        if known is not None:
            self.rows[about] = known._replace(more=known.more + 1)
            return
        found = kind.show(self.request, thing) if kind.show else None
        if found is not None:
            self.rows[about] = Row(found, kind, hit.time, thing, 0)


def includeme(config: Configurator) -> None:
    """Remember what the catalog answered."""
    config.registry.communicate_newest = {}
