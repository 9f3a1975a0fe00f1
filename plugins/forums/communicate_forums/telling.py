"""Telling people of posts, by jobs: whom they mention, and who follows the topic or the forum.

Posting costs the same however many follow, and writes nothing that another post writes, so that
many who post at the same moment do not wait for each other: each reply queues a job of its own.
The first of these to run tells of all replies, batch by batch, until there are no more; the others
find it at that and are done.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from BTrees.Length import Length
from BTrees.LLBTree import LLBTree, LLTreeSet

from communicate.clock import milliseconds, now
from communicate.interfaces import IMembers, IOutbox
from communicate.storage.holding import hold
from communicate.writing.mentions import members_of, named
from communicate_forums.content import Forum, Post, Reader, Telling, Topic
from communicate_forums.indexing import forums_in
from communicate_forums.interfaces import IForums
from communicate_forums.viewers import may_read, notify

REPLIES, BATCHES, ANNOUNCE = "forums.tell", "forums.tell_on", "forums.announce"
MENTIONED, REPLIED, OPENED = "forums.mention", "forums.reply", "forums.topic"
LOST = 3_600_000  # milliseconds without a batch after which nobody is at it any more
BATCH = 200  # followers in one transaction
POSTS = 50  # that one job tells of
NEWS = 200  # followed topics with something new that are kept of one member


def tell_of_reply(request: Any, post: Post, mentions: Iterable[str]) -> None:
    """Have those told whom a new *post* mentions, and who follow its topic."""
    topic: Topic = post.__parent__
    asked: set[int] = vars(request).setdefault("communicate_forums_asked", set())
    # One job finds all that is written in its transaction, as when many are written at once.
    if topic.id not in asked and (mentions or _others(topic, post.owner)):
        asked.add(topic.id)
        request.find_service(IOutbox).add(REPLIES, {"topic": topic.id, "post": post.id})


def announce(request: Any, post: Post, mentions: Iterable[str], *, edited: bool = False) -> None:
    """Have those told who follow the forum in which *post* opens a topic, and whom it mentions.

    Of an *edited* post only those hear whom it mentions now.
    """
    uids = members_of(request, mentions)
    forum: Forum = post.__parent__.__parent__
    if uids or (not edited and _others(forum, post.owner)):
        payload = {"post": post.id, "mentions": uids, "after": 0, "edited": edited}
        request.find_service(IOutbox).add(ANNOUNCE, payload, owner=post.owner)


def _others(thing: Topic | Forum, uid: int | None) -> bool:
    return any(other != uid for other in islice(thing.followers or (), 2))


def announce_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Tell one batch of people of a new topic, or of a mention: the handler of ANNOUNCE."""
    forums = forums_in(request)
    post = None if forums is None else forums.post(payload["post"])
    if post is None:
        return
    mentions, after = payload["mentions"], payload["after"]
    if not after:
        for uid in mentions:
            tell_one(request, MENTIONED, post, uid)
    batch = [] if payload["edited"] else followers_after(post.__parent__.__parent__, after)
    for uid in batch:
        if uid not in mentions:
            tell_one(request, OPENED, post, uid)
    if len(batch) == BATCH:
        again = {**payload, "after": batch[-1]}
        request.find_service(IOutbox).add(ANNOUNCE, again, owner=post.owner)


def replies_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Tell of the replies in a topic, unless another job is at that: the handler of REPLIES."""
    topic = topic_in(request, payload)
    if topic is None:
        return
    if topic.telling is None:
        topic.telling = Telling()
    telling = topic.telling
    if telling.told >= payload["post"]:
        return
    if milliseconds(now(request)) - telling.running < LOST:
        hold(telling)  # should it have ended at this moment, this is tried again
        if telling.asked is None:
            telling.asked = Length()
        telling.asked.change(1)  # should it be about to end, that is
        return
    telling.told = max(telling.told, payload["post"] - 1)
    tell_batch(request, topic, telling, upto=0, after=0)


def batch_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Go on telling of the replies in a topic: the handler of BATCHES."""
    topic = topic_in(request, payload)
    if topic is not None and topic.telling is not None:
        tell_batch(request, topic, topic.telling, upto=payload["upto"], after=payload["after"])


