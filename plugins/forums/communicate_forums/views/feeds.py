"""The addresses of feeds: open ones show what strangers may read, private ones what members may.

No cookie counts for either.
"""

from collections.abc import Iterable
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate.accounts.limits import network
from communicate.interfaces import ILimits
from communicate.permissions import VIEW
from communicate.web import feeds
from communicate.web.feeds import Source, seen_by
from communicate_forums.content import Forum, Forums, Post, Topic
from communicate_forums.feeds import items_of, member_with, posts_of_forums, posts_of_topic
from communicate_forums.interfaces import IForums
from communicate_forums.permissions import FEED
from communicate_forums.reading import Reading
from communicate_forums.views.forums import readable
from communicate_forums.views.sharing import is_public

_ = TranslationStringFactory("communicate_forums")

LIMIT, WRONG = "forums.feeds", "forums.wrong_feeds"


def source_of(request: Request, thing: Forums | Forum | Topic, itself: str) -> Source:
    """Return what the feed of *thing* says of itself."""
    reading = Reading(request)
    name = request.page.site_name
    if isinstance(thing, Topic):
        title = reading.words.title(thing) or request.page.say(_("A deleted title"))
        page, title = request.find_service(IForums).path(thing), f"{title} – {name}"
        named = f"forums/topic/{thing.__name__}"
    elif isinstance(thing, Forum):
        page, title = f"/forums/{thing.__name__}", f"{reading.title_of(thing)} – {name}"
        named = f"forums/{thing.__name__}"
    else:
        page, title, named = "/forums", f"{request.page.say(_('Forums'))} – {name}", "forums"
    return Source(named, thing.created, title, page, itself, request.page.language)


def answer(request: Request, source: Source, posts: Iterable[Post]) -> Response:
    """Return the feed of *posts*, or 304 where the reader has it as it is."""
    return feeds.answer(request, feeds.ATOM, source, items_of(request, posts))


@view_config(context=Forums, name="feed.atom", permission=VIEW, request_method="GET")
def feed(context: Forums, request: Request) -> Response:
    """Answer with the newest posts that strangers may read."""
    with seen_by(request, None):
        chosen = readable(request, context)
        posts = posts_of_forums(context, chosen)
        return answer(request, source_of(request, context, "/forums/feed.atom"), posts)


@view_config(context=Forum, name="feed.atom", permission=VIEW, request_method="GET")
def forum_feed(context: Forum, request: Request) -> Response:
    """Answer with the newest posts of a forum that strangers may read."""
    if not is_public(request, context):
        raise HTTPNotFound
    with seen_by(request, None):
        itself = f"/forums/{context.__name__}/feed.atom"
        posts = posts_of_forums(context.__parent__, [context])
        return answer(request, source_of(request, context, itself), posts)


@view_config(context=Topic, name="feed.atom", permission=VIEW, request_method="GET")
def topic_feed(context: Topic, request: Request) -> Response:
    """Answer with the newest posts of a topic that strangers may read."""
    if not is_public(request, context):
        raise HTTPNotFound
    with seen_by(request, None):
        itself = f"/forums/{context.__parent__.__name__}/{context.__name__}/feed.atom"
        return answer(request, source_of(request, context, itself), posts_of_topic(context))


@view_config(context=Forums, name="private", permission=FEED, request_method="GET")
def private(context: Forums, request: Request) -> Response:
    """Answer with the newest posts that the member may read whose key is in the address."""
    key = request.subpath[0].removesuffix(".atom") if len(request.subpath) == 1 else ""
    limits = request.find_service(ILimits)
    limits.check(WRONG, network(request))
    member: Any = member_with(request, key)
    if member is None:
        limits.hit(WRONG, network(request))
        raise HTTPNotFound
    limits.hit(LIMIT, str(member.uid))
    with seen_by(request, member):
        chosen = readable(request, context)
        itself = f"/forums/private/{key}.atom"
        posts = posts_of_forums(context, chosen)
        return answer(request, source_of(request, context, itself), posts)
