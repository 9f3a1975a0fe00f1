"""`IContacts`: requests, contacts and blocks; circles are in `communicate.contacts.circles`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory
from zope.interface import implementer

from communicate import clock
from communicate.contacts.circles import Circles
from communicate.contacts.content import Asked
from communicate.contacts.errors import Refused
from communicate.contacts.records import NO_SUCH_MEMBER, discard
from communicate.interfaces import IContacts, INotifications, IOutbox
from communicate.principals import contacts

_ = TranslationStringFactory("communicate")

KIND = "contact_note"
LONGEST_NOTE = 500  # characters
MOST_SENT = 200  # requests of one member that wait for an answer
REQUEST, ACCEPTED = "contacts.request", "contacts.accepted"
PAGE = "/contacts"
FORGET_JOB = "communicate.contacts.declined"
REGRET = timedelta(seconds=30)  # for which what was just done can be taken back

ONESELF = _("This is you.")
YOU_BLOCKED = _("You have blocked this person: take that back first.")
NOTHING_ASKED = _("This request is not there any more.")
NO_CONTACTS = _("You are not contacts of each other.")
TOO_LONG = _("Write at most ${limit} characters in the note.", mapping={"limit": LONGEST_NOTE})
TOO_MANY = _("Too many of your requests wait for an answer: withdraw some first.")


@dataclass(frozen=True)
class Received:
    """A request that member ``sender`` made at ``when``, with a note or None."""

    sender: int
    when: int
    note: str | None


@implementer(IContacts)
class ContactService(Circles):
    """Whom members know, the circles they put them in, and whom they block, for one request."""

    # Asking

    def are_contacts(self, one: int, other: int) -> bool:
        """Tell whether the two members know each other: it is always mutual."""
        return bool(self.folder.is_contact(one, other))

    def contacts(self, uid: int) -> list[int]:
        """Return the numbers of the contacts of member *uid*, in order."""
        return list(self.folder.contacts_of(uid) or ())

    def count(self, uid: int) -> int:
        """Return how many contacts member *uid* has."""
        person = self.person(uid)
        return len(self.contacts(uid)) if person is None else int(person.count())

    def waiting(self, uid: int) -> int:
        """Return how many requests member *uid* has yet to answer."""
        person = self.person(uid)
        return 0 if person is None else int(person.waiting())

    def received(self, uid: int, *, after: int = -1, most: int = 50) -> list[Received]:
        """Return requests to member *uid*, by the sender's number, from above *after* on."""
        person = self.person(uid)
        found: list[Received] = []
        for sender, asked in person.received.items(after + 1) if person is not None else ():
            if len(found) == most:
                break
            if self.members.login_of(sender) is not None:
                note = None if asked.note is None else self.seals.text(asked.note)
                found.append(Received(sender, asked.when, note))
        return found

    def sent(self, uid: int) -> list[int]:
        """Return the members whom *uid* has asked and who have not accepted."""
        person = self.person(uid)
        return [] if person is None else self._present(person.sent)

    def blocks(self, uid: int) -> list[int]:
        """Return the members whom *uid* has blocked."""
        person = self.person(uid)
        return [] if person is None else self._present(person.blocked)

    def state(self, uid: int, other: int) -> str:
        """Return how *other* stands to *uid*: self, contact, blocked, received, sent or none."""
        person = self.person(uid)
        if uid == other:
            return "self"
        if self.are_contacts(uid, other):
            return "contact"
        if person is None:
            return "none"
        known = {"blocked": person.blocked, "received": person.received, "sent": person.sent}
        return next((name for name, held in known.items() if other in held), "none")

    # Requests

    def request(self, sender: int, to: int, note: str = "") -> None:
        """Ask member *to* to be a contact of *sender*; where *to* has asked already, accept.

        Who was blocked or declined is not told: the request waits, and nobody sees it.
        Raise Refused.
        """
        mine, theirs = self.made(sender), self.made(to)
        self._check(sender, to, note)
        if self.are_contacts(sender, to) or to in mine.sent:
            return
        if to in mine.received:
            self.accept(sender, to)
            return
        if len(mine.sent) >= MOST_SENT:
            raise Refused(TOO_MANY)
        mine.sent.insert(to)
        if sender not in theirs.blocked:
            theirs.received[sender] = Asked(self._now, self._sealed(sender, note))
            theirs.waiting.change(1)
            self._tell(REQUEST, to, by=sender)

    def accept(self, uid: int, sender: int) -> None:
        """Make *uid* and *sender*, who asked, contacts of each other.  Raise Refused."""
        person = self.made(uid)
        if sender not in person.received or self.members.login_of(sender) is None:
            raise Refused(NOTHING_ASKED)
        self._join(uid, sender)
        self._tell(ACCEPTED, sender, by=uid)

    def decline(self, uid: int, sender: int) -> None:
        """Refuse the request of *sender*, who is not told.  Raise Refused.

        Its note is gone for good once that cannot be taken back any more.
        """
        person = self.made(uid)
        if sender not in person.received:
            raise Refused(NOTHING_ASKED)
        asked = person.declined[sender] = person.received.pop(sender)
        person.waiting.change(-1)
        if asked.note is not None:
            outbox = self._request.find_service(IOutbox)
            due = clock.now(self._request) + REGRET
            outbox.add(FORGET_JOB, {"uid": uid, "sender": sender}, due=due)

    def forget_note(self, uid: int, sender: int) -> None:
        """Destroy the note of the request that *uid* declined, if it still is declined."""
        person = self.person(uid)
        asked = None if person is None else person.declined.get(sender)
        if asked is not None:
            asked.note = None

    def reconsider(self, uid: int, sender: int) -> None:
        """Have the request that *uid* declined wait again.  Raise Refused."""
        person = self.made(uid)
        if sender not in person.declined:
            raise Refused(NOTHING_ASKED)
        person.received[sender] = person.declined.pop(sender)
        person.waiting.change(1)

    def withdraw(self, sender: int, to: int) -> None:
        """Take back the request of *sender*.  Raise Refused."""
        if to not in self.made(sender).sent:
            raise Refused(NOTHING_ASKED)
        self._forget_request(sender, to)

    # Contacts and blocks

    def remove(self, uid: int, other: int) -> None:
        """End the contact on both sides, at once, on every path; circles forget it too.

        Raise Refused where there is none: what never was cannot be taken back either.
        """
        if not self.are_contacts(uid, other):
            raise Refused(NO_CONTACTS)
        self._part(uid, other)

    def _part(self, uid: int, other: int) -> None:
        for one, two in ((uid, other), (other, uid)):
            person = self.person(one)
            if person is not None and discard(person.contacts, two):
                person.count.change(-1)
                person.touch()
                self.leave_circles(one, two)
                self.catalog.unhold(contacts(one), two)

    def restore(self, uid: int, other: int) -> None:
        """Make the two contacts again whose contact *uid* has just removed.  Raise Refused."""
        gone = self.members.login_of(other) is None
        if gone or uid == other or self.blocked(uid, other):
            raise Refused(NOTHING_ASKED)
        self._join(uid, other)

    def block(self, uid: int, other: int) -> None:
        """Keep *other* from *uid*: no contact, request, mention, notice, comment or message.

        Raise Refused.
        """
        mine, theirs = self.made(uid), self.made(other)
        if uid == other:
            raise Refused(ONESELF)
        self._part(uid, other)
        self._forget_request(uid, other)
        if mine.received.pop(other, None) is not None:  # who asked is not told
            mine.waiting.change(-1)
        mine.declined.pop(other, None)
        if mine.blocked.insert(other):
            theirs.blocked_by.insert(uid)
            mine.touch()
            self.catalog.block(uid, other)

    def unblock(self, uid: int, other: int) -> None:
        """Take back what ``block`` did; what it ended stays ended."""
        mine, theirs = self.person(uid), self.person(other)
        if mine is None or not discard(mine.blocked, other):
            return
        mine.touch()
        self.catalog.unblock(uid, other)
        if theirs is not None:
            discard(theirs.blocked_by, uid)
            discard(theirs.sent, uid)  # a request that came to nobody

    # Parts

    def _check(self, sender: int, to: int, note: str) -> None:
        if sender == to:
            raise Refused(ONESELF)
        if self.members.login_of(to) is None:
            raise Refused(NO_SUCH_MEMBER)
        if self.has_blocked(sender, to):
            raise Refused(YOU_BLOCKED)
        if len(note) > LONGEST_NOTE:
            raise Refused(TOO_LONG)

    def _join(self, one: int, other: int) -> None:
        """Make the two contacts of each other; whatever was asked is answered."""
        for uid, known in ((one, other), (other, one)):
            person = self.made(uid)
            if person.contacts.insert(known):
                person.count.change(1)
                person.touch()
                self.catalog.hold(contacts(uid), known)
            self._forget_request(uid, known)

    def _forget_request(self, sender: int, to: int) -> None:
        mine, theirs = self.person(sender), self.person(to)
        if mine is not None:
            discard(mine.sent, to)
        if theirs is not None:
            theirs.declined.pop(sender, None)
            if theirs.received.pop(sender, None) is not None:
                theirs.waiting.change(-1)

    def _sealed(self, uid: int, note: str) -> Any:
        return self.seals.seal(uid, KIND, note) if note.strip() else None

    def _tell(self, kind: str, to: int, *, by: int) -> None:
        try:
            service = self._request.find_service(INotifications)
        except LookupError:  # this site sends no notices
            return
        service.send(kind, to, by=by, path=PAGE)

    def _present(self, uids: Iterable[int]) -> list[int]:
        return [uid for uid in uids if self.members.login_of(uid) is not None]

    @property
    def _now(self) -> int:
        return clock.milliseconds(clock.now(self._request))
