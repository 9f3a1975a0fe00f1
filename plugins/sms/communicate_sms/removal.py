"""Deleting, taking back, destroying: what was deleted is hidden at once, and leaves no more.

Ten seconds later, unless it was taken back meanwhile, a job destroys it.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from communicate.clock import milliseconds, now
from communicate.ids import RANDOM_BITS, time_of
from communicate.interfaces import IAuthored, IOutbox
from communicate.live.interfaces import ILive
from communicate_sms import states
from communicate_sms.content import Book, Message, Received, Talk
from communicate_sms.following import copy_of
from communicate_sms.interfaces import IAllowance
from communicate_sms.queue import NOT_SENT, OLDEST, exchange_of
from communicate_sms.reach import ToMember, ToNumber
from communicate_sms.talks import CHANGED, RECEIVED, TALK, Talks

DESTROY, SWEEP = "sms.destroy", "sms.sweep"
EVERY = timedelta(days=1)
SECONDS = 10  # in which a deletion can be taken back
LAST = 2**63 - 1  # after all ids
BATCH = 200  # messages destroyed in one transaction
BOOKS = 50  # looked through in one


class Removals:
    """Take messages and conversations out of the books of one request's site."""

    def __init__(self, kept: Talks) -> None:
        self.kept = kept
        self.request = kept.request

    @property
    def now(self) -> int:
        """The present, in milliseconds."""
        return milliseconds(now(self.request))

    def delete(self, thing: Talk | Message | Received) -> None:
        """Hide *thing* at once, and have nothing leave of it; destroy it in ten seconds."""
        if thing.deleted:
            return
        thing.deleted = self.now
        if isinstance(thing, Talk):
            self._leave(thing)
        elif isinstance(thing, Message):
            self.kept.queue.stop(thing)
            self._withdraw(thing)
        else:
            self._count(thing, -1)
        talk = thing if isinstance(thing, Talk) else thing.__parent__
        if talk is None:
            return
        self._destroy_later(talk, 0 if isinstance(thing, Talk) else thing.id)
        self._tell(talk)

    def _destroy_later(self, talk: Talk, line: int) -> None:
        """Have *line* of *talk*, or all of it, destroyed once nobody can take it back any more."""
        self.request.find_service(IOutbox).add(
            DESTROY,
            {"uid": talk.owner, "talk": talk.id, "line": line},
            owner=talk.owner,
            due=now(self.request) + timedelta(seconds=SECONDS),
        )

    def undo(self, thing: Talk | Message | Received) -> None:
        """Show *thing* again, and have leave what had not left yet."""
        if not thing.deleted:
            return
        thing.deleted = 0
        if isinstance(thing, Talk):
            self._come_back(thing)
        elif isinstance(thing, Message):
            self.kept.queue.go_on(thing)
            self._withdraw(thing)
        else:
            self._count(thing, 1)
        talk = thing if isinstance(thing, Talk) else thing.__parent__
        if talk is not None:
            self._tell(talk)

    def _withdraw(self, message: Message) -> None:
        """Have the member read *message* no more to whom it went, or again."""
        copy = copy_of(self.kept, message)
        if copy is not None and copy.__parent__ is not None:
            copy.withdrawn = bool(message.deleted)
            self._tell(copy.__parent__)

    def set_hidden(self, line: Received, hidden: bool) -> None:
        """Have nobody read *line*, as a moderator has it, or show it again."""
        if line.hidden != hidden:
            line.hidden = hidden
            if not line.deleted:
                self._count(line, -1 if hidden else 1)

    def _tell(self, talk: Talk) -> None:
        self.request.find_service(ILive).tell((talk.owner,), CHANGED, talk.id)

    def _count(self, line: Received, change: int) -> None:
        """Count *line* no more, or again, among what is unread."""
        talk = line.__parent__
        if talk is not None and not line.is_copy and line.id > talk.seen and not talk.deleted:
            talk.unread += change
            talk.__parent__.unread += change

    def _leave(self, talk: Talk) -> None:
        """Have *talk* in no list; who writes there meanwhile begins another one."""
        book: Book = talk.__parent__
        book.recent.discard((talk.moved, talk.id))
        book.unread -= talk.unread
        for key, number in self._peers(talk):
            if number == talk.id:
                book.peers.pop(key)

    def _peers(self, talk: Talk) -> Iterator[tuple[bytes, int]]:
        """Yield under what *talk* is found, and the id of what is found so."""
        to, peers = self.kept.to(talk), talk.__parent__.peers
        key = None if to is None else self.kept.peer(talk.__parent__, to)
        if key is not None and key in peers:
            yield key, peers[key]

    def _come_back(self, talk: Talk) -> None:
        """List *talk* again, with what was begun in its place meanwhile."""
        book: Book = talk.__parent__
        for _key, number in self._peers(talk):
            other = book.talks.get(number)
            if other is not None and other is not talk:
                self._merge(talk, other)
        to = self.kept.to(talk)
        if to is not None:
            book.peers[self.kept.peer(book, to)] = talk.id
        book.recent.insert((talk.moved, talk.id))
        book.unread += talk.unread
        since = (self.now - OLDEST // timedelta(milliseconds=1)) << RANDOM_BITS
        for line in talk.lines.values(since):
            if isinstance(line, Message) and not line.deleted:
                self.kept.queue.go_on(line)

    def _merge(self, talk: Talk, other: Talk) -> None:
        """Have in *talk* what stands in *other*, which ends."""
        for line in other.lines.values():
            talk.keep(line)
            if line.deleted:  # it was to be destroyed where it stood
                self._destroy_later(talk, line.id)
        book: Book = talk.__parent__
        book.recent.discard((other.moved, other.id))
        book.unread -= other.unread
        talk.unread += other.unread
        talk.moved = max(talk.moved, other.moved)
        other.lines.clear()
        self.forget(other)

    # For good

    def destroy(self, line: Message | Received) -> None:
        """Destroy *line*; what has not left does not count any more."""
        talk = line.__parent__
        if isinstance(line, Message):
            if line.state == states.WAITING and talk is not None:
                self._give_back(line, talk)
            if line.state in NOT_SENT and talk is not None and talk.told == line.id:
                talk.told = 0  # nobody has read in it how to stop
            copy = copy_of(self.kept, line) if line.deleted else None
            if copy is not None:
                self.destroy(copy)
            self.kept.queue.forget(line)
        else:
            if line.is_shown:
                self._count(line, -1)
            self._disown(line)
        if talk is not None:
            talk.lines.pop(line.id, None)

    def _give_back(self, message: Message, talk: Talk) -> None:
        allowance, to = self.request.find_service(IAllowance), self.kept.to(talk)
        at = milliseconds(time_of(message.id))
        if isinstance(to, ToNumber):
            allowance.give_back(message.author, to.e164, message.parts, at=at)
        elif isinstance(to, ToMember):
            allowance.give_back(message.author, "", message.parts, to=to.uid, at=at)

    def _disown(self, line: Received) -> None:
        if line.owner is not None:
            self.kept.queue.tree.named.pop(line.id, None)
            self.request.find_service(IAuthored).remove(line.owner, RECEIVED, line.id)

    def clear(self, talk: Talk, until: int = LAST, most: int = BATCH) -> int:
        """Destroy up to *most* lines of *talk*, those before the id *until*; return how many."""
        lines = list(islice(talk.lines.values(None, until - 1), most))
        for line in lines:
            self.destroy(line)
        return len(lines)

    def forget(self, talk: Talk) -> None:
        """Have *talk*, which is empty, be nowhere."""
        book: Book = talk.__parent__
        book.talks.pop(talk.id, None)
        book.recent.discard((talk.moved, talk.id))
        for key, number in list(self._peers(talk)):
            if number == talk.id:
                book.peers.pop(key)
        if talk.member is not None:
            self.kept.queue.tree.named.pop(talk.id, None)
            self.request.find_service(IAuthored).remove(talk.member, TALK, talk.id)


def destroy_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy what was deleted ten seconds ago, a batch of it: the handler of DESTROY."""
    kept = Talks(request)
    removals, book = Removals(kept), kept.book_of(payload["uid"])
    talk: Talk | None = None if book is None else book.talks.get(payload["talk"])
    if talk is None:
        return
    over = removals.now - SECONDS * 1000
    line = talk.lines.get(payload["line"])
    if line is not None and 0 < line.deleted <= over:
        removals.destroy(line)
    if payload["line"] or not 0 < talk.deleted <= over:
        return
    if removals.clear(talk) == BATCH:
        request.find_service(IOutbox).add(DESTROY, payload, owner=payload["uid"])
        return
    removals.forget(talk)


def sweep_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy what is older than the site keeps messages, a few books at once: that of SWEEP."""
    days: int = request.registry.settings["sms.days"]
    if not days:
        return
    kept = Talks(request)
    removals, after = Removals(kept), payload.get("after", 0)
    limit = (removals.now - days * 86_400_000) << RANDOM_BITS
    books = list(islice(exchange_of(request).books.items(after, None), BOOKS))
    left = BATCH
    for uid, book in books:
        left -= _sweep(removals, book, limit, left)
        if left <= 0:
            request.find_service(IOutbox).add(SWEEP, {"after": uid})
            return
    if len(books) == BOOKS:
        request.find_service(IOutbox).add(SWEEP, {"after": books[-1][0] + 1})


def _sweep(removals: Removals, book: Book, limit: int, most: int) -> int:
    """Destroy up to *most* lines of *book* before the id *limit*; return how many."""
    done = 0
    for talk in list(book.talks.values()):
        done += removals.clear(talk, limit, most - done)
        if done >= most:
            break
        if not talk.lines and not talk.deleted:
            removals.forget(talk)
    return done
