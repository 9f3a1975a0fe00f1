"""Taking a member out of everybody's contacts, circles, requests and blocks, in batches."""

from collections.abc import Callable
from itertools import islice
from typing import Any

from communicate.contacts.content import Person
from communicate.contacts.records import Records, discard
from communicate.principals import circle, contacts

BATCH = 200  # other members, or holders of a circle, in one transaction


class Erasing(Records):
    """One batch of the erasure of member *uid*."""

    def __init__(self, request: Any, uid: int) -> None:
        super().__init__(request)
        self.uid = uid

    def batch(self) -> bool:
        """Erase as much as one transaction should; tell whether there is more."""
        person = self.person(self.uid)
        if person is None:
            return False
        parts: tuple[tuple[Any, Callable[[Person, int], None]], ...] = (
            (person.contacts, self._contact),
            (person.received, self._received),
            (person.declined, self._received),
            (person.sent, self._sent),
            (person.blocked, self._blocked),
            (person.blocked_by, self._blocked_by),
        )
        for held, forget in parts:
            others = list(islice(held, BATCH))
            for other in others:
                forget(person, other)
            if others:
                return True
        return self._circle(person) or self._end()

    def _contact(self, person: Person, other: int) -> None:
        person.contacts.remove(other)
        theirs = self.person(other)
        if theirs is not None and discard(theirs.contacts, self.uid):
            theirs.count.change(-1)
            theirs.touch()
        self.leave_circles(other, self.uid)
        self.catalog.unhold(contacts(other), self.uid)
        self.catalog.unhold(contacts(self.uid), other)

    def _received(self, person: Person, other: int) -> None:
        person.received.pop(other, None)
        person.declined.pop(other, None)
        self._with(other, lambda theirs: discard(theirs.sent, self.uid))

    def _sent(self, person: Person, other: int) -> None:
        person.sent.remove(other)
        theirs = self.person(other)
        if theirs is not None:
            theirs.declined.pop(self.uid, None)
            if theirs.received.pop(self.uid, None) is not None:
                theirs.waiting.change(-1)

    def _blocked(self, person: Person, other: int) -> None:
        person.blocked.remove(other)
        self.catalog.unblock(self.uid, other)
        self._with(other, lambda theirs: discard(theirs.blocked_by, self.uid))
        self._with(other, lambda theirs: discard(theirs.sent, self.uid))

    def _blocked_by(self, person: Person, other: int) -> None:
        person.blocked_by.remove(other)
        self.catalog.unblock(other, self.uid)
        theirs = self.person(other)
        if theirs is not None and discard(theirs.blocked, self.uid):
            theirs.touch()

    def _circle(self, person: Person) -> bool:
        """Empty or end one circle; tell whether there was one."""
        for number in person.circles:
            held = self.folder.circles.get(number, ())
            others = list(islice(held, BATCH))
            for other in others:
                held.remove(other)
                self.catalog.unhold(circle(number), other)
            if not others:
                self.folder.circles.pop(number, None)
                del person.circles[number]
            return True
        return False

    def _end(self) -> bool:
        del self._request.root_map["contacts"].people[self.uid]
        return False

    def _with(self, other: int, change: Callable[[Person], Any]) -> None:
        theirs = self.person(other)
        if theirs is not None:
            change(theirs)
