"""Lists of articles: what an address asks for, and the page of it that its viewer may see.

Without a tag or a language, the catalog answers alone.  With one, it knows what members or
everybody may read; of what fewer may read, the sealed words are opened and matched.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.i18n import TranslationStringFactory

from communicate.catalog import Hit
from communicate.catalog.entries import Cursor, Terms
from communicate.catalog.sealed import matching
from communicate.catalog.text import Query
from communicate.interfaces import ICatalog, IMembers, ISeals
from communicate.web.paging import cursor_in, cursor_name
from communicate_articles import tags
from communicate_articles.indexing import ARTICLE
from communicate_articles.languages import TAGS

_ = TranslationStringFactory("communicate_articles")

SIZE = 20
OWN, OTHERS = 2_000, 2_000  # articles that few may read, looked through for a tag or a language
NOBODY = 0  # the uid of no member
MONTH = re.compile(r"(19[7-9]\d|20\d\d)-(0[1-9]|1[0-2])")
LONGEST_LOGIN = 40


@dataclass(frozen=True)
class Asked:
    """What a list is narrowed by; empty: by nothing.  *shelf* says that *author*'s page asks."""

    author: str = ""  # login
    tag: str = ""  # folded
    language: str = ""
    month: str = ""  # such as 2026-11
    shelf: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that the catalog knows an article by."""
        return tags.labels_of([self.tag] if self.tag else [], self.language)

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return bool(self.author or self.tag or self.language or self.month)

    def without(self, name: str) -> "Asked":
        """Return the same without the filter *name*."""
        return self.with_(name, "")

    def with_(self, name: str, value: str) -> "Asked":
        """Return the same with the filter *name* set to *value*."""
        return Asked(
            author=value if name == "author" else self.author,
            tag=value if name == "tag" else self.tag,
            language=value if name == "language" else self.language,
            month=value if name == "month" else self.month,
            shelf=self.shelf,
        )

    def address(self, view: str = "", **more: str) -> str:
        """Return the address of this list, or of a *view* of it; *more* name a page."""
        base = f"/members/{self.author}/articles" if self.shelf else "/articles"
        given: dict[str, str] = {
            "author": "" if self.shelf else self.author,
            "tag": self.tag,
            "language": self.language,
            "month": self.month,
            **more,
        }
        query = urlencode({name: value for name, value in given.items() if value})
        path = f"{base}/{view}" if view else base
        return f"{path}?{query}" if query else path


def read(given: Mapping[str, str], author: str = "") -> Asked:
    """Return what the query *given* asks, on the page of *author*; 400 where it cannot be read."""
    month, language = given.get("month", ""), given.get("language", "")
    if month and not MONTH.fullmatch(month):
        raise HTTPBadRequest(_("Write a month as in 2026-11."))
    if language and language not in TAGS:
        raise HTTPBadRequest(_("Write a language by its code, such as fr."))
    return Asked(
        author=author or given.get("author", "")[:LONGEST_LOGIN].strip().lower(),
        tag=tags.folded(given.get("tag", "")[: tags.LONGEST]),
        language=language,
        month=month,
        shelf=bool(author),
    )


@dataclass(frozen=True)
class Listed:
    """One page: the articles with their hits, and the addresses of its neighbours."""

    rows: list[tuple[Hit, Any]]
    newer: str | None = None
    older: str | None = None


class Lister:
    """Answers what is *asked* to the viewer of one request."""

    def __init__(self, request: Any, asked: Asked) -> None:
        self.request = request
        self.asked = asked
        self.catalog = request.find_service(ICatalog)
        self.terms = self._terms()

    def page(self, size: int = SIZE) -> Listed:
        """Return the page that the query names: after a place, before one, or the first."""
        given = self.request.GET
        before, ending = cursor_in(given.get("before")), cursor_in(given.get("after"))
        if ending is not None:
            hits = self.hits(size + 1, ending=ending)
            if len(hits) > size:
                hits = hits[-size:]
                return self._listed(hits, newer=True, older=True)
            before = None
        hits = self.hits(size + 1, before=before)
        return self._listed(hits[:size], newer=before is not None, older=len(hits) > size)

    def newest(self, size: int) -> list[tuple[Hit, Any]]:
        """Return the newest *size* that the viewer may read."""
        found: list[tuple[Hit, Any]] = self.catalog.load(self.hits(size))
        return found

    def hits(
        self, limit: int, *, before: Cursor | None = None, ending: Cursor | None = None
    ) -> list[Hit]:
        """Return up to *limit* hits, newest first, after the place *before* or up to *ending*."""
        terms: Terms = {**self.terms, "limit": limit, "before": before, "ending": ending}
        with self.catalog.together():
            wide = self.catalog.newest(self.request.viewer, **terms)
            few = self._narrow(before, ending) if self.asked.labels else []
        if not few:
            return list(wide)
        # An article whose audience has just changed may be among both for a moment.
        hits = {hit.id: hit for hit in (*wide, *few)}
        found = sorted(hits.values(), key=lambda hit: hit.cursor, reverse=True)
        return found[-limit:] if ending is not None else found[:limit]

    def _narrow(self, before: Cursor | None, ending: Cursor | None) -> list[Hit]:
        """Return hits of what few may read, and that has the labels which are asked for."""
        viewer = self.request.viewer
        if viewer.uid is None:
            return []
        terms = self.terms.copy()
        terms.pop("labels", None)
        own, others = self.catalog.narrow(viewer, own=OWN, others=OTHERS, **terms)
        seals = self.request.find_service(ISeals)
        numbers = matching(seals, [*own, *others], Query(self.asked.labels))
        hits = self.catalog.named(viewer, numbers) if numbers else []
        return [
            hit
            for hit in hits
            if (before is None or hit.cursor < before) and (ending is None or hit.cursor > ending)
        ]

    def _terms(self) -> Terms:
        asked = self.asked
        terms: Terms = {"kinds": (ARTICLE,)}
        if asked.labels:
            terms["labels"] = asked.labels
        if asked.author:
            # Who asks for somebody who is not here learns no more than that nothing is found.
            member = self.request.find_service(IMembers).by_login(asked.author)
            terms["author"] = NOBODY if member is None else member.uid
        if asked.month:
            first, after = month_in(asked.month, self.request.page.formats.zone)
            terms |= {"earliest": first, "latest": after - 1}
        return terms

    def _listed(self, hits: list[Hit], *, newer: bool, older: bool) -> Listed:
        if not hits:
            return Listed([])
        first, last = cursor_name(hits[0].cursor), cursor_name(hits[-1].cursor)
        return Listed(
            self.catalog.load(hits),
            self.asked.address(after=first) if newer else None,
            self.asked.address(before=last) if older else None,
        )


def month_in(month: str, zone: Any) -> tuple[int, int]:
    """Return the milliseconds at which *month* and the one after it begin in *zone*."""
    year, number = map(int, month.split("-"))
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    moments = [datetime(*start, 1, tzinfo=zone or UTC) for start in ((year, number), following)]
    first, after = (max(0, int(moment.timestamp() * 1000)) for moment in moments)
    return first, after
