"""The block in a member's space: what the member wrote last, as far as the viewer may read it."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

from communicate.declarations import Block
from communicate.interfaces import ICatalog
from communicate_forums import found
from communicate_forums.indexing import POST_KIND, TOPIC_KIND

_ = TranslationStringFactory("communicate_forums")

NAME = "forums.latest"
MOST = 5  # topics
LOOKED_AT = 20  # posts
SHOWS = {TOPIC_KIND: found.topic, POST_KIND: found.post}


def blocks(member: Any, request: Any) -> list[Block]:
    """Return a block with the latest posts of *member* that the viewer may read, or none."""
    posts = [(one, request.page.time(hit.time)) for hit, one in latest(member, request)]
    if not posts:
        return []
    html = render("communicate_forums:templates/latest.pt", {"posts": posts}, request)
    return [Block(NAME, _("Latest posts"), html, 30)]


def latest(member: Any, request: Any) -> list[tuple[Any, Any]]:
    """Return the latest post of *member* in each of a few topics, as hits and how they look."""
    catalog = request.find_service(ICatalog)
    hits = catalog.newest(request.viewer, kinds=tuple(SHOWS), author=member.uid, limit=LOOKED_AT)
    topics: dict[int, tuple[Any, Any]] = {}
    for hit, thing in catalog.load(hits):
        number = thing.id if hit.kind == TOPIC_KIND else thing.__parent__.id
        one = SHOWS[hit.kind](request, thing) if number not in topics else None
        if one is not None:
            topics[number] = (hit, one)
        if len(topics) == MOST:
            break
    return list(topics.values())
