"""How topics and posts look where they are found."""

from collections.abc import Callable
from typing import Any

from communicate.declarations import Found
from communicate_forums.content import Forum, Post, Topic
from communicate_forums.interfaces import IForums
from communicate_forums.reading import Reading
from communicate_forums.slugs import topic_path


def topic(request: Any, thing: Topic) -> Found | None:
    """Return how the topic *thing* looks, with the words of its opening post."""
    words = request.find_service(IForums)
    title = words.title(thing)
    if title is None:
        return None
    opening = thing.posts.get(thing.id)
    return Found(
        title,
        topic_path(thing, title),
        "" if opening is None else line_of(words, opening) or "",
        by=author_of(words, thing.owner),
        place=place_of(request, thing.__parent__),
    )


def post(request: Any, thing: Post) -> Found | None:
    """Return how the post *thing* looks, under the title of its topic."""
    words = request.find_service(IForums)
    line = line_of(words, thing)
    if line is None:
        return None
    held: Topic = thing.__parent__
    title = once(request, held.id, lambda: words.title(held))
    return Found(
        title or "…",
        f"/forums/{held.__parent__.__name__}/{held.__name__}/{thing.__name__}",
        line,
        by=author_of(words, thing.owner),
        place=place_of(request, held.__parent__),
    )


def author_of(words: Any, uid: int | None) -> int | str | None:
    """Return the name of an author of the archive, the uid of anybody else."""
    name: str | None = words.author(uid)
    return uid if name is None else name or None


def place_of(request: Any, forum: Forum) -> str:
    """Return the title of the forum in which something is."""
    found: str = once(request, forum.id, lambda: Reading(request).title_of(forum))
    return found


def once(request: Any, key: int, make: Callable[[], Any]) -> Any:
    """Return what *make* returns for *key*: a page asks for one topic's title many times."""
    known = vars(request).setdefault("communicate_forums_found", {})
    if key not in known:
        known[key] = make()
    return known[key]


def line_of(words: Any, thing: Post) -> str | None:
    """Return the words of a post on one line, or None where they are not to be shown."""
    if thing.deleted or thing.hidden:
        return None
    line: str | None = words.line(thing)
    return line
