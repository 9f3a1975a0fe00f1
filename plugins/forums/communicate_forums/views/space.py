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
MOST = 5
SHOWS = {TOPIC_KIND: found.topic, POST_KIND: found.post}


def blocks(member: Any, request: Any) -> list[Block]:
    """Return a block with the latest posts of *member* that the viewer may read, or none."""
    catalog = request.find_service(ICatalog)
    hits = catalog.newest(request.viewer, kinds=tuple(SHOWS), author=member.uid, limit=MOST)
    seen = ((hit, SHOWS[hit.kind](request, thing)) for hit, thing in catalog.load(hits))
    posts = [(one, request.page.time(hit.time)) for hit, one in seen if one is not None]
    if not posts:
        return []
    html = render("communicate_forums:templates/latest.pt", {"posts": posts}, request)
    return [Block(NAME, _("Latest posts"), html, 30)]
