"""How messages look where they are found."""

from functools import partial
from typing import Any

from communicate.declarations import Found
from communicate_messages.content import Conversation, Message
from communicate_messages.interfaces import IMessages
from communicate_messages.quotes import plain
from communicate_messages.reading import Reading


def message(request: Any, thing: Message) -> Found | None:
    """Return how the message *thing* looks, under the name of its conversation."""
    html = request.find_service(IMessages).html(thing)
    conversation: Conversation = thing.__parent__
    if html is None or thing.deleted or conversation.part(request.viewer.uid) is None:
        return None
    known = vars(request).setdefault("communicate_messages_found", {})
    if conversation.id not in known:
        known[conversation.id] = Reading(request).title_of(conversation)
    return Found(
        known[conversation.id],
        f"/messages/{conversation.__name__}/{thing.__name__}",
        partial(plain, html),
        by=thing.owner,
    )
