"""Conversations, their messages, and what each member has of them; an on-disk contract.

Words are sealed under their author's key.  A conversation belongs to nobody: who takes part in it
reads it, from the moment of joining on, and nobody else does.  Each thing that changes on its own
is an object of its own; a list of conversations, and what is unread, is kept for each member, so
that no page looks through messages.
"""

import secrets
from collections.abc import Iterator
from typing import ClassVar

from BTrees.Length import Length
from BTrees.LLBTree import LLBTree, LLTreeSet
from BTrees.LOBTree import LOBTree
from persistent import Persistent
from pyramid.authorization import Allow

from communicate import audience as audiences
from communicate.audience import Audience
from communicate.clock import present
from communicate.content import Ace, Content, Folder
from communicate.ids import LENGTH, RANDOM_BITS, decode, encode
from communicate.permissions import DELETE, VIEW
from communicate.principals import member
from communicate.sealing.content import Sealed
from communicate.writing.content import Holder
from communicate_messages.permissions import SAY, SHAPE, TAKE_PART, UNDO

_TIME_BITS = 63 - RANDOM_BITS
_RANDOM = (1 << RANDOM_BITS) - 1
LAST = 2**62  # an id after all others
PUT_AWAY = 0  # in place of a conversation: what was declined before it was left
LISTS = ("listed", "archived", "asked")  # where a conversation is, for one member


def scattered(number: int) -> int:
    """Return id *number* with its random bits first, so that new keys land all over a tree."""
    return ((number & _RANDOM) << _TIME_BITS) | (number >> RANDOM_BITS)


def number_in(segment: str) -> int:
    """Return the id that the path element *segment* names; raise KeyError where it names none."""
    if len(segment) != LENGTH:
        raise KeyError(segment)
    try:
        return decode(segment)
    except ValueError:
        raise KeyError(segment) from None


class Box(Persistent):
    """What one member has of conversations: three lists in the order of activity, and choices."""

    open_to: Audience = audiences.CONTACTS  # who may write to the member
    receipts = False  # whether the member shows, and is shown, what was read

    def __init__(self) -> None:
        self.listed = LLBTree()  # id made at the last message -> id of a conversation
        self.archived = LLBTree()
        self.asked = LLBTree()  # strangers' requests
        self.pairs = LLBTree()  # uid of the other one -> id of their conversation, or PUT_AWAY
        self.unread = Length()  # messages not read, without those of muted conversations
        self.waiting = Length()  # strangers' requests

    def place(self, name: str) -> LLBTree:
        """Return the list *name*, one of LISTS."""
        found: LLBTree = getattr(self, name)
        return found


class Part(Persistent):
    """What a conversation is to one of those who take part in it."""

    place = "listed"  # one of LISTS
    seen = 0  # id of the last message shown
    muted = False
    agreed: int | None = None  # seconds of the life of messages that one has agreed to

    def __init__(self, since: int = 0) -> None:
        self.since = since  # id of the last message that is not for this one
        self.moved = 0  # key in the list, 0 while it is in none
        self.unread = Length()

    @property
    def accepted(self) -> bool:
        """Whether it is no stranger's request any more."""
        return self.place != "asked"


class Messages(Folder):
    """All conversations by id, and what each member has of them."""

    default_audience: ClassVar[Audience] = audiences.MEMBERS
    chooses_audience: ClassVar[bool] = False
    veiled: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__(audience=audiences.MEMBERS)
        self.conversations = LOBTree()  # id -> Conversation
        self.boxes = LOBTree()  # uid -> Box
        self.places = LLBTree()  # scattered id of a message -> id of its conversation
        self.fading = LLTreeSet()  # ids of conversations whose messages end

    def __getitem__(self, segment: str) -> "Conversation":
        """Return the conversation of that id."""
        found: Conversation | None = self.conversations.get(number_in(segment))
        if found is None:
            raise KeyError(segment)
        return found

    def box(self, uid: int) -> Box:
        """Return what member *uid* has, made where there is nothing yet."""
        found: Box | None = self.boxes.get(uid)
        if found is None:
            found = self.boxes[uid] = Box()
        return found

    def line(self, number: int) -> "Message | Event | None":
        """Return the message or the event with that id, or None."""
        conversation = self.conversations.get(self.places.get(scattered(number), 0))
        return None if conversation is None else conversation.lines.get(number)

    def add(self, conversation: "Conversation") -> None:
        """Keep a new *conversation*."""
        conversation.__parent__ = self
        conversation.__name__ = encode(conversation.id)
        self.conversations[conversation.id] = conversation


