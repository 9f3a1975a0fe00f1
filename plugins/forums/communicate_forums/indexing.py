"""What the catalog is told of topics and posts.

Their forum's audience governs them; what is deleted, or hidden by moderators, has no entry.
A topic and its opening post share an id, and an entry: the topic's, with the words of both.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from communicate.catalog import Entry, entry_for
from communicate.interfaces import ICatalog, IOutbox, ISeals
from communicate_forums.content import Forums, Post, Topic
from communicate_forums.quotes import without
from communicate_forums.slugs import topic_path

TOPIC_KIND = "forums.topic"
POST_KIND = "forums.post"
REINDEX = "forums.reindex"
BATCH = 200  # posts in one transaction


def entry_of_topic(request: Any, topic: Topic) -> Entry | None:
    """Return the entry of *topic*, or None where it is not to be found."""
    if topic.deleted or topic.hidden or topic.title is None:
        return None
    title = request.find_service(ISeals).text(topic.title)
    if title is None:
        return None
    opening = topic.posts.get(topic.id)
    body = None if opening is None else _words(request, opening)
    return entry_for(topic, TOPIC_KIND, title=title, words=f"{title}\n{body or ''}")


def address_of_topic(request: Any, topic: Topic) -> str:
    """Return the address of the page of *topic*."""
    title = None if topic.title is None else request.find_service(ISeals).text(topic.title)
    return topic_path(topic, title)


def entry_of_post(request: Any, post: Post) -> Entry | None:
    """Return the entry of *post*, or None where it is not to be found, or with its topic only."""
    topic = post.__parent__
    if topic.deleted or topic.hidden or post.id == topic.id:
        return None
    body = _words(request, post)
    return None if body is None else entry_for(post, POST_KIND, words=body)


def _words(request: Any, post: Post) -> str | None:
    if post.deleted or post.hidden or post.body is None:
        return None
    found: str | None = request.find_service(ISeals).text(post.body)
    return None if found is None else without(found)


def forums_in(request: Any) -> Forums | None:
    """Return the forums of the site, or None where the site has none yet."""
    found: Forums | None = request.site.get("forums")
    return found


def walk_topics(request: Any) -> Iterator[Topic]:
    """Yield every topic of the site."""
    forums = forums_in(request)
    if forums is not None:
        yield from forums.topics.values()


def walk_posts(request: Any) -> Iterator[Post]:
    """Yield every post of the site."""
    for topic in walk_topics(request):
        yield from topic.posts.values()


def settle_topic(request: Any, topic: Topic) -> None:
    """Put the entry of *topic* into the catalog, or take it out, as its state says."""
    _settle(request, entry_of_topic(request, topic), topic.id)


def settle_post(request: Any, post: Post) -> None:
    """Put the entry of *post* into the catalog, or take it out, as its state says.

    An opening post is found with its topic.
    """
    topic = post.__parent__
    if post.id == topic.id:
        settle_topic(request, topic)
    else:
        _settle(request, entry_of_post(request, post), post.id)


def _settle(request: Any, entry: Entry | None, number: int) -> None:
    catalog = request.find_service(ICatalog)
    if entry is None:
        catalog.remove(number)
    else:
        catalog.put(entry)


def refresh(request: Any, topic: Topic) -> None:
    """Settle *topic* at once, and its posts in batches by a job."""
    settle_topic(request, topic)
    request.find_service(IOutbox).add(REINDEX, {"topic": topic.id, "after": 0})


def reindex_posts(request: Any, payload: Mapping[str, Any]) -> None:
    """Settle one batch of a topic's posts, and ask for the next: the handler of REINDEX."""
    forums = forums_in(request)
    topic = None if forums is None else forums.topic(payload["topic"])
    if topic is None:
        return
    posts = topic.posts.values(payload["after"], excludemin=True)
    for count, post in enumerate(posts, 1):
        settle_post(request, post)
        if count == BATCH:
            request.find_service(IOutbox).add(REINDEX, {"topic": topic.id, "after": post.id})
            return
