"""``/robots.txt`` and ``/sitemap.xml``: what every stranger may read, and nothing else.

Kinds that declare an address (`Indexable.address`) are listed.  The sitemap is an index of pages
of at most PAGE addresses each (sitemaps.org, 0.9); the catalog proposes, the tree decides.
"""

import re
from typing import Any
from xml.sax.saxutils import escape

from pyramid.httpexceptions import HTTPNotFound
from pyramid.response import Response
from pyramid.view import view_config

from communicate.accounts.limits import network
from communicate.catalog.kinds import kinds_of
from communicate.catalog.steps import steps
from communicate.content import Site
from communicate.declarations import Indexable
from communicate.interfaces import ICatalog, ILimits
from communicate.permissions import OPEN
from communicate.web.indexing import is_walled, stranger

PAGE = 1_000  # addresses
CLOSED = "User-agent: *\nDisallow: /\n"
OPENED = "User-agent: *\nDisallow:\n\nSitemap: {url}/sitemap.xml\n"
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
CURSOR = re.compile(r"([0-9]{1,15})-([0-9]{1,19})")
LIMIT = "sitemap"


def listed(request: Any) -> dict[str, Indexable]:
    """Return the kinds that have addresses of their own, none on a site without strangers."""
    if is_walled(request):
        return {}
    kinds = kinds_of(request.registry)
    return {name: kind for name, kind in kinds.items() if kind.address is not None}


def base(request: Any) -> str:
    """Return the address of the site, without a slash at its end."""
    return str(request.registry.settings.get("communicate.url") or "").rstrip("/")


@view_config(context=Site, name="robots.txt", permission=OPEN)
def robots(context: Any, request: Any) -> Response:
    """Ask search engines to stay outside, or lead them to what is public.

    What they may not keep says so itself (``noindex``), which they have to read for that.
    """
    text = OPENED.format(url=base(request)) if listed(request) else CLOSED
    return Response(text, content_type="text/plain", charset="utf-8")


@view_config(context=Site, name="sitemap.xml", permission=OPEN, request_method="GET")
def sitemap(context: Any, request: Any) -> Response:
    """Show the index, or with ``?page=`` one page of addresses."""
    kinds = listed(request)
    if not kinds:
        raise HTTPNotFound
    request.find_service(ILimits).hit(LIMIT, network(request))
    asked = request.GET.get("page")
    if asked is None:
        return _answer("sitemapindex", "sitemap", index(request, kinds))
    return _answer("urlset", "url", addresses(request, kinds, asked))


def index(request: Any, kinds: dict[str, Indexable]) -> list[str]:
    """Return the addresses of the pages of the sitemap, the oldest things first."""
    catalog = request.find_service(ICatalog).catalog
    found = steps(catalog, stranger(request), kinds, PAGE)
    return [f"{base(request)}/sitemap.xml?page={time}-{number}" for time, number in found]


def addresses(request: Any, kinds: dict[str, Indexable], asked: str) -> list[str]:
    """Return the addresses of the things on the page that begins with the one *asked* for."""
    match = CURSOR.fullmatch(asked)
    if match is None or int(match[2]) >= 2**63 - 1:
        raise HTTPNotFound
    before = (int(match[1]), int(match[2]) + 1)
    request.viewer = stranger(request)
    catalog = request.find_service(ICatalog)
    hits = catalog.newest(request.viewer, kinds=set(kinds), before=before, limit=PAGE)
    found = []
    for hit, thing in catalog.load(hits):
        address = kinds[hit.kind].address
        path = None if address is None else address(request, thing)
        if path:
            found.append(base(request) + path)
    return found


def _answer(root: str, each: str, locations: list[str]) -> Response:
    lines = "".join(f"<{each}><loc>{escape(place)}</loc></{each}>\n" for place in locations)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{XMLNS}">\n{lines}</{root}>\n'
    return Response(text, content_type="application/xml", charset="utf-8")