class Conversation(Content):
    """Who takes part, what they wrote, and for how long that is kept."""

    chooses_audience: ClassVar[bool] = False  # who takes part reads
    veiled: ClassVar[bool] = True
    title: Sealed | None = None  # of several; that of two is the other's login
    pair: tuple[int, int] | None = None  # the two whose only conversation it is
    life = 0  # seconds for which messages are kept, 0 for ever
    wish: int | None = None  # seconds that somebody has proposed
    wisher: int | None = None
    due = 0  # milliseconds since 1970 for which a job is queued that destroys what is over
    over = 0  # id up to which lines had come to their end when another life was agreed
    changes = 0  # of lines, of who takes part, of who agrees: two at the same moment conflict

    def __init__(self, number: int, starter: int) -> None:
        super().__init__()
        self.id, self.created = number, number >> RANDOM_BITS
        self.starter: int | None = starter
        self.parts = LOBTree()  # uid -> Part
        self.lines = LOBTree()  # id -> Message or Event
        # Those who come later read only what comes after: each time begins a stretch of lines
        # with rights of its own in the catalog.  First id of a stretch -> id of its rights.
        self.stretches = LLBTree({0: number})

    def __getitem__(self, segment: str) -> "Message | Event":
        """Return a message or an event by its id."""
        found: Message | Event | None = self.lines.get(number_in(segment))
        if found is None:
            raise KeyError(segment)
        return found

    def effective_audience(self) -> Audience:
        """Return those who take part."""
        return Audience("chosen", map(member, self.parts))

    def allowances(self) -> list[Ace]:
        """Let those who take part read, and write where somebody may read it."""
        allowed: list[Ace] = []
        for uid in self.parts:
            allowed.append((Allow, member(uid), (VIEW, TAKE_PART)))
            if self.is_shaped_by(uid):
                allowed.append((Allow, member(uid), (SHAPE,)))
            if self.is_open_to(uid):
                allowed.append((Allow, member(uid), (SAY,)))
        return allowed

    def is_open_to(self, uid: int) -> bool:
        """Tell whether *uid* may write: a request holds one message until it is accepted."""
        part: Part | None = self.parts.get(uid)
        if part is None or not part.accepted:
            return False
        others = [other for number, other in self.parts.items() if number != uid]
        if any(other.accepted for other in others):
            return True
        return bool(others) and not self.lines

    def is_shaped_by(self, uid: int) -> bool:
        """Tell whether *uid* may name it, add people, propose: a request has but its message."""
        part: Part | None = self.parts.get(uid)
        if part is None or not part.accepted:
            return False
        accepted = (number for number, other in self.parts.items() if other.accepted)
        return len(self.parts) == 1 or any(number != uid for number in accepted)

    def inviter(self, uid: int) -> int | None:
        """Return who has let *uid* take part, None where nobody knows any more."""
        part: Part | None = self.parts.get(uid)
        if part is None or not part.since:
            return self.starter
        came = self.lines.get(part.since + 1)
        return came.owner if isinstance(came, Event) else None

    def part(self, uid: int | None) -> Part | None:
        """Return what it is to member *uid*, or None for whoever does not take part."""
        found: Part | None = None if uid is None else self.parts.get(uid)
        return found

    def others(self, uid: int | None) -> list[int]:
        """Return those who take part besides *uid*."""
        return [other for other in self.parts if other != uid]

    def follow(self, number: int) -> int:
        """Return id *number*, or one a little later where the last line has it or a later one."""
        last: int = self.lines.maxKey() if self.lines else 0
        return number if number > last else last + 1 + secrets.randbits(RANDOM_BITS)

    def add(self, line: "Message | Event") -> None:
        """Put *line* at the end."""
        self.changes += 1
        line.__parent__ = self
        line.__name__ = encode(line.id)
        self.lines[line.id] = line
        self.__parent__.places[scattered(line.id)] = self.id

    def remove(self, number: int) -> None:
        """Take the line with id *number* out, without a trace."""
        self.lines.pop(number, None)
        self.__parent__.places.pop(scattered(number), None)

    def rights_of(self, number: int) -> int:
        """Return the id by which the catalog knows who reads the line with id *number*."""
        found: int = self.stretches[self.stretches.maxKey(number)]
        return found

    def readers(self, number: int) -> list[int]:
        """Return those who read the line with id *number*."""
        return [
            uid for uid, part in self.parts.items() if part.since < number <= self.last_for(part)
        ]

    def last_for(self, part: Part) -> int:
        """Return the id up to which whoever has *part* reads.

        To whom it is still a request, it shows one message, whatever others go on to write.
        """
        if not part.accepted:
            for number, line in self.lines.items(part.since, excludemin=True):
                if isinstance(line, Message):
                    return int(number)
        return LAST

    def ended(self) -> int:
        """Return the id up to which every line has come to its end by now, 0 for none."""
        if not self.life:
            return self.over
        last = present() - self.life * 1000
        return max(self.over, ((last + 1) << RANDOM_BITS) - 1)

    def newest(self, since: int, last: int = LAST) -> Iterator["Message | Event"]:
        """Yield the lines from id *last* backwards, down to above id *since*."""
        number = last + 1
        while True:
            try:
                number = self.lines.maxKey(number - 1)
            except ValueError:
                return
            if number <= since:
                return
            yield self.lines[number]


