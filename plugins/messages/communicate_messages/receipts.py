"""What was read, told only between members who have both said that they want it."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate_messages.boxes import box_of
from communicate_messages.content import Conversation, Message, Part
from communicate_messages.reading import Reading

_ = TranslationStringFactory("communicate_messages")


def state_of(reading: Reading, conversation: Conversation) -> str | None:
    """Return who has read the viewer's own message at the end of *conversation*, or None.

    Between those of whom one has blocked the other, nothing is told.
    """
    last = conversation.lines[conversation.lines.maxKey()] if conversation.lines else None
    own = isinstance(last, Message) and last.owner == reading.uid and not last.deleted
    if last is None or not own or reading.box is None or not reading.box.receipts:
        return None
    readers = [
        uid
        for uid, part in conversation.parts.items()
        if uid != reading.uid and has_read(part, last.id) and shows(reading, uid)
    ]
    if not readers:
        return None
    if conversation.pair is not None:
        return str(reading.page.say(_("Read")))
    names = reading.page.list([reading.name_of(uid) for uid in readers])
    return str(reading.page.say(_("Read by ${names}"), names=names))


def has_read(part: Part, number: int) -> bool:
    """Tell whether whoever has *part* was shown the line with id *number*."""
    return part.accepted and part.seen >= number


def shows(reading: Reading, uid: int) -> bool:
    """Tell whether member *uid* lets the viewer see what was read."""
    box: Any = box_of(reading.request, uid)
    told = box is not None and bool(box.receipts)
    return told and not reading.contacts.blocked(reading.uid, uid)
