"""What pages show: conversations and messages that the viewer may read, ready for a template."""

from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request

from communicate.interfaces import IContacts
from communicate.permissions import VIEW
from communicate.security import permits
from communicate.web.menu import counted
from communicate.web.plain import on_one_line
from communicate.web.slices import Slice, newest_first
from communicate_messages.boxes import box_of
from communicate_messages.content import Box, Conversation, Event, Message, Messages, Part
from communicate_messages.interfaces import IMessages
from communicate_messages.quotes import plain

_ = TranslationStringFactory("communicate_messages")

LOOK_BACK = 10  # lines looked at for one whose words a list can show
PREVIEW = 120  # characters
NAMES = 3  # logins in the name of a conversation


@dataclass(slots=True)
class Row:
    """One conversation in a list."""

    path: str
    title: str
    avatar: Any
    line: str = ""
    time: Any = ""
    unread: str = ""
    muted: bool = False
    here: bool = False


class Reading:
    """What the viewer of one request sees; each person is looked up once."""

    def __init__(self, request: Request) -> None:
        self.request, self.page = request, request.page
        self.words: Any = request.find_service(IMessages)
        self.uid: int | None = request.viewer.uid

    @cached_property
    def messages(self) -> Messages:
        """All conversations of the site."""
        found: Messages = self.request.site["messages"]
        return found

    @cached_property
    def box(self) -> Box | None:
        """What the viewer has."""
        return box_of(self.request, self.uid)

    @cached_property
    def contacts(self) -> Any:
        """The service that knows who has blocked whom."""
        return self.request.find_service(IContacts)

    def name_of(self, uid: int | None) -> str:
        """Return the login of member *uid*, or what stands for it."""
        return str(self.page.login_of(uid) or self.page.say(_("a former member")))

    # A conversation

    def people(self, conversation: Conversation) -> list[int]:
        """Return the others: of two also one who has left, or not answered."""
        found = conversation.others(self.uid)
        if not found and conversation.pair is not None:
            found = [one for one in conversation.pair if one != self.uid]
        return found

    def title_of(self, conversation: Conversation) -> str:
        """Return what *conversation* is called: its title, or who else takes part."""
        given = self.given_title(conversation)
        if given:
            return given
        people = self.people(conversation)
        names = [self.name_of(uid) for uid in people[:NAMES]]
        if len(people) > NAMES:
            names = [*names[: NAMES - 1], self._more(len(people) - NAMES + 1)]
        return str(self.page.list(names)) if names else str(self.page.say(_("Only you")))

    def given_title(self, conversation: Conversation) -> str:
        """Return the title that somebody gave it.

        It is empty where a block keeps that one away, and where all that is read is one message.
        """
        title, uid = conversation.title, self.uid
        part = conversation.part(uid)
        if part is not None and not part.accepted:
            return ""
        if title is None or (
            uid not in (None, title.uid) and self.contacts.blocked(uid, title.uid)
        ):
            return ""
        return self.words.title(conversation) or ""

    def _more(self, count: int) -> str:
        return str(self.page.say(_("${n} more"), n=self.page.number(count)))

    def avatar_of(self, conversation: Conversation, size: str = "") -> Any:
        """Return the picture of the other one, or a mark for several."""
        people = self.people(conversation)
        login = self.page.login_of(people[0]) if len(people) == 1 else None
        return self.page.avatar(login or self.title_of(conversation), size)

    # Lists

    def slice(self, name: str, size: int, after: int | None, before: int | None) -> Slice:
        """Return a page of the viewer's list *name*, the conversation with the latest first."""
        if self.box is None:
            return Slice([])
        return newest_first(self.box.place(name), size, after, before)

    def rows(self, found: Slice, here: Conversation | None = None) -> list[Row]:
        """Return the conversations of a page of a list."""
        numbers = [number for _key, number in found.items]
        held = [self.messages.conversations.get(number) for number in numbers]
        return [self.row(each, each is here) for each in held if each is not None]

    def row(self, conversation: Conversation, here: bool) -> Row:
        """Return *conversation* as a list shows it."""
        part: Part | None = conversation.part(self.uid)
        row = Row(
            f"/messages/{conversation.__name__}",
            self.title_of(conversation),
            self.avatar_of(conversation),
        )
        row.here = here
        if part is not None:
            row.unread, row.muted = counted(int(part.unread())), part.muted
            self._describe(row, conversation, part)
        return row

    def _describe(self, row: Row, conversation: Conversation, part: Part) -> None:
        row.time = self.page.time(conversation.created)
        floor = max(part.since, conversation.ended())
        newest = conversation.newest(floor, conversation.last_for(part))
        for place, line in enumerate(islice(newest, LOOK_BACK)):
            if place == 0:
                row.time = self.page.time(line.created)
            words = None if isinstance(line, Event) else self.preview(conversation, line)
            if words:
                row.line = words
                return

    def preview(self, conversation: Conversation, message: Message) -> str | None:
        """Return the first words of *message*, None where the viewer reads none of it."""
        if self.keeps_apart(conversation, message) or not permits(self.request, message, VIEW):
            return None
        html = self.words.html(message)
        if html is None:
            return None
        words = on_one_line(plain(html))
        words = words if len(words) <= PREVIEW else f"{words[:PREVIEW].rstrip()}…"
        if message.owner == self.uid:
            return str(self.page.say(_("You: ${words}"), words=words))
        if len(conversation.parts) > 2:
            who = self.name_of(message.owner)
            return str(self.page.say(_("${who}: ${words}"), who=who, words=words))
        return words

    def keeps_apart(self, conversation: Conversation, message: Message) -> bool:
        """Tell whether a block keeps *message*, of a conversation of several, from the viewer."""
        if message.owner in (None, self.uid) or conversation.pair is not None:
            return False
        return bool(self.contacts.blocked(self.uid, message.owner))
