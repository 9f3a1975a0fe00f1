"""Circles: names that a member gives to some of the contacts; a thing may be shown to one."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from BTrees.LLBTree import LLTreeSet
from pyramid.i18n import TranslationStringFactory

from communicate.contacts.content import Circle
from communicate.contacts.errors import Refused
from communicate.contacts.records import Records
from communicate.ids import new_id
from communicate.principals import circle

_ = TranslationStringFactory("communicate")

KIND = "circle"
MOST = 100  # circles of one member
LONGEST = 60  # characters of a name

NO_SUCH_CIRCLE = _("This circle is not there any more.")
NOT_A_CONTACT = _("Only contacts can be put into a circle.")
NAMELESS = _("Give the circle a name.")


@dataclass(frozen=True)
class CircleView:
    """A circle as its owner sees it; ``members`` are numbers, in order."""

    id: int
    name: str
    members: Any


class Circles(Records):
    """The circles of members, for one request."""

    def circles(self, uid: int) -> list[CircleView]:
        """Return the circles of member *uid*, by name; each has ``id``, ``name`` and members."""
        person = self.person(uid)
        found = [] if person is None else [self._view(each) for each in person.circles.values()]
        return sorted(found, key=lambda each: (folded(each.name), each.id))

    def circle(self, uid: int, number: int) -> CircleView | None:
        """Return the circle *number* of member *uid*, or None."""
        person = self.person(uid)
        found = None if person is None else person.circles.get(number)
        return None if found is None else self._view(found)

    def make_circle(self, uid: int, name: str) -> int:
        """Make a circle of member *uid*; return its id.  Raise Refused."""
        person = self.made(uid)
        if len(person.circles) >= MOST:
            most = {"most": MOST}
            raise Refused(_("You have ${most} circles: delete one first.", mapping=most))
        sealed = self._name(uid, name)
        number = new_id()
        person.circles[number] = Circle(number, uid, sealed)
        self.folder.circles[number] = LLTreeSet()
        person.touch()
        return number

    def rename_circle(self, uid: int, number: int, name: str) -> None:
        """Give the circle *number* another name.  Raise Refused."""
        self._own(uid, number).name = self._name(uid, name, number)

    def drop_circle(self, uid: int, number: int) -> None:
        """Delete the circle *number*: what is shown to it is shown to nobody by it any more."""
        self._own(uid, number)
        for other in list(self.folder.circles.get(number, ())):
            self.leave_circle(number, other)
        self.folder.circles.pop(number, None)
        person = self.made(uid)
        del person.circles[number]
        person.touch()

    def put(self, uid: int, number: int, other: int) -> None:
        """Put *other*, a contact of *uid*, into the circle *number*.  Raise Refused."""
        self._own(uid, number)
        if not self.folder.is_contact(uid, other):
            raise Refused(NOT_A_CONTACT)
        if self.folder.circles[number].insert(other):
            self.catalog.hold(circle(number), other)
            self.made(uid).touch()

    def take(self, uid: int, number: int, other: int) -> None:
        """Take *other* out of the circle *number*.  Raise Refused."""
        self._own(uid, number)
        if self.leave_circle(number, other):
            self.made(uid).touch()

    def set_circles(self, uid: int, other: int, numbers: set[int]) -> None:
        """Have *other* in those circles of *uid* that *numbers* names, and in no other."""
        for each in self.circles(uid):
            if each.id in numbers:
                self.put(uid, each.id, other)
            else:
                self.take(uid, each.id, other)

    def _view(self, found: Circle) -> CircleView:
        name = self.seals.text(found.name) or ""
        return CircleView(found.id, name, self.folder.circles.get(found.id, ()))

    def _own(self, uid: int, number: int) -> Circle:
        person = self.person(uid)
        found: Circle | None = None if person is None else person.circles.get(number)
        if found is None:
            raise Refused(NO_SUCH_CIRCLE)
        return found

    def _name(self, uid: int, name: str, number: int | None = None) -> Any:
        """Return *name* sealed; raise Refused where it is empty, too long or another circle's."""
        name = unicodedata.normalize("NFC", name).strip()
        if not name:
            raise Refused(NAMELESS)
        if len(name) > LONGEST:
            most = {"limit": LONGEST}
            raise Refused(_("Write at most ${limit} characters for the name.", mapping=most))
        for other in self.circles(uid):
            if other.id != number and folded(other.name) == folded(name):
                known = {"name": other.name}
                raise Refused(_("You have a circle called ${name}.", mapping=known))
        return self.seals.seal(uid, KIND, name)


def folded(name: str) -> str:
    """Return *name* as names are compared."""
    return unicodedata.normalize("NFKC", name).casefold()
