"""What the catalog is told of messages: for those who take part, sealed words to be searched."""

from collections.abc import Iterator
from typing import Any

from communicate.catalog import Entry
from communicate.interfaces import ICatalog, ISeals
from communicate.principals import member
from communicate_messages.boxes import messages_in
from communicate_messages.content import Conversation, Message
from communicate_messages.quotes import without

KIND = "messages.message"


def entry_of(request: Any, message: Message) -> Entry | None:
    """Return the entry of *message*, or None where it is not to be found."""
    conversation: Conversation = message.__parent__
    if message.deleted or message.hidden or message.body is None or message.is_over:
        return None
    body = request.find_service(ISeals).text(message.body)
    if body is None:
        return None
    return Entry(
        id=message.id,
        kind=KIND,
        acl=conversation.rights_of(message.id),
        principals=principals(conversation, message.id),
        locator=("messages", str(conversation.__name__), str(message.__name__)),
        time=message.created,
        author=message.owner,
        container=conversation.id,
        words=without(body),
    )


def principals(conversation: Conversation, number: int) -> tuple[str, ...]:
    """Return who finds the line with id *number*: those to whom it is no request any more."""
    parts = conversation.parts.items()
    return tuple(member(uid) for uid, part in parts if part.accepted and part.since < number)


def walk(request: Any) -> Iterator[Message]:
    """Yield every message of the site."""
    held = messages_in(request)
    for conversation in held.conversations.values() if held is not None else ():
        for line in conversation.lines.values():
            if isinstance(line, Message):
                yield line


def settle(request: Any, message: Message) -> None:
    """Put the entry of *message* into the catalog, or take it out, as its state says."""
    catalog, entry = request.find_service(ICatalog), entry_of(request, message)
    if entry is None:
        catalog.remove(message.id)
    else:
        catalog.put(entry)


def set_rights(request: Any, conversation: Conversation) -> None:
    """Tell the catalog who takes part now, for each stretch of lines with rights of its own."""
    catalog = request.find_service(ICatalog)
    for first, rights in conversation.stretches.items():
        catalog.set_rights(rights, principals(conversation, max(first, 1)))
