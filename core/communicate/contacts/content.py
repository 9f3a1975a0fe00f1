"""Whom members asked, know, put into circles and blocked; path and names are an on-disk contract.

Who is whose contact and who is blocked lies with the members themselves (`Member.contacts`,
`Member.blocked`), and who is in which circle with their folder (`Members.circles`): that is where
`communicate.principals.Viewer` looks.  Here lies what only the member's own pages need.
"""

from typing import Any

from BTrees.Length import Length
from BTrees.LLBTree import LLTreeSet
from BTrees.LOBTree import LOBTree
from persistent import Persistent

from communicate.sealing.content import Sealed


class Contacts(Persistent):
    """What each member has of contacts, by number; a record is made when it is first needed."""

    def __init__(self) -> None:
        self.people: LOBTree = LOBTree()  # uid -> Person


class Person(Persistent):
    """One member's side of it.

    It shares two sets with the `Member`, so that an erasure finds them when the account is gone.
    *changes* counts what the catalog has to know (contacts, circles, blocks): two transactions
    that change that, or set it right, never pass each other unseen.
    """

    def __init__(self, contacts: LLTreeSet, blocked: LLTreeSet) -> None:
        self.contacts = contacts
        self.blocked = blocked  # by this member
        self.blocked_by: LLTreeSet = LLTreeSet()
        self.received: LOBTree = LOBTree()  # uid of who asks -> Asked
        self.declined: LOBTree = LOBTree()  # uid of who asked, and was not told -> Asked
        self.sent: LLTreeSet = LLTreeSet()  # uids
        self.circles: LOBTree = LOBTree()  # id -> Circle
        self.count = Length()  # contacts
        self.waiting = Length()  # received
        self.changes = 0

    def touch(self) -> None:
        """Say that what the catalog has to know is changing."""
        self.changes += 1


class Asked(Persistent):
    """A request, as who received it keeps it: when, and a note sealed under the sender's key."""

    def __init__(self, when: int, note: Sealed | None) -> None:
        self.when = when  # milliseconds since 1970, UTC
        self.note = note


class Circle(Persistent):
    """A circle of its owner's contacts; its members are in `Members.circles`, by its id."""

    def __init__(self, number: int, owner: int, name: Sealed) -> None:
        self.id = number
        self.owner = owner
        self.name = name


def install(root: Any) -> None:
    """Put what this package keeps into *root*, the mapping at the top of the database."""
    root.setdefault("contacts", Contacts())
