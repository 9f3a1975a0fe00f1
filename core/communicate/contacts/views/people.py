"""Completion of names, and the directory."""

import re
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.content import Members
from communicate.contacts.people import DIRECTORY, logins_of, suggest
from communicate.content import Site
from communicate.ids import decode, encode
from communicate.interfaces import ICatalog, ILimits
from communicate.permissions import MEMBER, OPEN
from communicate.search.views import count_search

_ = TranslationStringFactory("communicate")

PAGE = 50
TIME = re.compile(r"[0-9]{1,15}")
LONGEST = 200  # characters of what is looked for


@view_config(context=Site, name="people", permission=MEMBER, request_method="GET", renderer="json")
def people(_context: Any, request: Any) -> dict[str, Any]:
    """Return circles and people whose names begin with ``q``, whom the viewer may name."""
    request.find_service(ILimits).hit("people", str(request.member.uid))
    request.response.cache_control = "private, no-store"
    words = request.GET.get("q", "")
    return {"found": suggest(request, words) if words.strip() else []}


@view_config(
    context=Members,
    permission=OPEN,
    request_method="GET",
    renderer="communicate:templates/contacts/members.pt",
)
def members(_context: Any, request: Any) -> dict[str, Any]:
    """List who wishes to be found, by login; with ``q``, those who answer to all of its words."""
    words = request.GET.get("q", "").strip()[:LONGEST]
    if words:
        count_search(request)
    catalog = request.find_service(ICatalog)
    hits = found(request, catalog, words)
    page = hits[:PAGE]
    return {
        "title": _("Members"),
        "words": words,
        "people": list(logins_of(request, catalog.load(page))),
        "newer": request.page.url("/members", q=words or None) if "after" in request.GET else None,
        "older": following(request, words, page) if len(hits) > PAGE else None,
    }


def found(request: Any, catalog: Any, words: str) -> list[Any]:
    """Return one more hit than a page shows."""
    first, second = cursor(request.GET.get("after"))
    terms: dict[str, Any] = {"kinds": {DIRECTORY}, "limit": PAGE + 1}
    if words:
        before = (int(first), second) if TIME.fullmatch(first) else None
        hits: list[Any] = catalog.search(request.viewer, words, before=before, **terms)
    else:
        after = (first, second) if second else None
        hits = catalog.titles(request.viewer, after=after, **terms)
    return hits


def following(request: Any, words: str, page: list[Any]) -> str:
    """Return the address of the page after *page*."""
    last = page[-1]
    first = last.time if words else last.sort
    address: str = request.page.url(
        "/members", q=words or None, after=f"{encode(last.id)}.{first}"
    )
    return address


def cursor(text: str | None) -> tuple[str, int]:
    """Return sort key (or time) and id after which a page begins; raise HTTPBadRequest."""
    if not text:
        return "", 0
    number, _dot, first = text.partition(".")
    if "\0" in first:  # PostgreSQL takes no such text
        raise HTTPBadRequest
    try:
        return first[:LONGEST], decode(number)
    except ValueError:
        raise HTTPBadRequest from None
