"""Deleting, taking back, destroying: `IRemovals`.

A deletion hides at once, from everybody.  The words stay, unread, for the ten seconds in which
their author may take it back; then a job destroys them.
"""

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from pyramid.request import Request
from zope.interface import implementer

from communicate.clock import milliseconds, now
from communicate.interfaces import IAuthored, ICatalog, IOutbox
from communicate.writing.interfaces import IAttachments
from communicate_messages import boxes
from communicate_messages.boxes import messages_in
from communicate_messages.content import Conversation, Event, Message
from communicate_messages.indexing import KIND, settle
from communicate_messages.interfaces import IRemovals
from communicate_messages.telling import take_away

DESTROY, EMPTY, WITHDRAW = "messages.destroy", "messages.empty", "messages.withdraw"
SECONDS = 10  # in which a deletion can be taken back
BATCH = 200  # lines in one transaction


@implementer(IRemovals)
class Removals:
    """Take messages out of the conversations of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request

    def delete(self, message: Message) -> None:
        """Hide *message* from everybody at once; destroy its words in ten seconds."""
        if message.deleted or message.body is None:
            return
        moment = now(self.request)
        self._count_out(message)
        message.deleted = milliseconds(moment)
        settle(self.request, message)
        take_away(self.request, message)
        self.request.find_service(IOutbox).add(
            DESTROY,
            {"message": message.id},
            owner=message.owner,
            due=moment + timedelta(seconds=SECONDS),
        )

    def undo(self, message: Message) -> None:
        """Show a deleted *message* again; do nothing where its words are gone."""
        if message.deleted and message.body is not None:
            message.deleted = 0
            if not message.hidden:
                boxes.gone(message.__parent__, message, 1)
            settle(self.request, message)

    def destroy(self, message: Message) -> None:
        """Destroy the words of *message* and forget its author; its place stays."""
        self._count_out(message)
        self._disown(message)
        self.request.find_service(IAttachments).clear(message)
        message.empty()
        message.deleted = message.deleted or milliseconds(now(self.request))
        settle(self.request, message)

    def drop(self, line: Message | Event) -> None:
        """Take *line* out of its conversation, without a trace."""
        conversation: Conversation = line.__parent__
        if isinstance(line, Message):
            self._count_out(line)
            self.request.find_service(ICatalog).remove(line.id)
            self.request.find_service(IAttachments).clear(line)
        self._disown(line)
        conversation.remove(line.id)

    def set_hidden(self, message: Message, hidden: bool) -> None:
        """Hide *message* from all who take part, or show it again."""
        if message.hidden == hidden:
            return
        if hidden:
            self._count_out(message)
        message.hidden = hidden
        if not hidden and not message.deleted and message.body is not None:
            boxes.gone(message.__parent__, message, 1)
        settle(self.request, message)

    def _count_out(self, message: Message) -> None:
        """Count *message* no more, where it was."""
        if message.body is not None and not message.deleted and not message.hidden:
            boxes.gone(message.__parent__, message)

    def _disown(self, line: Message | Event) -> None:
        listed = self.request.find_service(IAuthored)
        kind = KIND if isinstance(line, Message) else "messages.event"
        for uid in {line.owner, getattr(line, "whom", None)} - {None}:
            listed.remove(uid, kind, line.id)


def destroy_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy the words of a message whose ten seconds are over: the handler of DESTROY."""
    held = messages_in(request)
    message = None if held is None else held.line(payload["message"])
    if isinstance(message, Message) and message.deleted:
        request.find_service(IRemovals).destroy(message)


def withdraw_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy a batch of what a member who has left wrote there: the handler of WITHDRAW."""
    conversation, after = _named(request, payload), payload["before"]
    if conversation is None:
        return
    uid, removals = payload["uid"], request.find_service(IRemovals)
    lines = list(islice(conversation.lines.values(after, excludemin=True), BATCH))
    for line in lines:
        if isinstance(line, Message) and line.owner == uid:
            removals.destroy(line)
    if len(lines) == BATCH:
        again = {**payload, "before": lines[-1].id}
        request.find_service(IOutbox).add(WITHDRAW, again, owner=uid)


def empty_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy a batch of a conversation that nobody reads any more: the handler of EMPTY."""
    conversation = _named(request, payload)
    if conversation is None or conversation.parts:
        return
    removals = request.find_service(IRemovals)
    lines = list(islice(conversation.lines.values(), BATCH))
    for line in lines:
        removals.drop(line)
    if conversation.lines:
        request.find_service(IOutbox).add(EMPTY, payload)
        return
    held, catalog = conversation.__parent__, request.find_service(ICatalog)
    for rights in conversation.stretches.values():
        catalog.remove(rights)
    held.conversations.pop(conversation.id, None)
    if conversation.id in held.fading:
        held.fading.remove(conversation.id)


def _named(request: Any, payload: Mapping[str, Any]) -> Conversation | None:
    held = messages_in(request)
    found: Conversation | None = (
        None if held is None else held.conversations.get(payload["conversation"])
    )
    return found


def removals_service(_context: Any, request: Request) -> Removals:
    """Return the service for one request."""
    return Removals(request)