def topic_in(request: Any, payload: Mapping[str, Any]) -> Topic | None:
    """Return the topic of a job, or None where it is gone."""
    forums = forums_in(request)
    found: Topic | None = None if forums is None else forums.topics.get(payload["topic"])
    return found


def tell_batch(request: Any, topic: Topic, telling: Telling, *, upto: int, after: int) -> None:
    """Tell one batch of followers, those with a number above *after*, of replies in *topic*.

    They are told of the posts up to *upto*, batch by batch; then come those that were written
    meanwhile, and the end is where there are none.  A reply whose job left it to this one before
    it ended, and that this one has not seen, makes it be tried again.
    """
    posts = list(islice(topic.posts.values(telling.told, upto or None, True), POSTS))
    batch = _tell(request, topic, posts, after)
    if len(batch) == BATCH:
        _go_on(request, topic, telling, upto=posts[-1].id, after=batch[-1])
        return
    if posts:
        telling.told = posts[-1].id
    if topic.posts and topic.posts.maxKey() > telling.told:
        _go_on(request, topic, telling, upto=0, after=0)
    elif telling.running:
        if telling.asked is not None:
            hold(telling.asked)
        telling.running = 0


def _tell(request: Any, topic: Topic, posts: list[Post], after: int) -> list[int]:
    """Tell one batch of followers of *posts*, and with the first whom they mention; return it."""
    mentions = {post.id: mentioned(request, post) for post in posts}
    if not after:
        for post in posts:
            for uid in mentions[post.id]:
                tell_one(request, MENTIONED, post, uid)
    batch = followers_after(topic, after) if posts else []
    for uid in batch:
        _tell_follower(request, uid, [post for post in posts if uid not in mentions[post.id]])
    return batch


def _go_on(request: Any, topic: Topic, telling: Telling, *, upto: int, after: int) -> None:
    """Queue the next batch: while there is one, the jobs of other replies leave it to that."""
    telling.running = milliseconds(now(request))
    payload = {"topic": topic.id, "upto": upto, "after": after}
    request.find_service(IOutbox).add(BATCHES, payload)


def _tell_follower(request: Any, uid: int, posts: list[Post]) -> None:
    """Tell member *uid* of *posts*, and remember the last one for the home page."""
    told = [post for post in posts if tell_one(request, REPLIED, post, uid)]
    if told:
        topic: Topic = told[-1].__parent__
        note(topic.__parent__.__parent__.reader(uid), told[-1])


def followers_after(thing: Topic | Forum, uid: int) -> list[int]:
    """Return the next BATCH followers of *thing*, those with a number above *uid*."""
    followers = thing.followers or LLTreeSet()
    return list(islice(followers.keys(uid, excludemin=True), BATCH))


def mentioned(request: Any, post: Post) -> list[int]:
    """Return the numbers of the members whom *post* mentions."""
    shown = post.body is not None and not post.deleted and not post.hidden
    html = request.find_service(IForums).html(post) if shown else None
    return members_of(request, named(html)) if html else []


def tell_one(request: Any, kind: str, post: Post, uid: int) -> bool:
    """Tell member *uid* of *post* unless it is theirs, or not for them; return whether so."""
    member = request.find_service(IMembers).by_uid(uid)
    if member is None or uid == post.owner or not may_read(request, member, post):
        return False
    topic: Topic = post.__parent__
    if kind == REPLIED:
        path = f"/forums/{topic.__parent__.__name__}/{topic.__name__}/unread"
        notify(request, kind, uid, about=topic, by=post.owner, path=path)
    else:
        notify(request, kind, uid, about=post if kind == MENTIONED else topic, by=post.owner)
    return True


def note(reader: Reader, post: Post) -> None:
    """Remember for a follower that *post* came, for the home page."""
    if reader.news is None:
        reader.news = LLBTree()
    reader.news[post.__parent__.id] = post.id
    if len(reader.news) > NEWS:
        del reader.news[reader.news.minKey()]
