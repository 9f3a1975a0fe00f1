"""The lists and counts of each member, kept as messages come, are read and go."""

from typing import Any

from communicate_messages.content import Box, Conversation, Message, Messages, Part


def messages_in(request: Any) -> Messages | None:
    """Return all conversations of the site, or None where the site has none yet."""
    found: Messages | None = request.site.get("messages")
    return found


def box_of(request: Any, uid: int | None) -> Box | None:
    """Return what member *uid* has, or None where there is nothing yet."""
    held = messages_in(request)
    found: Box | None = None if held is None or uid is None else held.boxes.get(uid)
    return found


def counts(part: Part) -> bool:
    """Tell whether what is unread in *part* is in the member's own count."""
    return part.accepted and not part.muted


def lift(box: Box, conversation: Conversation, part: Part, number: int) -> None:
    """Bring *conversation* to the top of its list, at the moment of id *number*."""
    held = box.place(part.place)
    held.pop(part.moved, None)
    part.moved = number
    held[number] = conversation.id


def put(box: Box, conversation: Conversation, part: Part, place: str) -> None:
    """Have *conversation* in the list *place*, where it is in the order of activity."""
    _count(box, part, -1)
    box.place(part.place).pop(part.moved, None)
    part.place = place
    part.moved = part.moved or conversation.id
    box.place(place)[part.moved] = conversation.id
    _count(box, part, 1)


def take_out(box: Box, part: Part) -> None:
    """Have the conversation of *part* in no list, and count nothing of it."""
    _count(box, part, -1)
    box.place(part.place).pop(part.moved, None)


def set_muted(box: Box, part: Part, muted: bool) -> None:
    """Count what comes in the conversation of *part*, or do not."""
    _count(box, part, -1)
    part.muted = muted
    _count(box, part, 1)


def _count(box: Box, part: Part, sign: int) -> None:
    if counts(part):
        box.unread.change(sign * part.unread())
    if not part.accepted:
        box.waiting.change(sign)


def arrived(conversation: Conversation, message: Message) -> None:
    """Put a new *message* on top for all who read it, and count it for all but its author.

    What was archived comes back, unless it is muted; who writes has read what is there.
    """
    for uid in conversation.readers(message.id):
        part, box = conversation.parts[uid], conversation.__parent__.box(uid)
        if part.place == "archived" and not part.muted:
            put(box, conversation, part, "listed")
        lift(box, conversation, part, message.id)
        if uid == message.owner:
            read(box, part, message.id, 0)
        else:
            part.unread.change(1)
            if counts(part):
                box.unread.change(1)


def read(box: Box, part: Part, number: int, left: int) -> None:
    """Count as read what comes up to id *number*, after which *left* messages are new."""
    part.seen = max(part.seen, number)
    change = left - part.unread()
    if change:
        part.unread.change(change)
        if counts(part):
            box.unread.change(change)


def accepted(conversation: Conversation, uid: int) -> None:
    """List a request as a conversation, at the moment of what others went on to write."""
    part: Part = conversation.parts[uid]
    box = conversation.__parent__.box(uid)
    put(box, conversation, part, "listed")
    if conversation.lines:
        lift(box, conversation, part, max(part.moved, conversation.lines.maxKey()))


def gone(conversation: Conversation, message: Message, sign: int = -1) -> None:
    """Count *message* no more for those who have not read it; *sign* 1: count it again."""
    for uid in conversation.readers(message.id):
        part: Part = conversation.parts[uid]
        if uid == message.owner or part.seen >= message.id or (sign < 0 and not part.unread()):
            continue
        part.unread.change(sign)
        box: Box | None = conversation.__parent__.boxes.get(uid)
        if box is not None and counts(part):
            box.unread.change(sign)
