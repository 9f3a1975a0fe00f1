"""Sending text messages: `ITexts`, with what `talks` and `arriving` do for it."""

from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from zope.interface import implementer

from communicate.accounts.letters import localizer
from communicate.interfaces import IMembers
from communicate_sms import allowance, parts, reach, states
from communicate_sms.content import Message, Received, Talk
from communicate_sms.errors import Declined
from communicate_sms.interfaces import IAllowance, ITexts
from communicate_sms.prices import price
from communicate_sms.queue import Queue
from communicate_sms.reach import To, ToMember, ToNumber
from communicate_sms.removal import Removals
from communicate_sms.talks import Line, Name, Talks

_ = TranslationStringFactory("communicate_sms")

STOP = _("Answer STOP to have no more.")  # leaves with the message: characters of GSM-7 only
EMPTY = _("Write something.")
CLOSED = _("This message has been sent already.")
LATER = _("Choose a time within a year from now.")
# What a member may be told who writes to somebody whose number is not: it tells nothing of that.
ONES_OWN = (
    allowance.ADDRESS,
    allowance.AGAIN,
    allowance.QUOTA,
    allowance.UNPROVEN,
)
YEAR = 366 * 86_400_000  # milliseconds


class Preview(NamedTuple):
    """What would leave, and what it takes."""

    text: str  # whole, as the telephone shows it
    alphabet: str  # `parts.GSM7` or `parts.UCS2`
    parts: int
    units_left: int  # in the last part
    foreign: tuple[str, ...]  # the characters for which it takes UCS-2
    price: int | None  # thousandths of the currency; None: it would tell of a member
    left: int  # parts that the author may still send in a day


