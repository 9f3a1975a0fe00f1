"""What feeds of the forums hold: the newest posts that their reader may read.

How a feed is written, and the key of a private one, are core's: `communicate.web.feeds`.
"""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from communicate.ids import encode
from communicate.permissions import VIEW
from communicate.security import permits
from communicate.web import feeds
from communicate.web.slices import backwards
from communicate_forums.content import Forum, Forums, Post, Reader, Topic
from communicate_forums.reading import Reading

ENTRIES = 30
LOOKED = 10  # posts of one topic in the feed of a forum


def newest_posts(topics: Iterable[Topic]) -> list[Post]:
    """Return the newest posts of *topics*, the newest first."""
    found: list[Post] = []
    for topic in topics:
        found.extend(post for _number, post in islice(backwards(topic.posts), LOOKED))
    return sorted(found, key=lambda post: post.id, reverse=True)


def posts_of_topic(topic: Topic) -> Iterable[Post]:
    """Yield the posts of *topic*, the newest first."""
    return (post for _number, post in islice(backwards(topic.posts), 4 * ENTRIES))


def posts_of_forums(forums: Forums, chosen: Iterable[Forum]) -> list[Post]:
    """Return the newest posts of the *chosen* forums, the newest first."""
    latest: list[tuple[int, int]] = []
    for forum in chosen:
        latest.extend(islice(backwards(forum.active), ENTRIES))
    numbers = [number for _key, number in sorted(latest, reverse=True)[:ENTRIES]]
    found = (forums.topic(number) for number in numbers)
    return newest_posts(topic for topic in found if topic is not None)


def items_of(request: Any, posts: Iterable[Post]) -> list[feeds.Item]:
    """Return the first ENTRIES of *posts* that the viewer may read, as feeds have them."""
    reading = Reading(request)
    readable = (post for post in posts if permits(request, post, VIEW))
    return feeds.first((item_of(reading, post) for post in readable), ENTRIES)


def item_of(reading: Reading, post: Post) -> feeds.Item | None:
    """Return *post* as a feed has it, or None where its words are gone."""
    topic: Topic = post.__parent__
    html = reading.words.html(post)
    if html is None:
        return None
    path = f"/forums/{topic.__parent__.__name__}/{topic.__name__}/{post.__name__}"
    pictures = bool(post.attachments) and feeds.is_open(reading.request, post)
    filled = reading.attachments.fill(
        reading.quotes.fill(html, changed(post)), post, path, pictures=pictures
    )
    return feeds.Item(
        name=f"forums/post/{encode(post.id)}",
        created=post.created,
        published=post.created,
        updated=changed(post),
        title=reading.words.title(topic) or "…",
        path=path,
        author=reading.name_of(post),
        html=str(filled),
    )


def changed(post: Post) -> int:
    """Return when *post* was written or last changed, in ms."""
    return post.edited or post.created


def new_secret(reader: Reader, uid: int) -> str:
    """Give member *uid* a private feed in place of any that was; return the key of its address."""
    key, reader.feed = feeds.new_key(uid)
    return key


def member_with(request: Any, key: str) -> Any:
    """Return the member whose private feed has that *key* in its address, or None."""
    uid = feeds.uid_in(key)
    reader = None if uid is None else request.site["forums"].readers.get(uid)
    return feeds.member_with(request, key, getattr(reader, "feed", None))
