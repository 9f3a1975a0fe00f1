"""Find: in the catalog what many may read, among sealed words what few may; show the things.

Both are one list, newest first.  Rights are terms of both questions, and of the counts; then
each thing is loaded and asked for permission, and says itself how it looks.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from markupsafe import escape

from communicate.catalog.entries import Count, Hit, Terms
from communicate.catalog.kinds import kinds_of
from communicate.catalog.sealed import matching
from communicate.catalog.service import CEILING
from communicate.catalog.text import query
from communicate.declarations import Found, Indexable
from communicate.interfaces import ICatalog, IMembers, ISeals
from communicate.search.asking import Asked, cursor, first_moment, last_moment
from communicate.search.snippets import Marker
from communicate.web.skeletons import Pieces, Skeleton, joined

PAGE = 20
OWN = 20_000  # narrower things of one's own, opened and matched for each search
OTHERS = 2_000  # narrower things of others
NOBODY = 0  # the uid of no member
TEMPLATE = "communicate:templates/found.pt"
PARTS = ("title", "path", "piece", "where", "author", "time", "badge")


@dataclass(slots=True)
class Results:
    """One page of what was found, and what leads to its neighbours, as ids."""

    rows: list[str] = field(default_factory=list)  # HTML
    count: Count = field(default_factory=lambda: Count(0))
    newer: int | None = None
    older: int | None = None
    partly: bool = False  # others show the viewer more narrow things than were looked through
    own_partly: bool = False


def shown_kinds(request: Any) -> dict[str, Indexable]:
    """Return the kinds that the page of search shows, by name."""
    kinds = kinds_of(request.registry)
    return {name: kind for name, kind in kinds.items() if kind.show is not None}


class Finder:
    """Answers one question of the viewer of one request."""

    def __init__(self, request: Any, asked: Asked) -> None:
        self.request = request
        self.asked = asked
        self.query = query(asked.words)
        self.catalog = request.find_service(ICatalog)
        self.kinds = shown_kinds(request)
        self._shapes: dict[tuple[str | bool, ...], Pieces] = {}

    def find(self) -> Results:
        """Return the page that was asked for."""
        results, terms = Results(), self._terms()
        with self.catalog.together():
            narrow = self._narrow(terms, results)
            number = self._count(terms, len(narrow))
            hits = self._page(terms, narrow, results)
        rows = (self._row(hit, thing) for hit, thing in self.catalog.load(hits))
        results.rows = [row for row in rows if row is not None]
        # What the tree does not show does not count either: an account that was just closed.
        hidden = 0 if number.more else len(hits) - len(results.rows)
        results.count = Count(number.number - hidden, number.more)
        return results

    def _terms(self) -> Terms:
        """Return what the question says besides words."""
        asked, zone = self.asked, self.request.page.formats.zone
        terms: Terms = {}
        if asked.kinds or len(self.kinds) < len(kinds_of(self.request.registry)):
            terms["kinds"] = asked.kinds or tuple(self.kinds)
        if asked.author:
            # Whoever asks for somebody who is not here learns no more than that nothing is found.
            members = self.request.find_service(IMembers)
            found = [members.by_login(login.lower()) for login in asked.authors]
            terms["authors"] = [NOBODY if one is None else one.uid for one in found]
        if asked.since:
            terms["since"] = first_moment(asked.since, zone)
        if asked.until:
            terms["until"] = last_moment(asked.until, zone)
        return terms

    def _narrow(self, terms: Terms, results: Results) -> list[int]:
        """Return the ids of what few may read, the viewer among them, newest first."""
        viewer = self.request.viewer
        if viewer.uid is None:
            return []
        own, others = self.catalog.narrow(viewer, own=OWN + 1, others=OTHERS + 1, **terms)
        results.own_partly, results.partly = len(own) > OWN, len(others) > OTHERS
        seals = self.request.find_service(ISeals)
        return sorted(matching(seals, [*own[:OWN], *others[:OTHERS]], self.query), reverse=True)

    def _count(self, terms: Terms, narrow: int) -> Count:
        wide: Count = self.catalog.count(self.request.viewer, self.asked.words, **terms)
        number = wide.number + narrow
        return Count(min(number, CEILING), more=wide.more or number > CEILING)

    def _page(self, terms: Terms, narrow: list[int], results: Results) -> list[Hit]:
        """Return the hits of the page, and note in *results* where its neighbours begin."""
        after = self.asked.after
        if after is not None:
            near = [number for number in reversed(narrow) if number > after][: PAGE + 1]
            hits = self._hits({**terms, "ending": cursor(after)}, near)
            if len(hits) > PAGE:
                hits = hits[-PAGE:]
                results.newer, results.older = hits[0].id, hits[-1].id
                return hits
        return self._forward(
            terms, narrow, None if after is not None else self.asked.before, results
        )

    def _forward(
        self, terms: Terms, narrow: list[int], before: int | None, results: Results
    ) -> list[Hit]:
        """Return the page that begins after the id *before*, or the first one."""
        near = [number for number in narrow if before is None or number < before][: PAGE + 1]
        if before is not None:
            terms = {**terms, "before": cursor(before)}
        found = self._hits(terms, near)
        hits = found[:PAGE]
        if hits:
            results.newer = None if before is None else hits[0].id
            results.older = hits[-1].id if len(found) > PAGE else None
        return hits

    def _hits(self, terms: Terms, near: list[int]) -> list[Hit]:
        """Return what many may read and what is *near* of what few may, in one order."""
        viewer = self.request.viewer
        wide = self.catalog.search(viewer, self.asked.words, limit=PAGE + 1, **terms)
        few = self.catalog.named(viewer, near) if near else []
        # A thing whose audience has just changed may be among both for a moment.
        hits = sorted({hit.id: hit for hit in (*wide, *few)}.values(), key=lambda hit: -hit.id)
        return hits[-PAGE - 1 :] if "ending" in terms else hits[: PAGE + 1]

    def _row(self, hit: Hit, thing: Any) -> str | None:
        """Return the HTML of one thing, or None where it is not to be shown after all."""
        kind, page = self.kinds[hit.kind], self.request.page
        found: Found | None = None if kind.show is None else kind.show(self.request, thing)
        if found is None:
            return None
        text = found.text if isinstance(found.text, str) else found.text()
        by = found.by
        parts = {
            "title": self._marker.mark(found.title),
            "path": escape(found.path),
            "piece": self._marker.snippet(text),
            "where": escape(found.place),
            "author": escape(by) if isinstance(by, str) else page.author(by),
            "time": page.time(hit.time),
            "badge": page.badge(thing),
        }
        shape = self._shape(kind, bool(text), bool(found.place), by is not None)
        return joined(shape, parts)

    def _shape(self, kind: Indexable, *has: bool) -> Pieces:
        """Return the template of a thing of *kind*, which *has* or has not what may be missing."""
        pieces = self._shapes.get((kind.kind, *has))
        if pieces is None:
            text, place, by = has
            asks = {"text": text, "place": place, "by": by}
            pieces = Skeleton(self.request, TEMPLATE).pieces(
                {"icon": kind.icon, "kind": kind.title, **asks}, PARTS
            )
            self._shapes[kind.kind, *has] = pieces
        return pieces

    @cached_property
    def _marker(self) -> Marker:
        return Marker(self.query)