@implementer(ITexts)
class Texts:
    """Text messages on the site of one request."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.queue = Queue(request)
        self.kept = Talks(request)
        self.removals = Removals(self.kept)
        self.allowance = request.find_service(IAllowance)

    # Writing

    def send(self, author: int, to: To, text: str, at: int = 0) -> Message:
        """Have *text* sent to *to*, not before *at* (ms); raise Declined where that cannot be."""
        number = reach.check(self.request, author, to)
        if at > self.queue.now + YEAR:
            raise Declined(LATER)
        before, after = self.around(author, to)
        whole = f"{before}{_written(text)}{after}"
        self._allow("hit", author, to, number, len(self._split(whole).parts), at)
        book = self.kept.book(author)
        talk = self.kept.with_(book, to) or self.kept.begin(book, to)
        message = self.queue.add(author, to.uid if isinstance(to, ToMember) else number, whole, at)
        message.before, message.after = len(before), len(after)
        talk.keep(message)
        if after:
            talk.told = message.id
        self.kept.lift(talk, self.queue.now)
        return message

    def preview(self, author: int, to: To, text: str) -> Preview:
        """Return what would leave, and what it takes; raise Declined where nothing would.

        How often is not asked before there is a text.
        """
        number = reach.check(self.request, author, to)
        before, after = self.around(author, to)
        whole = f"{before}{parts.tidy(text)}{after}"
        found = self._split(whole)
        count = len(found.parts)
        if text:
            self._allow("check", author, to, number, count)
        told = isinstance(to, ToNumber)
        cost = price(self.request.registry.settings, number, count) if told else None
        left = self.allowance.left(author)
        return Preview(whole, found.alphabet, count, found.left, found.foreign, cost, left)

    def around(self, author: int, to: To) -> tuple[str, str]:
        """Return what leaves before and after what *author* writes to *to*.

        A telephone shows the number of the site alone, so that the login comes first.  Whoever is
        written to for the first time reads how to stop that; members have their own settings.
        """
        login = self.request.find_service(IMembers).login_of(author) or "?"
        if isinstance(to, ToMember) or self._has_told(author, to):
            return f"{login}: ", ""
        stop = localizer(self.request.registry, None).translate(STOP)
        return f"{login}: ", f"\n{stop}"

    def _has_told(self, author: int, to: To) -> bool:
        """Tell whether *author* has told *to* how to stop."""
        talk = self.with_whom(author, to)
        if talk is None or not talk.told:
            return False
        message = talk.lines.get(talk.told)
        return (
            message is None
            or states.WAITING < message.state != states.FAILED
            or (
                message.state == states.WAITING
                and message.id < self.kept.present
                and not message.is_gone
            )
        )

    def _split(self, whole: str) -> parts.Split:
        most = self.request.registry.settings["sms.parts"]
        try:
            found = parts.split(whole)
        except parts.TooLong:
            found = None
        if found is None or len(found.parts) > most:
            raise Declined(
                _("This is too long: a message has at most ${n} parts.", mapping={"n": most})
            )
        return found

    def _allow(self, act: str, author: int, to: To, number: str, count: int, at: int = 0) -> None:
        """Have the message checked, or counted, too; what is said tells nothing of a member."""
        named = to.uid if isinstance(to, ToMember) else None
        try:
            getattr(self.allowance, act)(author, number, count, to=named, at=at)
        except Declined as error:
            if named is None or error.reason in ONES_OWN:
                raise
            raise reach.takes_none(self.request, named) from None

    def change(self, message: Message, text: str, at: int = 0) -> Message:
        """Put another message in the place of *message*, which waits; raise Declined."""
        talk = message.__parent__
        if talk is None or not self._waits(message):
            raise Declined(CLOSED)
        to = self.kept.to(talk)
        if to is None:
            raise Declined(reach.NOBODY)
        reach.check(self.request, message.author, to)
        _written(text)
        self.cancel(message)
        return self.send(message.author, to, text, at)

    def cancel(self, message: Message) -> bool:
        """Take *message* out for good, where it waits; tell whether it still did."""
        if not self._waits(message):
            return False
        self.removals.destroy(message)
        return True

    def _waits(self, message: Message) -> bool:
        return message.state == states.WAITING and not message.is_gone

    def delete(self, thing: Talk | Message | Received) -> None:
        """Hide *thing* at once, and destroy it in ten seconds."""
        self.removals.delete(thing)

    def undo(self, thing: Talk | Message | Received) -> None:
        """Show *thing*, which was deleted, again."""
        self.removals.undo(thing)

    # Reading

    def talks(self, uid: int, before: int | None = None, most: int = 30) -> list[Talk]:
        """Return a batch of conversations, the latest first."""
        return self.kept.latest(uid, before, most)

    def talk(self, uid: int, number: int) -> Talk | None:
        """Return the conversation of *uid* with that id, or None."""
        book = self.kept.book_of(uid)
        found: Talk | None = None if book is None else book.talks.get(number)
        return None if found is None or found.deleted else found

    def with_whom(self, uid: int, to: To) -> Talk | None:
        """Return the conversation of *uid* with *to*, or None."""
        book = self.kept.book_of(uid)
        return None if book is None else self.kept.with_(book, to)

    def lines(self, talk: Talk, before: int | None = None, most: int = 50) -> list[Line]:
        """Return a batch of what is there by now: the last ones, or those before an id."""
        return self.kept.lines(talk, before, most)

    def waiting(self, talk: Talk) -> list[Line]:
        """Return what is to leave later, the next one first."""
        return self.kept.waiting(talk)

    def unread(self, uid: int) -> int:
        """Return how many messages *uid* has not read."""
        book = self.kept.book_of(uid)
        return 0 if book is None else book.unread

    def see(self, talk: Talk) -> None:
        """Count what came in *talk* as read."""
        self.kept.see(talk)

    def to(self, talk: Talk) -> To | None:
        """Return whom *talk* is with, None where that is nobody any more."""
        return self.kept.to(talk)

    def name(self, talk: Talk) -> Name:
        """Return whom *talk* is with, as its owner may know it."""
        return self.kept.name(talk)

    def receive(self, uid: int, by: To, text: str, came: int) -> Received | None:
        """Keep what came to *uid*; return it, None where *uid* wants nothing from there."""
        from communicate_sms.arriving import receive

        return receive(self.kept, uid, by, text, came)


def _written(text: str) -> str:
    """Return *text* as it is sent; raise Declined where there is nothing in it."""
    tidied = parts.tidy(text).strip()
    if not tidied:
        raise Declined(EMPTY)
    return tidied


def texts_service(_context: Any, request: Request) -> Texts:
    """Return the service for one request."""
    return Texts(request)


__all__ = ["Preview", "Texts", "ToMember", "ToNumber", "texts_service"]
