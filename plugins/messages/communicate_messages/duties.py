"""What messages hold of a member, and what erasing and moderating mean here."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Moderable, Notification, Path, PersonalData
from communicate.interfaces import IAuthored
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_messages.boxes import messages_in
from communicate_messages.content import Box, Conversation, Event, Message, Messages
from communicate_messages.indexing import KIND
from communicate_messages.interfaces import ILife, IMessages, IRemovals, ITaking
from communicate_messages.services import TRACE
from communicate_messages.taking import EVENT
from communicate_messages.telling import ADDED, NEW, PROPOSED, REQUEST

_ = TranslationStringFactory("communicate_messages")

BATCH = 50  # messages in one transaction: others wait for no more
CHOICES = "messages.choices"
CONTENT = "communicate_messages.content"

PERSONAL_DATA = (
    PersonalData(
        kind=KIND,
        what=_("Your private messages, and when you wrote them"),
        why=_("You wrote them to those who take part in the conversation."),
        audience="chosen",
        retention=_(
            "Until you delete them, their time is up, nobody takes part any more, or you erase "
            "your account."
        ),
        stored=(f"{CONTENT}:Message",),
    ),
    PersonalData(
        kind=TRACE,
        what=_(
            "The conversations in which you take part, since when, how far you have read, "
            "what you have muted or archived, and the name that you gave to one"
        ),
        why=_("Your pages list them, and mark what is new to you."),
        audience="chosen",
        retention=_("Until you leave the conversation or erase your account."),
        stored=(f"{CONTENT}:Conversation", f"{CONTENT}:Part", f"{CONTENT}:Messages"),
    ),
    PersonalData(
        kind=EVENT,
        what=_("The lines that say who has come into a conversation or left it"),
        why=_("Those who take part know who reads them."),
        audience="chosen",
        retention=_(
            "Until their time is up, nobody takes part any more, or you erase your account."
        ),
        stored=(f"{CONTENT}:Event",),
    ),
    PersonalData(
        kind=CHOICES,
        what=_("Who may write to you, and whether you tell what you have read"),
        why=_("You chose it."),
        audience="private",
        retention=_("Until you choose otherwise or erase your account."),
        stored=(f"{CONTENT}:Box", f"{CONTENT}:Messages"),
    ),
)

NOTIFICATIONS = (
    Notification(
        kind=NEW,
        title=_("A private message"),
        sentence=_("${who} has written to you."),
        several=_("${n} messages in a conversation."),
        icon="chat-dots",
    ),
    Notification(
        kind=REQUEST,
        title=_("Somebody whom you do not know would like to write to you"),
        sentence=_("${who} would like to write to you."),
        several=_("${n} messages that wait for you to accept them."),
        icon="person-plus",
    ),
    Notification(
        kind=ADDED,
        title=_("You are added to a conversation"),
        sentence=_("${who} has added you to a conversation."),
        icon="people",
    ),
    Notification(
        kind=PROPOSED,
        title=_("Somebody proposes how long messages are kept"),
        sentence=_("${who} proposes another time for which messages are kept."),
        icon="hourglass-split",
    ),
)


def erase(member: Any, receipt: Any) -> bool:
    """Erase one batch of what the member wrote, then what the member takes part in.

    Return True where there is more: a message keeps its place, without words or author.
    """
    request, uid = member.request, member.uid
    for kind, step in ((KIND, _erase_message), (EVENT, _erase_event), (TRACE, _erase_trace)):
        listed = request.find_service(IAuthored)
        numbers = list(listed.items(uid, kind, most=BATCH))
        for number in numbers:
            step(request, uid, number)
            listed.remove(uid, kind, number)
        if numbers:
            receipt.erased(kind, len(numbers))
            return True
    held = messages_in(request)
    box = None if held is None else held.boxes.pop(uid, None)
    if held is not None and box is not None:
        for other in box.pairs:
            theirs: Box | None = held.boxes.get(other)
            if theirs is not None:
                theirs.pairs.pop(uid, None)
        receipt.erased(CHOICES)
    return False


def _erase_message(request: Any, uid: int, number: int) -> None:
    message = find(request, number)
    if message is not None and message.owner == uid:
        request.find_service(IRemovals).destroy(message)


def _erase_event(request: Any, uid: int, number: int) -> None:
    held = messages_in(request)
    event = None if held is None else held.line(number)
    if isinstance(event, Event):
        event.owner = None if event.owner == uid else event.owner
        event.whom = None if event.whom == uid else event.whom


def _erase_trace(request: Any, uid: int, number: int) -> None:
    """Let the conversation *number* name member *uid* nowhere."""
    held = messages_in(request)
    found: Conversation | None = None if held is None else held.conversations.get(number)
    if held is None or found is None:
        return
    taking, took_part = request.find_service(ITaking), uid in found.parts
    taking.take_out(found, uid)
    if took_part and found.parts:
        taking.tell_all(found, None, "left")
        request.find_service(ILife).settle(found)
    if found.title is not None and found.title.uid == uid:
        found.title = None
    if found.pair is not None and uid in found.pair:
        _forget_pair(held, found, uid)


def _forget_pair(held: Messages, found: Conversation, uid: int) -> None:
    for other in found.pair or ():
        box: Box | None = held.boxes.get(other)
        if box is not None:
            box.pairs.pop(uid, None)
    found.pair = None


def find(request: Any, number: int) -> Message | None:
    """Return the message with that id, or None."""
    held = messages_in(request)
    found = None if held is None else held.line(number)
    return found if isinstance(found, Message) else None


def words_of(request: Any, message: Message) -> str:
    """Return the Markdown of *message*, empty where it is gone."""
    if message.deleted:
        return ""
    return request.find_service(IMessages).body(message) or ""


def hide(request: Any, message: Message, _reason: str) -> None:
    """Hide *message*, which somebody has disclosed, from all who take part."""
    request.find_service(IRemovals).set_hidden(message, True)


def restore(request: Any, message: Message) -> None:
    """Show a hidden message again to those who take part."""
    request.find_service(IRemovals).set_hidden(message, False)


def delete(request: Any, message: Message) -> None:
    """Destroy the words of *message*."""
    request.find_service(IRemovals).destroy(message)


def forget(request: Any, message: Message, uid: int) -> None:
    """Destroy the words of *message* for its author, member *uid*, if it still is the author."""
    if message.owner == uid:
        request.find_service(IRemovals).destroy(message)


MODERABLES = (
    Moderable(
        KIND, _("Private message"), find, words_of, hide, delete, restore=restore, forget=forget
    ),
)
PATHS = (Path("message page", "read", lambda request, thing: bool(permits(request, thing, VIEW))),)
