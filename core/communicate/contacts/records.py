"""The record of each member, found and made; what services of contacts build upon."""

from typing import Any

from BTrees.LLBTree import LLTreeSet
from pyramid.i18n import TranslationStringFactory

from communicate.contacts.content import Contacts, Person
from communicate.contacts.errors import Refused
from communicate.interfaces import ICatalog, IMembers, ISeals
from communicate.principals import circle

_ = TranslationStringFactory("communicate")

NO_SUCH_MEMBER = _("This member is not there any more.")


class Records:
    """The members' records, for one request."""

    def __init__(self, request: Any) -> None:
        self._request = request
        self.folder: Any = request.site["members"]
        self.members: Any = request.find_service(IMembers)
        self.seals: Any = request.find_service(ISeals)

    @property
    def catalog(self) -> Any:
        """The catalog, told with this transaction."""
        return self._request.find_service(ICatalog)

    def person(self, uid: int) -> Person | None:
        """Return the record of *uid*, or None where there is none yet."""
        contacts = self._request.root_map.get("contacts")
        found: Person | None = None if contacts is None else contacts.people.get(uid)
        return found

    def made(self, uid: int) -> Person:
        """Return the record of member *uid*, made if need be; raise Refused without an account."""
        found = self.person(uid)
        if found is not None:
            return found
        member = self.members.by_uid(uid)
        if member is None:
            raise Refused(NO_SUCH_MEMBER)
        if member.blocked is None:
            member.blocked = LLTreeSet()
        if "contacts" not in self._request.root_map:
            self._request.root_map["contacts"] = Contacts()
        people = self._request.root_map["contacts"].people
        person = people[uid] = Person(member.contacts, member.blocked)
        person.count.change(len(member.contacts))
        return person

    def blocked(self, one: int, other: int) -> bool:
        """Tell whether either of the two members has blocked the other."""
        return bool(self.folder.is_blocked(one, other) or self.folder.is_blocked(other, one))

    def has_blocked(self, uid: int, other: int) -> bool:
        """Tell whether member *uid* has blocked *other*; *other* may not be told."""
        return bool(self.folder.is_blocked(uid, other))

    def leave_circles(self, uid: int, other: int) -> None:
        """Take *other* out of every circle of *uid*."""
        person = self.person(uid)
        for number in () if person is None else person.circles:
            self.leave_circle(number, other)

    def leave_circle(self, number: int, other: int) -> bool:
        """Take *other* out of the circle *number*; tell whether that was a change."""
        held = self.folder.circles.get(number)
        if held is None or other not in held:
            return False
        held.remove(other)
        self.catalog.unhold(circle(number), other)
        return True


def discard(found: Any, uid: int) -> bool:
    """Take *uid* out of the set *found*; tell whether it was there."""
    if uid not in found:
        return False
    found.remove(uid)
    return True