class Line(Content):
    """What stands in a conversation: read by those who take part since before, while it lasts."""

    chooses_audience: ClassVar[bool] = False
    veiled: ClassVar[bool] = True

    def __init__(self, number: int, owner: int | None) -> None:
        super().__init__(owner)
        self.id, self.created = number, number >> RANDOM_BITS

    @property
    def is_over(self) -> bool:
        """Whether its time is up: nobody reads it, and a job is about to destroy it."""
        return bool(self.id <= self.__parent__.ended())

    def allowances(self) -> list[Ace]:
        """Let read who takes part since before it was written."""
        if self.is_over:
            return []
        return [(Allow, member(uid), (VIEW,)) for uid in self.__parent__.readers(self.id)]


class Message(Holder, Line):
    """One message: its Markdown and the HTML made of it, both sealed; None once destroyed."""

    closed_to_blocked: ClassVar[bool] = True
    deleted = 0  # milliseconds since 1970 at which its author deleted it
    hidden = False  # by a moderator, who was shown it
    made_by = ""  # version of the renderer that made the HTML

    def __init__(self, number: int, owner: int) -> None:
        super().__init__(number, owner)
        self.body: Sealed | None = None
        self.html: Sealed | None = None

    def write(self, body: Sealed, html: Sealed, made_by: str) -> None:
        """Hold these words."""
        self.body, self.html, self.made_by = body, html, made_by

    def empty(self) -> None:
        """Hold neither words nor the name of their author any more; the place stays."""
        self.body = self.html = self.owner = None

    def allowances(self) -> list[Ace]:
        """Let its author delete it, and read it who takes part unless it is gone."""
        if self.body is None or self.is_over:
            return []
        own: list[Ace] = []
        if self.owner is not None:  # also once its author has left: own words stay one's own
            own = [(Allow, member(self.owner), (DELETE, UNDO))]
        if self.deleted or self.hidden:
            return own
        reads = [(Allow, name, (VIEW,)) for _allow, name, _view in own]
        return [*super().allowances(), *reads, *own]


class Event(Line):
    """Something that all who take part are told: somebody came or left, messages are kept longer.

    ``what`` is one of WHATS; ``whom`` the uid of who was added; ``value`` seconds.
    """

    whom: int | None = None
    value = 0

    def __init__(self, number: int, owner: int | None, what: str) -> None:
        super().__init__(number, owner)
        self.what = what


def new_messages() -> Messages:
    """Return the container of a new site."""
    return Messages()
