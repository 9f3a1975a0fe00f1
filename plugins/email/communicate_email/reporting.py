"""A message of one member to another, reported: whoever received it discloses it, nobody else can.

What moderators are shown are the words as this site delivered them.  What they decide puts the
message away in the mailbox of whoever reported it, who can take it out again: it is theirs.
"""

from dataclasses import dataclass
from typing import Any

from pyramid.authorization import ALL_PERMISSIONS, Deny, Everyone
from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Moderable
from communicate.ids import RANDOM_BITS, encode
from communicate.interfaces import IMembers
from communicate.reports.services import reports_of
from communicate_email import mime
from communicate_email.content import NAME, Account
from communicate_email.interfaces import IMailStore
from communicate_email.store import filing, origins
from communicate_email.store.boxes import account_of
from communicate_email.store.keeping import MESSAGE

_ = TranslationStringFactory("communicate_email")

LONGEST = 20_000  # characters of a message that a report shows


@dataclass(frozen=True)
class Received:
    """One message that a member wrote, as it lies in the mailbox of another.

    *owner* is who wrote it.  Rights reach it by no way: it is read where it lies.
    """

    id: int
    owner: int
    account: Account
    __parent__: Any = None
    __name__: str = ""

    __acl__ = ((Deny, Everyone, ALL_PERMISSIONS),)

    @property
    def created(self) -> int:
        """When it was delivered, in milliseconds since 1970."""
        return self.id >> RANDOM_BITS

    def place(self) -> Any:
        """Return the mailbox where it lies and its uid there, or None."""
        return next(iter(filing.known_places(self.account, self.id)), None)


def find(request: Any, number: int) -> Received | None:
    """Return the mail *number* where a member wrote it and the viewer received or judges it."""
    for uid in _readers(request, number):
        account = account_of(request, uid)
        if account is None or number not in account.mails:
            continue
        author = origins.of(request, account, number).author
        if author is not None and author != uid:
            return Received(number, author, account)
    return None


def _readers(request: Any, number: int) -> list[int]:
    """Return the viewer, and who has reported it while that waits for a moderator."""
    found = [] if request.member is None else [request.member.uid]
    reports = reports_of(request)
    case = None if reports is None else reports.open.get((MESSAGE, number))
    return [*found, *(() if reports is None or case is None else reports.cases[case].reports)]


def reached(request: Any, thing: Received) -> str | None:
    """Return the address at which the viewer reads it: whoever received it, and nobody else."""
    place = thing.place()
    if request.member is None or thing.account.owner != request.member.uid or place is None:
        return None
    box, uid = place
    login = request.find_service(IMembers).login_of(thing.account.owner)
    return f"/members/{login}/{NAME}/{encode(box.id)}/read/{uid}"


def words(request: Any, thing: Received) -> str:
    """Return what it says: its subject and its text."""
    store = request.find_service(IMailStore)
    shown = mime.shown(mime.read(store.reading(thing.account).raw(thing.id)))
    return f"{shown.subject}\n\n{shown.text}".strip()[:LONGEST]


def _put(request: Any, thing: Received, role: str) -> None:
    place = thing.place()
    target = thing.account.box(role)
    if place is not None and place[0] is not target:
        box, uid = place
        request.find_service(IMailStore).move(box, [uid], target)


def hide(request: Any, thing: Received, _reason: str) -> None:
    """Put it among the junk of who reported it."""
    _put(request, thing, "junk")


def delete(request: Any, thing: Received) -> None:
    """Put it into the trash of who reported it."""
    _put(request, thing, "trash")


MODERABLES = (Moderable(MESSAGE, _("Mail"), find, words, hide, delete, reached=reached),)
