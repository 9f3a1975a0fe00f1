"""Deleting, taking back, hiding, destroying: `ICommentRemovals`.

A deletion hides at once.  The words stay, unread, for the ten seconds in which who deleted them
may take that back; then a job destroys them.
"""

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from pyramid.request import Request
from zope.interface import implementer

from communicate.clock import milliseconds, now
from communicate.interfaces import IAuthored, ICatalog, IOutbox, ISeals
from communicate.sealing import Destroyed
from communicate.storage.holding import hold_tree
from communicate.writing.interfaces import IAttachments
from communicate_spaces import telling
from communicate_spaces.content import Comment, Thread
from communicate_spaces.indexing import settle
from communicate_spaces.interfaces import ICommentRemovals
from communicate_spaces.places import all_in, find_comment
from communicate_spaces.services import BODY
from communicate_spaces.waiting import stop_waiting

DESTROY, FORGET = "spaces.destroy", "spaces.forget"
REASON_KIND = "spaces.reason"
SECONDS = 10  # in which a deletion can be taken back
BATCH = 50  # comments in one transaction


@implementer(ICommentRemovals)
class Removals:
    """Take comments out of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request

    def delete(self, comment: Comment, by: int) -> None:
        """Hide *comment* at once for member *by*, who may take that back for ten seconds."""
        if comment.deleted or comment.body is None:
            return
        self._count(comment, -1)
        moment = now(self.request)
        comment.deleted, comment.deleted_by = milliseconds(moment), by
        settle(self.request, comment)
        due = moment + timedelta(seconds=SECONDS)
        self.request.find_service(IOutbox).add(
            DESTROY, {"comment": comment.id}, owner=comment.owner, due=due
        )

    def undo(self, comment: Comment) -> None:
        """Show a deleted *comment* again; do nothing where its words are gone."""
        if not comment.deleted or comment.body is None:
            return
        comment.deleted, comment.deleted_by = 0, None
        self._count(comment, 1)
        settle(self.request, comment)

    def _count(self, comment: Comment, change: int) -> None:
        if comment.is_plain:
            comment.thread.count.change(change)

    def destroy(self, comment: Comment) -> None:
        """Destroy the words of *comment* and forget its author; its place goes if it can."""
        self._count(comment, -1)
        if comment.waits:
            stop_waiting(comment)
        self._forget(comment)
        self._take_out(comment)

    def _forget(self, comment: Comment) -> None:
        """Destroy what *comment* says, and forget it wherever it is listed."""
        if comment.owner is not None:
            self.request.find_service(IAuthored).remove(comment.owner, BODY, comment.id)
        self.request.find_service(ICatalog).remove(comment.id)
        known = all_in(self.request)
        if known is not None:
            known.all.pop(comment.id, None)
        self.request.find_service(IAttachments).clear(comment)
        comment.empty()
        comment.deleted = comment.deleted or milliseconds(now(self.request))

    def _take_out(self, comment: Comment) -> None:
        """Take an emptied *comment* out of its thread, unless others have answered it.

        Where somebody answers at this moment, this is tried again.
        """
        if comment.replies is not None:
            hold_tree(comment.replies)
        hold_tree(comment.thread.waiting)
        if comment.replies or self._is_awaited(comment):
            return
        comment.shelf.pop(comment.id, None)
        holder = comment.__parent__
        if isinstance(holder, Comment) and holder.body is None:
            self._take_out(holder)

    def _is_awaited(self, comment: Comment) -> bool:
        """Tell whether a reply to *comment* waits for approval."""
        waiting = comment.thread.waiting.values()
        return any(each.__parent__ is comment for each in waiting)

    def set_hidden(
        self, comment: Comment, hidden: bool, reason: str = "", by: int | None = None
    ) -> None:
        """Hide *comment* from all but moderators, or show it again.

        The *reason* is sealed under the key of the author, who reads it.
        """
        if comment.hidden == hidden or comment.body is None:
            return
        self._count(comment, -1)
        comment.reason = self._sealed(comment, reason) if hidden and reason else None
        comment.hidden = hidden
        self._count(comment, 1)
        settle(self.request, comment)
        if hidden:
            telling.hidden(self.request, comment, by)

    def _sealed(self, comment: Comment, reason: str) -> Any:
        try:
            return self.request.find_service(ISeals).seal(comment.owner, REASON_KIND, reason)
        except Destroyed:  # the author is being erased: nobody is left to read it
            return None

    def forget_thread(self, thread: Thread) -> None:
        """Destroy *thread* with all its comments, by a job where there are many.

        It leaves the wall at once: nothing of it can be reached any more.
        """
        wall, known = thread.__parent__, all_in(self.request)
        if wall is None or known is None:
            return
        for number in list(thread.waiting):
            if wall.waiting.pop(number, None) is not None:
                wall.pending.change(-1)
        if wall.thread(thread.subject_id) is thread:
            del wall[thread.__name__]
        thread.__parent__ = None
        if not self.empty_batch(thread):
            known.going[thread.id] = thread
            self.request.find_service(IOutbox).add(FORGET, {"thread": thread.id})

    def empty_batch(self, thread: Thread) -> bool:
        """Destroy some of the comments of *thread*; tell whether none is left."""
        left = BATCH
        for tree in (thread.waiting, thread.comments):
            for comment in list(islice(tree.values(), left)):
                left -= self._empty(comment, left)
                if left <= 0:
                    return False
                tree.pop(comment.id, None)
        return True

    def _empty(self, comment: Comment, most: int) -> int:
        """Destroy *comment* and its replies, *most* of them; return how many that were."""
        replies = list(islice((comment.replies or {}).values(), most))
        for reply in replies:
            self._forget(reply)
            comment.replies.pop(reply.id)  # type: ignore[union-attr]
        if len(replies) < most:
            self._forget(comment)
        return len(replies) + 1


def destroy_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy a comment whose ten seconds are over: the handler of DESTROY."""
    comment = find_comment(request, payload["comment"])
    if comment is not None and comment.deleted:
        request.find_service(ICommentRemovals).destroy(comment)


def forget_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy a batch of the comments on what is gone: the handler of FORGET."""
    known = all_in(request)
    thread = None if known is None else known.going.get(payload["thread"])
    if known is None or thread is None:
        return
    if request.find_service(ICommentRemovals).empty_batch(thread):
        del known.going[thread.id]
    else:
        request.find_service(IOutbox).add(FORGET, dict(payload))


def removals_service(_context: Any, request: Request) -> Removals:
    """Return the service for one request."""
    return Removals(request)
