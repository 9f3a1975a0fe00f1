"""Deleting, taking back, hiding: `IRemovals`.

A deletion hides at once.  Its words stay, unread, for the ten seconds in which their author may
take it back; then a job destroys them.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pyramid.request import Request
from zope.interface import implementer

from communicate.clock import milliseconds, now
from communicate.interfaces import IAuthored, ICatalog, IOutbox, ISeals
from communicate.sealing import Destroyed
from communicate.sealing.content import Sealed
from communicate.storage.holding import hold_tree
from communicate.writing.interfaces import IAttachments
from communicate_forums.content import Forum, Forums, Post, Topic, scattered
from communicate_forums.indexing import forums_in, refresh, settle_post, settle_topic
from communicate_forums.interfaces import IRemovals
from communicate_forums.services import BODY, TOPIC

DESTROY = "forums.destroy"
REASON_KIND = "forums.reason"
SECONDS = 10  # in which a deletion can be taken back


@implementer(IRemovals)
class Removals:
    """Take things out of the forums of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.catalog = request.find_service(ICatalog)

    def delete(self, post: Post) -> None:
        """Hide *post* at once, and its topic where nobody else has written in it."""
        if post.deleted or post.body is None:
            return
        topic: Topic = post.__parent__
        moment = now(self.request)
        post.deleted = milliseconds(moment)
        self._count_out(post)
        settle_post(self.request, post)
        if not topic.deleted and self._is_bare(topic):
            topic.deleted = post.deleted
            self._take_out(topic)
        self.request.find_service(IOutbox).add(
            DESTROY,
            {"post": post.id},
            owner=post.owner,
            due=moment + timedelta(seconds=SECONDS),
        )

    def undo(self, post: Post) -> None:
        """Show a deleted *post*, and its topic, again; do nothing where its words are gone."""
        if not post.deleted or post.body is None:
            return
        topic: Topic = post.__parent__
        post.deleted = 0
        self._count_in(post)
        if topic.deleted:
            topic.deleted = 0
            self._put_back(topic)
        settle_post(self.request, post)

    def destroy(self, post: Post) -> None:
        """Destroy the words of *post* and forget its author; a topic left empty goes with it."""
        topic: Topic = post.__parent__
        if post.body is not None and not post.deleted:
            self._count_out(post)
        if post.owner is not None:
            self.request.find_service(IAuthored).remove(post.owner, BODY, post.id)
        post.empty()
        self.request.find_service(IAttachments).clear(post)
        if topic.answer == post.id:
            topic.answer = 0
        post.deleted = post.deleted or milliseconds(now(self.request))
        settle_post(self.request, post)
        if all(left.body is None for left in topic.newest()) and self._is_bare(topic):
            self._drop(topic)

    def forget_title(self, topic: Topic) -> None:
        """Destroy the words of the topic's title and forget who opened it."""
        if topic.owner is not None:
            self.request.find_service(IAuthored).remove(topic.owner, TOPIC, topic.id)
        self._disown_title(topic)
        self.catalog.remove(topic.id)
        topic.title = topic.owner = topic.reason = None

    def forget_member(self, topic: Topic, uid: int) -> None:
        """Forget what *topic* holds of member *uid*: who opened it, who wrote its title."""
        if topic.title is not None and topic.title.uid == uid:
            topic.title = None
        if topic.owner == uid:
            topic.owner = topic.reason = None
        settle_topic(self.request, topic)

    def _disown_title(self, topic: Topic) -> None:
        """Take the title off the list of the moderator who gave it when it was split off."""
        if topic.title is not None and topic.title.uid != topic.owner:
            self.request.find_service(IAuthored).remove(topic.title.uid, TOPIC, topic.id)

    def set_hidden(
        self, thing: Post | Topic, hidden: bool, reason: str = "", by: int | None = None
    ) -> None:
        """Hide *thing* from all but moderators, or show it again.

        The *reason* is sealed under the key of the author, who reads it, or of the moderator.
        """
        if thing.hidden == hidden:
            return
        thing.reason = self._sealed(thing, reason, by) if hidden and reason else None
        if isinstance(thing, Topic):
            self._set_topic_hidden(thing, hidden)
            return
        if hidden:
            self._count_out(thing)
        thing.hidden = hidden
        if not hidden:
            self._count_in(thing)
        settle_post(self.request, thing)

    def _sealed(self, thing: Post | Topic, reason: str, by: int | None) -> Sealed | None:
        whose = by if thing.owner is None else thing.owner
        if whose is None:
            return None
        try:
            sealed: Sealed = self.request.find_service(ISeals).seal(whose, REASON_KIND, reason)
        except Destroyed:  # the author is being erased: nobody is left to read it
            return None
        return sealed

    def _set_topic_hidden(self, topic: Topic, hidden: bool) -> None:
        forum: Forum = topic.__parent__
        topic.hidden = hidden
        if hidden:
            forum.withdraw(topic)
            forum.concealed.add(topic.id)
        else:
            forum.enlist(topic)
            forum.concealed.remove(topic.id)
        refresh(self.request, topic)

    def _count_out(self, post: Post) -> None:
        if not post.hidden:
            post.__parent__.count.change(-1)

    def _count_in(self, post: Post) -> None:
        if not post.hidden and not post.deleted:
            post.__parent__.count.change(1)

    def _is_bare(self, topic: Topic) -> bool:
        """Tell whether every post of *topic* is deleted, so that nothing of it needs to be shown.

        A reply at the same moment makes one of the two transactions start again: this one asks to
        find the posts' tree unchanged, all of it.
        """
        if topic.count():
            return False
        hold_tree(topic.posts)
        return all(post.deleted for post in topic.posts.values())

    def _take_out(self, topic: Topic) -> None:
        if not topic.hidden:
            topic.__parent__.withdraw(topic)
        self.catalog.remove(topic.id)

    def _put_back(self, topic: Topic) -> None:
        if not topic.hidden:
            topic.__parent__.enlist(topic)
        settle_topic(self.request, topic)

    def _drop(self, topic: Topic) -> None:
        """Remove a topic in which no words are left."""
        forum: Forum = topic.__parent__
        forums: Forums = forum.__parent__
        forum.withdraw(topic)
        self.forget_title(topic)
        for number in topic.posts:
            forums.places.pop(scattered(number), None)
        forums.topics.pop(topic.id, None)
        for listed in (forum.concealed, forum.pinned):
            if topic.id in listed:
                listed.remove(topic.id)


def destroy_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy the words of a post whose ten seconds are over: the handler of DESTROY."""
    forums = forums_in(request)
    post = None if forums is None else forums.post(payload["post"])
    if post is not None and post.deleted:
        request.find_service(IRemovals).destroy(post)


def removals_service(_context: Any, request: Request) -> Removals:
    """Return the service for one request."""
    return Removals(request)
