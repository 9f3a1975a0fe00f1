"""Moving a topic to another forum, splitting one, merging two: `IMoves`.

Posts keep their ids, so that permalinks, pages and what members have read stay true.  What a
topic was part of is remembered in it: old addresses lead on.
"""

from typing import Any

from BTrees.LLBTree import LLBTree, LLTreeSet
from pyramid.request import Request
from zope.interface import implementer

from communicate.catalog.rights import principals_for
from communicate.interfaces import IAuthored, ICatalog, ISeals
from communicate_forums.content import Forum, Forums, Post, Topic, scattered
from communicate_forums.indexing import refresh
from communicate_forums.interfaces import IFollowing, IMoves, IRemovals
from communicate_forums.services import TITLE, TOPIC

MOST = 2_000  # posts that change their topic in one transaction

FIRST, LONG, GONE, SAME = "first", "long", "gone", "same"


class CannotMove(ValueError):
    """Posts cannot go there; ``why`` is one of FIRST, LONG, GONE, SAME."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@implementer(IMoves)
class Moves:
    """Move topics and posts on the site of one request."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.catalog = request.find_service(ICatalog)

    def move(self, topic: Topic, forum: Forum) -> None:
        """Put *topic* into *forum*, whose rights apply at once."""
        old: Forum = topic.__parent__
        if forum is old:
            return
        delist(topic)
        topic.__parent__ = forum
        topic.former = _without((*topic.former, old.id), forum.id)
        enlist(topic)
        self._settle(topic, [] if _alike(old, forum) else list(topic.posts))

    def split(self, post: Post, title: str, uid: int) -> Topic:
        """Make a topic of *post* and all that follow it, titled by member *uid*; return it."""
        old: Topic = post.__parent__
        numbers = list(old.posts.keys(post.id))
        if post.id == old.posts.minKey() or post.id == old.id:
            raise CannotMove(FIRST)
        if len(numbers) > MOST:
            raise CannotMove(LONG)
        delist(old)
        new = self._part(post, title, uid)
        carry(old, new, numbers)
        if old.answer in new.posts:
            old.answer = 0
        old.parted = (*old.parted, new.id)
        old.moved = old.posts.maxKey()
        enlist(old)
        enlist(new)
        self._settle(old, [])
        self._settle(new, [])
        return new

    def _part(self, post: Post, title: str, uid: int) -> Topic:
        """Return a new topic, still empty, that *post* is going to open."""
        old: Topic = post.__parent__
        sealed = self.request.find_service(ISeals).seal(uid, TITLE, title)
        new = Topic(post.id, post.owner, sealed)
        new.__parent__, new.__name__ = old.__parent__, post.__name__
        new.origin, new.locked, new.hidden = old.id, old.locked, old.hidden
        if old.followers:
            new.followers = LLTreeSet(old.followers)
        forums: Forums = old.__parent__.__parent__
        forums.topics[new.id] = new
        authored = self.request.find_service(IAuthored)
        for whose in {uid, post.owner} - {None}:
            authored.add(whose, TOPIC, new.id)
        if post.owner is not None:
            self.request.find_service(IFollowing).follow(new, post.owner)
        return new

    def merge(self, topic: Topic, into: Topic) -> None:
        """Put the posts of *topic* into the topic *into*; the address of *topic* leads there."""
        if topic is into:
            raise CannotMove(SAME)
        if topic.hidden or topic.deleted or into.hidden or into.deleted:
            raise CannotMove(GONE)
        if len(topic.posts) > MOST:
            raise CannotMove(LONG)
        numbers, forum = list(topic.posts), topic.__parent__
        delist(topic)
        delist(into)
        _inherit(topic, into)
        self.request.find_service(IRemovals).forget_title(topic)
        carry(topic, into, numbers)
        into.moved = into.posts.maxKey()
        enlist(into)
        _redirect(topic, into)
        self._settle(into, [] if _alike(forum, into.__parent__) else numbers)

    def _settle(self, topic: Topic, numbers: list[int]) -> None:
        """Tell the catalog where the posts of *topic* are now.

        What other people may read now is taken out at once, and a job brings it back, in batches.
        """
        for number in numbers:
            self.catalog.remove(number)
        refresh(self.request, topic)


def _alike(one: Forum, other: Forum) -> bool:
    """Tell whether the same people read both."""
    return set(principals_for(one)) == set(principals_for(other))


def _without(numbers: tuple[int, ...], number: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys(each for each in numbers if each != number))


def delist(topic: Topic) -> None:
    """Take *topic* out of the lists of its forum."""
    forum: Forum = topic.__parent__
    forum.withdraw(topic)
    for listed in (forum.concealed, forum.pinned):
        if topic.id in listed:
            listed.remove(topic.id)


def enlist(topic: Topic) -> None:
    """Put *topic* into the list of its forum where it belongs."""
    forum: Forum = topic.__parent__
    if topic.hidden:
        forum.concealed.add(topic.id)
    elif not topic.deleted:
        forum.enlist(topic)


def carry(old: Topic, new: Topic, numbers: list[int]) -> None:
    """Put the posts with these *numbers* from *old* into *new*, and count them there."""
    forums: Forums = new.__parent__.__parent__
    shown = 0
    for number in numbers:
        post: Post = old.posts.pop(number)
        post.__parent__ = new
        new.posts[number] = post
        forums.places[scattered(number)] = new.id
        shown += not (post.deleted or post.hidden or post.body is None)
    old.count.change(-shown)
    new.count.change(shown)
    new.moved = new.posts.maxKey()


def _inherit(topic: Topic, into: Topic) -> None:
    """Let *into* know what *topic* was, before its posts come."""
    last = into.posts.maxKey()
    halves = [(topic.id, topic.posts.maxKey())]
    halves += [(number, its_last) for number, its_last, _own in topic.merged]
    into.merged = (*into.merged, *((number, its_last, last) for number, its_last in halves))
    into.parted = _without((*into.parted, *topic.parted), into.id)
    forums_before = (*into.former, *topic.former, topic.__parent__.id)
    into.former = _without(forums_before, into.__parent__.id)
    if topic.followers:
        into.followers = LLTreeSet({*topic.followers, *(into.followers or ())})


def _redirect(topic: Topic, into: Topic) -> None:
    forums: Forums = into.__parent__.__parent__
    del forums.topics[topic.id]
    if forums.aliases is None:
        forums.aliases = LLBTree()
    forums.aliases[topic.id] = into.id


def moves_service(_context: Any, request: Request) -> Moves:
    """Return the service for one request."""
    return Moves(request)
