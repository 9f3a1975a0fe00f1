"""Writing in conversations: `IMessages`."""

from collections.abc import Sequence
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from zope.interface import implementer

from communicate.clock import now
from communicate.ids import new_id
from communicate.interfaces import IAuthored, IContacts, IMarkdown, IMembers, ISeals
from communicate_messages import boxes, reach
from communicate_messages.content import PUT_AWAY, Conversation, Message, Messages, Part
from communicate_messages.errors import Refused
from communicate_messages.indexing import KIND, settle
from communicate_messages.interfaces import ILife, IMessages
from communicate_messages.telling import NEW, tell, update

_ = TranslationStringFactory("communicate_messages")

RULES = 1  # one more whenever the same Markdown may give other HTML here
TITLE, HTML = "messages.title", "messages.html"
TRACE = "messages.conversation"  # conversations that name a member

CLOSED = _("Nobody reads here any more: you cannot write.")
WAITING = _("You can write again once your request is accepted.")
BLOCKED = _("You cannot write to each other.")
TOO_MANY = _("Too many people for one conversation.")
NOBODY = _("Name at least one person.")


@implementer(IMessages)
class MessagesService:
    """Write in the conversations of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.markdown = request.find_service(IMarkdown)
        self.renderer = f"{getattr(self.markdown, 'version', '1')}+{RULES}"

    @property
    def messages(self) -> Messages:
        """All conversations of the site."""
        found: Messages = self.request.site["messages"]
        return found

    # Writing

    def start(self, uid: int, others: Sequence[int], body: str, title: str = "") -> Message:
        """Write *body* to *others*, in the one conversation of two or in a new one.

        Raise Refused where one of them cannot be written to.
        """
        to = [other for other in dict.fromkeys(others) if other != uid]
        if not to:
            raise Refused(NOBODY if not others else reach.ONESELF)
        if len(to) + 1 > self.request.registry.settings["messages.people"]:
            raise Refused(TOO_MANY)
        known = self.pair(uid, to[0]) if len(to) == 1 else None
        if known is not None:
            return self._resume(known, uid, to[0], body)
        if len(to) == 1 and self._was_put_away(uid, to[0]):
            raise Refused(WAITING)
        for other in to:
            reach.check(self.request, uid, other)
        conversation = self._open(uid, to)
        if title and len(to) > 1:
            self.entitle(conversation, uid, title)
        return self._add(conversation, uid, body)

    def pair(self, uid: int, other: int) -> Conversation | None:
        """Return the conversation that *uid* has with *other* alone, or None."""
        box = self.messages.boxes.get(uid)
        number = None if box is None else box.pairs.get(other)
        found: Conversation | None = (
            None if number is None else self.messages.conversations.get(number)
        )
        return found

    def _was_put_away(self, uid: int, other: int) -> bool:
        """Tell whether *uid*, still a stranger, has left a request that *other* had declined."""
        box = self.messages.boxes.get(uid)
        declined = box is not None and box.pairs.get(other) == PUT_AWAY
        return declined and reach.is_stranger(self.request, uid, other)

    def _resume(self, conversation: Conversation, uid: int, other: int, body: str) -> Message:
        """Write in the conversation of two: who had declined it takes part again."""
        if uid not in conversation.parts:
            part = conversation.part(other)
            if part is not None and not part.accepted:
                raise Refused(WAITING)
            reach.check(self.request, uid, other)
            self.admit(conversation, uid, "listed")
        return self.say(conversation, uid, body)

    def _open(self, uid: int, to: list[int]) -> Conversation:
        conversation = Conversation(new_id(now(self.request)), uid)
        self.messages.add(conversation)
        self.admit(conversation, uid, "listed")
        for other in to:
            strange = reach.is_stranger(self.request, uid, other)
            self.admit(conversation, other, "asked" if strange else "listed")
        if len(to) == 1:
            conversation.pair = (uid, to[0])
            self.messages.box(uid).pairs[to[0]] = conversation.id
            self.messages.box(to[0]).pairs[uid] = conversation.id
        return conversation

    def admit(self, conversation: Conversation, uid: int, place: str, since: int = 0) -> Part:
        """Let *uid* take part in *conversation* from after the line *since* on."""
        part = conversation.parts[uid] = Part(since)
        part.seen = since
        boxes.put(self.messages.box(uid), conversation, part, place)
        self.request.find_service(IAuthored).add(uid, TRACE, conversation.id)
        return part

    def say(self, conversation: Conversation, uid: int, body: str) -> Message:
        """Add a message of *uid* to *conversation*; raise Refused where that is closed."""
        why = self.closed(conversation, uid)
        if why is not None:
            raise Refused(why)
        return self._add(conversation, uid, body)

    def closed(self, conversation: Conversation, uid: int) -> Any:
        """Return why *uid* cannot write in *conversation*, or None where that is open."""
        if not conversation.is_open_to(uid):
            pair = conversation.pair
            gone = (
                pair is None
                or self.request.find_service(IMembers).login_of(
                    pair[0] if pair[1] == uid else pair[1]
                )
                is None
            )
            return CLOSED if gone else WAITING
        others = conversation.others(uid)
        contacts = self.request.find_service(IContacts)
        if conversation.pair is not None and any(contacts.blocked(uid, one) for one in others):
            return BLOCKED
        return None

    def _add(self, conversation: Conversation, uid: int, body: str) -> Message:
        message = Message(conversation.follow(new_id(now(self.request))), uid)
        self._write(message, body)
        conversation.add(message)
        self.request.find_service(IAuthored).add(uid, KIND, message.id)
        boxes.arrived(conversation, message)
        settle(self.request, message)
        if conversation.life:
            self.request.find_service(ILife).schedule(conversation)
        readers = conversation.readers(message.id)
        tell(self.request, NEW, conversation, uid, readers)
        update(self.request, conversation, readers)
        return message

    def _write(self, message: Message, body: str) -> str:
        html = self.preview(body)
        seal = self.seals.seal
        message.write(
            seal(message.owner, KIND, body), seal(message.owner, HTML, html), self.renderer
        )
        return html

    def entitle(self, conversation: Conversation, uid: int, title: str) -> None:
        """Give *conversation* the *title* of *uid*, empty for none."""
        conversation.title = self.seals.seal(uid, TITLE, title) if title else None

    # Opening

    def preview(self, body: str) -> str:
        """Return the clean HTML of *body*, which is kept nowhere; its quotes are references."""
        return str(self.markdown.render(body))

    def title(self, conversation: Conversation) -> str | None:
        """Return the title that somebody gave to *conversation*, or None."""
        return None if conversation.title is None else self.seals.text(conversation.title)

    def body(self, message: Message) -> str | None:
        """Return the Markdown of *message*, or None where it is gone."""
        return None if message.body is None else self.seals.text(message.body)

    def html(self, message: Message) -> str | None:
        """Return the clean HTML of *message*, made anew where an older renderer made it."""
        if message.html is None:
            return None
        if message.made_by != self.renderer:
            body = self.body(message)
            return None if body is None else self._write(message, body)
        found: str | None = self.seals.text(message.html)
        return found


def messages_service(_context: Any, request: Request) -> MessagesService:
    """Return the service for one request."""
    return MessagesService(request)
