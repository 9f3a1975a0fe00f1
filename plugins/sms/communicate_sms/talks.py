"""Conversations as they are kept: found, begun, moved, read."""

from itertools import islice
from typing import Any, NamedTuple

from communicate.clock import milliseconds, now
from communicate.ids import RANDOM_BITS, time_of
from communicate.interfaces import IAuthored, IMembers, INotifications, ISeals
from communicate.principals import Viewer
from communicate_sms.books import book_of, made_book
from communicate_sms.content import Book, Message, Received, Talk
from communicate_sms.interfaces import INumbers
from communicate_sms.numbers import shown
from communicate_sms.queue import NUMBER, Queue
from communicate_sms.reach import To, ToMember, ToNumber

PEER = "sms.peer"
TALK = "sms.talk"  # conversations in which one is named by somebody else
RECEIVED = "sms.received"  # what one has written from one's telephone
CHANGED = "sms.changed"  # what open pages are told


class Name(NamedTuple):
    """Whom a conversation is with: a login, or a number; neither, where nobody is there."""

    login: str | None
    number: str | None  # with blanks, where its owner may know it
    e164: str | None


class Line(NamedTuple):
    """A message as its reader sees it."""

    id: int
    mine: bool
    text: str | None  # without what the site has put around it; None: it is gone
    time: int  # milliseconds at which it came, left or is to leave
    state: int | None  # one of `states`, of what is mine
    parts: int
    thing: Message | Received


class Talks:
    """The books of one request's site."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.queue = Queue(request)

    # Finding

    def book_of(self, uid: int) -> Book | None:
        """Return the book of member *uid*, or None where there is nothing yet."""
        return book_of(self.request, uid)

    def book(self, uid: int) -> Book:
        """Return the book of member *uid*, made where there is none."""
        return made_book(self.request, uid)

    def with_(self, book: Book, to: To) -> Talk | None:
        """Return the conversation with *to*, or None."""
        found: Talk | None = book.talks.get(book.peers.get(self.peer(book, to), 0))
        return None if found is None or found.deleted else found

    def to(self, talk: Talk) -> To | None:
        """Return whom *talk* is with, None where that is nobody any more."""
        if talk.member is not None:
            return ToMember(talk.member)
        number = None if talk.number is None else self.seals.text(talk.number)
        return None if number is None else ToNumber(number)

    def name(self, talk: Talk) -> Name:
        """Return whom *talk* is with; the number of a member only where that one shows it."""
        if talk.member is None:
            to = self.to(talk)
            number = to.e164 if isinstance(to, ToNumber) else None
            return Name(None, shown(number) if number else None, number)
        members = self.request.find_service(IMembers)
        login = members.login_of(talk.member)
        viewer = Viewer(members.by_uid(talk.owner, closed=True), self.request.site.get("members"))
        seen = self.request.find_service(INumbers).visible(viewer, talk.member)
        return Name(login, shown(seen) if seen else None, seen)

    def peer(self, book: Book, to: To) -> bytes:
        """Return under what the conversation with *to* is found."""
        if isinstance(to, ToMember):
            return to.uid.to_bytes(8, "big")
        found: bytes = self.seals.member_hmac(book.owner, PEER, to.e164.encode())
        return found

    # Changing

    def begin(self, book: Book, to: To) -> Talk:
        """Begin a conversation with *to*."""
        uid = book.owner or 0
        if isinstance(to, ToMember):
            talk = Talk(uid, None, to.uid)
            self.request.find_service(IAuthored).add(to.uid, TALK, talk.id)
            self.queue.tree.named[talk.id] = talk
        else:
            talk = Talk(uid, self.seals.seal(uid, NUMBER, to.e164), None)
        book.hold(talk)
        book.peers[self.peer(book, to)] = talk.id
        return talk

    def lift(self, talk: Talk, when: int) -> None:
        """Have *talk* stand where its last message came or was written, at *when* (ms)."""
        recent = talk.__parent__.recent
        recent.discard((talk.moved, talk.id))
        talk.moved = when
        recent.insert((when, talk.id))

    def see(self, talk: Talk) -> None:
        """Count what came in *talk* as read, and what was told of it."""
        if talk.unread:
            talk.__parent__.unread -= talk.unread
            talk.unread = 0
            talk.seen = self.present
        self.request.find_service(INotifications).seen(talk.owner, talk)

    # Reading

    def latest(self, uid: int, before: int | None, most: int) -> list[Talk]:
        """Return a batch of conversations of *uid*, the latest first."""
        book = self.book_of(uid)
        if book is None:
            return []
        last = None if before is None else (before,)
        found = reversed(book.recent.keys(None, last))
        return [book.talks[number] for _when, number in islice(found, most)]

    def lines(self, talk: Talk, before: int | None, most: int) -> list[Line]:
        """Return the last *most* lines that are there by now, or those before the id *before*."""
        last = self.present if before is None else min(before, self.present)
        found: list[Line] = []
        for line in _backwards(talk, last):
            if line.is_shown:
                found.append(self.line(line))
            if len(found) == most:
                break
        return found[::-1]

    def waiting(self, talk: Talk) -> list[Line]:
        """Return what is to leave later, the next one first."""
        later = talk.lines.values(self.present, None)
        # What came stands there, too, for a moment after a clock was set back.
        mine = (line for line in later if isinstance(line, Message))
        return [self.line(line) for line in mine if line.is_shown]

    @property
    def present(self) -> int:
        """The first id of what is not yet there."""
        later: int = milliseconds(now(self.request)) + 1
        return later << RANDOM_BITS

    def line(self, line: Message | Received) -> Line:
        """Return *line* as its reader sees it."""
        text = self.seals.text(line.text)
        if isinstance(line, Received):
            return Line(line.id, False, text, line.came, None, 1, line)
        if text is not None:
            text = text[line.before : len(text) - line.after]
        when = line.left or milliseconds(time_of(line.id))
        return Line(line.id, True, text, when, line.state, line.parts, line)


def _backwards(talk: Talk, last: int) -> Any:
    """Yield the lines of *talk* whose id is below *last*, the latest first."""
    while True:
        try:
            last = talk.lines.maxKey(last - 1)
        except ValueError:
            return
        yield talk.lines[last]
