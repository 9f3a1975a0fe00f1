"""How a page of the forums presents itself to search engines, other sites and feed readers."""

from dataclasses import dataclass
from typing import Any

from pyramid.request import Request

from communicate.permissions import VIEW
from communicate.security import decide
from communicate.web.indexing import open_page
from communicate.web.plain import on_one_line
from communicate.web.slices import asked, query
from communicate_forums.content import Forum, Forums, Post, Topic
from communicate_forums.interfaces import IForums
from communicate_forums.quotes import text_of
from communicate_forums.viewers import viewer_of

LONGEST = 200  # characters of a description


@dataclass(frozen=True, slots=True)
class Shared:
    """The address that is a page's own, and what other sites may show of it."""

    url: str
    title: str
    description: str


def site_url(request: Request) -> str:
    """Return the address of the site, without a slash at its end."""
    return str(request.registry.settings.get("communicate.url") or "").rstrip("/")


def is_public(request: Request, thing: Any) -> bool:
    """Tell whether every stranger may read *thing*."""
    return bool(decide(viewer_of(request, None), thing, VIEW))


def shared(
    topic: Topic, request: Request, path: str, title: str, posts: list[tuple[int, Post]]
) -> Shared | None:
    """Return how this page of *topic* is shared, to a stranger who may read it, else None.

    Pages that begin after a post can be kept by search engines; other views of the same posts
    cannot.
    """
    if request.member is not None or not is_public(request, topic):
        return None
    if set(request.GET) <= {"after"}:
        open_page(request, topic)
    url = f"{site_url(request)}{path}{query(after=asked(request, 'after'))}"
    return Shared(url, title, description(request, posts))


def description(request: Request, posts: list[tuple[int, Post]]) -> str:
    """Return the first words of the first of *posts* that strangers may read."""
    words = request.find_service(IForums)
    for _number, post in posts:
        html = words.html(post) if is_public(request, post) else None
        if html is not None:
            return on_one_line(text_of(html))[:LONGEST]
    return ""


def feed_of(thing: Forums | Forum | Topic, request: Request, path: str) -> str | None:
    """Return the address of the open feed of *thing*, or None where strangers may not read it."""
    return f"{path}/feed.atom" if is_public(request, thing) else None
