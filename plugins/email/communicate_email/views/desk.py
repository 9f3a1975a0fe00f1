"""What every page of webmail needs: the member's account, its folders by name, their addresses."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound
from pyramid.i18n import TranslationStringFactory

from communicate.ids import decode, encode
from communicate.interfaces import IMembers
from communicate_email.content import NAME, Account, Mailbox
from communicate_email.interfaces import IAddresses, IMailStore
from communicate_email.store import rows as rowing
from communicate_email.store.away import Absence, Away
from communicate_email.store.labels import Labels
from communicate_email.store.reading import Listed
from communicate_email.views.people import clean

_ = TranslationStringFactory("communicate_email")

MOST = 1000  # messages that one press concerns
STANDING = {  # role -> what the folder is called on pages, and its icon
    "inbox": (_("Inbox"), "inbox"),
    "drafts": (_("Drafts"), "file-earmark-text"),
    "sent": (_("Sent"), "send"),
    "archive": (_("Archives"), "archive"),
    "junk": (_("Junk"), "exclamation-octagon"),
    "trash": (_("Trash"), "trash"),
}
COUNTED = ("drafts",)  # where all messages are counted, not those that are unread


class Shelf(NamedTuple):
    """A folder as pages show it: *depth* is how many others hold it."""

    box: Mailbox
    name: str
    icon: str
    path: str
    waiting: int
    depth: int = 0


class Desk:
    """The mail of one member, for one request."""

    acquaintances: Any = None  # see `communicate_email.views.acquaintances`

    def __init__(self, request: Any, account: Account) -> None:
        self.request = request
        self.account = account
        self.store = request.find_service(IMailStore)
        self.boxes = self.store.boxes(account)
        self.reading = self.store.reading(account)

    @property
    def uid(self) -> int:
        """The member whose it is."""
        return int(self.account.owner or 0)

    @cached_property
    def base(self) -> str:
        """The address of the account."""
        return f"/members/{self.request.find_service(IMembers).login_of(self.uid)}/{NAME}"

    @cached_property
    def addresses(self) -> list[str]:
        """What others write to, the main one first."""
        found: list[str] = self.request.find_service(IAddresses).of(self.uid)
        return found

    @cached_property
    def away(self) -> Away | None:
        """What is answered today in the member's absence."""
        return Absence(self.request, self.account).now()

    def path(self, box: Mailbox) -> str:
        """Return the address of *box*."""
        return f"{self.base}/{encode(box.id)}"

    def name(self, box: Mailbox) -> str:
        """Return what *box* is called on pages."""
        if box.role in STANDING:
            return str(self.request.localizer.translate(STANDING[box.role][0]))
        return clean(self.boxes.name(box)) or str(self.request.localizer.translate(_("(no name)")))

    @cached_property
    def labels(self) -> Labels:
        """The member's labels."""
        found: Labels = self.store.labels(self.account)
        return found

    # Folders

    @cached_property
    def standing(self) -> list[Shelf]:
        """The folders that everybody has, in the order in which they are shown."""
        return [self._shelf(self.account.box(role)) for role in STANDING]

    @cached_property
    def own(self) -> list[Shelf]:
        """The folders that the member made, each after the one that holds it, by name."""
        return list(self._own(self.boxes.children(), 0, 0))

    def _own(self, children: dict[int, list[Mailbox]], parent: int, depth: int) -> Iterator[Shelf]:
        held = [self._shelf(box, depth) for box in children.get(parent, []) if not box.role]
        for shelf in sorted(held, key=lambda one: one.name.casefold()):
            yield shelf
            yield from self._own(children, shelf.box.id, depth + 1)
        if not parent:  # what programs put into a standing folder
            for standing in self.standing:
                yield from self._own(children, standing.box.id, 1)

    def _shelf(self, box: Mailbox, depth: int = 0) -> Shelf:
        icon = STANDING[box.role][1] if box.role in STANDING else "folder2"
        count = box.count if box.role in COUNTED else box.unseen
        return Shelf(box, self.name(box), icon, self.path(box), count, depth)

    def targets(self, box: Mailbox | None) -> list[Shelf]:
        """Return the folders into which messages of *box* can be moved; None: any."""
        return [one for one in (*self.standing, *self.own) if one.box is not box]

    def box_named(self, text: Any) -> Mailbox:
        """Return the folder with the id that *text* writes; 400 where there is none."""
        try:
            found: Mailbox | None = self.account.boxes.get(decode(text))
        except (ValueError, TypeError):
            found = None
        if found is None:
            raise HTTPBadRequest
        return found


def number_in(text: str) -> int | None:
    """Return the uid that *text* writes, or None."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        return None
    number = int(text)
    return number if 0 < number <= rowing.LARGEST_UID else None


def asked_uid(request: Any, *, more: int = 0) -> int:
    """Return the uid that the address names after the view; 404 without one.

    *more* is how many words may follow it there.
    """
    words = request.subpath
    number = number_in(words[0]) if words and len(words) == 1 + more else None
    if number is None:
        raise HTTPNotFound
    return number


def asked_message(desk: Desk, box: Mailbox, *, more: int = 0) -> Listed:
    """Return the message of *box* that the address names; 404 where it is not there."""
    found = desk.reading.listed(box, [asked_uid(desk.request, more=more)])
    if not found:
        raise HTTPNotFound
    one: Listed = found[0]
    return one
