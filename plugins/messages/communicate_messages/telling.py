"""Telling people of messages: notices carry no words, and nothing goes to who has muted."""

from typing import Any

from communicate.interfaces import INotifications
from communicate.live.interfaces import ILive
from communicate_messages.content import Conversation, Message, Part

LIVE, DELETED = "messages.changed", "messages.deleted"  # what open pages are told
NEW, REQUEST, ADDED, PROPOSED = (
    "messages.new",
    "messages.request",
    "messages.added",
    "messages.proposed",
)


def tell(request: Any, kind: str, conversation: Conversation, by: int, to: list[int]) -> None:
    """Send a notice of that *kind* about *conversation* to each of *to*, as far as they wish."""
    notices = request.find_service(INotifications)
    path = f"/messages/{conversation.__name__}"
    for uid in to:
        part: Part | None = conversation.part(uid)
        if part is not None and not part.muted and uid != by:
            named = kind if part.accepted else REQUEST
            notices.send(named, uid, about=conversation, by=by, path=path)


def update(request: Any, conversation: Conversation, readers: list[int]) -> None:
    """Have the open pages of its *readers* fetch what is new in *conversation*."""
    request.find_service(ILive).tell(readers, LIVE, conversation.id)


def take_away(request: Any, message: Message) -> None:
    """Have the open pages of those who read *message* show no word of it any more."""
    readers = message.__parent__.readers(message.id)
    request.find_service(ILive).tell(readers, DELETED, message.id)


def saw(request: Any, conversation: Conversation) -> None:
    """Count what the viewer was told about *conversation* as read: a page shows it."""
    request.find_service(INotifications).seen(request.viewer.uid, conversation)
