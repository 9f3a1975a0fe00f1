"""What messages write into a member's archive: conversations as the member reads them, choices.

A message stands in a place of several people, so that it is for reading only.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.audience import LEVELS, Audience
from communicate.clock import moment
from communicate.ids import encode, time_of
from communicate.interfaces import IAuthored, IMembers
from communicate.permissions import VIEW
from communicate.principals import contacts
from communicate.principals import member as named
from communicate.security import permits
from communicate_messages.boxes import messages_in
from communicate_messages.content import Box, Conversation, Event, Message, Messages
from communicate_messages.interfaces import IMessages
from communicate_messages.reading import Reading
from communicate_messages.services import TRACE

_ = TranslationStringFactory("communicate_messages")

Row = dict[str, Any]
CONVERSATION = {"title": _("Name"), "people": _("Who takes part"), "begun": _("Begun")}
MESSAGE = {
    "conversation": _("Conversation"),
    "author": _("Author"),
    "written": _("Written"),
    "text": _("Text"),
}
CHOICES = {
    "who": _("Who may write to you"),
    "receipts": _("Show what I have read, and see what others have"),
}
BATCH = 500
MOST_NAMED = 1_000


def export(member: Any, archive: Any) -> None:
    """Write what *member* reads of conversations, and has chosen, into *archive*."""
    held = messages_in(member.request)
    if held is None:
        return
    writer = Writer(member, held)
    archive.records(
        "conversation",
        writer.conversations(),
        owned=False,
        title=_("Conversations"),
        fields=CONVERSATION,
    )
    archive.records(
        "message", writer.messages(), owned=False, title=_("Private messages"), fields=MESSAGE
    )
    archive.records("choices", writer.choices(), title=_("Who may write to you"), fields=CHOICES)


class Writer:
    """The records of one member."""

    def __init__(self, member: Any, held: Messages) -> None:
        self.uid, self.request, self.held = member.uid, member.request, held
        self.reading = Reading(member.request)
        self.reading.uid = member.uid
        self.words = member.request.find_service(IMessages)

    def _all(self) -> Iterator[Conversation]:
        """Yield the conversations that have to do with the member, the oldest first."""
        listed, last = self.request.find_service(IAuthored), 0
        while numbers := listed.items(self.uid, TRACE, after=last, most=BATCH):
            found = (self.held.conversations.get(number) for number in numbers)
            yield from (each for each in found if each is not None)
            last = numbers[-1]

    def conversations(self) -> Iterator[Row]:
        """Yield the conversations in which the member takes part."""
        for each in self._all():
            if self.uid in each.parts:
                part = each.parts[self.uid]
                yield {
                    "id": encode(each.id),
                    "title": self.reading.title_of(each),
                    "people": sorted(map(self.reading.name_of, each.parts)),
                    "begun": moment(each.created),
                    "archived": part.place == "archived",
                    "muted": part.muted,
                    "read": encode(part.seen),
                    "kept": each.life or None,
                }

    def messages(self) -> Iterator[Row]:
        """Yield what the member wrote, and what others wrote as far as the member reads it."""
        for each in self._all():
            for line in each.lines.values():
                row = None if isinstance(line, Event) else self._message(each, line)
                if row is not None:
                    yield row

    def _message(self, conversation: Conversation, message: Message) -> Row | None:
        own = message.owner == self.uid and not message.deleted and not message.is_over
        if not own and not permits(self.request, message, VIEW):
            return None
        if not own and self.reading.keeps_apart(conversation, message):
            return None
        text = self.words.body(message)
        if text is None:
            return None
        return {
            "id": encode(message.id),
            "conversation": encode(conversation.id),
            "author": self.reading.name_of(message.owner),
            "written": time_of(message.id),
            "text": text,
        }

    def choices(self) -> Iterator[Row]:
        """Yield what the member has chosen, where it is not as for everybody."""
        box: Box | None = self.held.boxes.get(self.uid)
        if box is None or (box.open_to == Box.open_to and not box.receipts):
            return
        login_of = self.request.find_service(IMembers).login_of
        people = [name.partition(":")[2] for name in box.open_to.chosen if "member:" in name]
        yield {
            "who": box.open_to.level,
            "people": sorted(filter(None, (login_of(int(uid)) for uid in people))),
            "receipts": box.receipts,
        }


def bring_back(member: Any, archive: Any) -> None:
    """Choose again what *member* chose; people only on the site that wrote *archive*.

    Messages stay where they are: nobody can say that somebody wrote something once.
    """
    held = messages_in(member.request)
    for row in archive.records("choices", most=1):
        level = archive.one_of(row.get("who"), LEVELS[:-1])
        box = None if held is None else held.box(member.uid)
        if box is None:
            return
        box.receipts = row.get("receipts") is True
        box.open_to = Audience(level)
        if level == "chosen":
            people = _people(member, archive, row.get("people"))
            box.open_to = Audience("chosen", [contacts(member.uid), *map(named, people)])


def _people(member: Any, archive: Any, names: Any) -> list[int]:
    if not isinstance(names, list):
        raise ValueError("who may write is a list of names")
    members = member.request.find_service(IMembers)
    texts = (archive.text(name, 100) for name in islice(names, MOST_NAMED))
    found = [members.by_login(name) for name in texts] if archive.here else []
    return [one.uid for one in found if one is not None and one.uid != member.uid]
