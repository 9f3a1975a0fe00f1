"""The addresses of feeds: open ones show what strangers may read, private ones what members may.

No cookie counts for either.  Both take the filters of the list: an author, a tag, a language.
"""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate.accounts.limits import network
from communicate.interfaces import ILimits
from communicate.permissions import OPEN, VIEW
from communicate.web import feeds
from communicate.web.feeds import ATOM, JSON, seen_by
from communicate.web.indexing import is_walled
from communicate_articles.content import Articles, Shelf
from communicate_articles.feeds import items_of, member_with, source_of
from communicate_articles.listing import Asked, read
from communicate_articles.permissions import FEED

KINDS = {"feed.atom": ATOM, "feed.json": JSON}
SUFFIXES = {".atom": ATOM, ".json": JSON}
LIMIT, WRONG = "articles.feeds", "articles.wrong_feeds"


def opened(request: Request, asked: Asked) -> Response:
    """Return the open feed of a list in the format that the address names.

    Whom an author has blocked, and who is signed in, is shown nothing of that author here either.
    """
    reader = request.viewer
    with seen_by(request, None):
        view = request.view_name
        source = source_of(request, asked, asked.address(view))
        return feeds.answer(request, KINDS[view], source, items_of(request, asked, reader))


@view_config(context=Articles, name="feed.atom", permission=VIEW, request_method="GET")
@view_config(context=Articles, name="feed.json", permission=VIEW, request_method="GET")
def feed(context: Articles, request: Request) -> Response:
    """Answer with the newest articles that strangers may read."""
    return opened(request, read(request.GET).without("month"))


@view_config(context=Shelf, name="feed.atom", permission=OPEN, request_method="GET")
@view_config(context=Shelf, name="feed.json", permission=OPEN, request_method="GET")
def shelf_feed(context: Shelf, request: Request) -> Response:
    """Answer with the newest articles of a member that strangers may read."""
    if is_walled(request):
        raise HTTPNotFound
    return opened(request, read(request.GET, context.__parent__.login).without("month"))


@view_config(context=Articles, name="private", permission=FEED, request_method="GET")
def private(context: Articles, request: Request) -> Response:
    """Answer with the newest articles that the member may read whose key is in the address."""
    name = request.subpath[0] if len(request.subpath) == 1 else ""
    suffix = next((each for each in SUFFIXES if name.endswith(each)), "")
    key = name.removesuffix(suffix)
    limits = request.find_service(ILimits)
    limits.check(WRONG, network(request))
    member: Any = member_with(request, key) if suffix else None
    if member is None:
        limits.hit(WRONG, network(request))
        raise HTTPNotFound
    limits.hit(LIMIT, str(member.uid))
    with seen_by(request, member):
        asked = read(request.GET).without("month")
        source = source_of(request, asked, asked.address(f"private/{name}"))
        return feeds.answer(request, SUFFIXES[suffix], source, items_of(request, asked))
