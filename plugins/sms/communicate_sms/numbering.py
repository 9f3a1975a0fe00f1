"""`INumbers`: numbers that members have proven to be theirs."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory
from zope.interface import implementer

from communicate.accounts.letters import localizer
from communicate.audience import Audience
from communicate.clock import milliseconds, moment, now
from communicate.interfaces import IContacts, IMembers, INotifications, IOutbox, ISeals
from communicate.principals import Viewer, blocked
from communicate_sms import numbers
from communicate_sms.allowance import ABROAD
from communicate_sms.books import book_of, made_book
from communicate_sms.codes import Codes
from communicate_sms.content import Book, Number
from communicate_sms.holds import is_held
from communicate_sms.interfaces import IAllowance, INumbers
from communicate_sms.queue import NUMBER, Queue, exchange_of
from communicate_sms.ways import route

_ = TranslationStringFactory("communicate_sms")

OWNER = "sms.owner"  # label of the HMAC by which the member of a number is found
DAY = timedelta(days=1) // timedelta(milliseconds=1)
LAPSE = "sms.lapse"
CHANGED = "sms.number"  # the kind of notice
HELD = _("This number wants no messages from here. Send START from it, then try again.")
GONE = _("gone-text", default="This number belongs to no account of ${site} any more.")


@implementer(INumbers)
class Numbering:
    """The proven numbers of one request's site."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.members = request.find_service(IMembers)
        self.tree = exchange_of(request)
        self.codes = Codes(request)

    def of(self, uid: int) -> str | None:
        """Return the number (E.164) that member *uid* has proven, or None."""
        book = book_of(self.request, uid)
        if book is None or book.number is None:
            return None
        found: str | None = self.seals.text(book.number.number)
        return found

    def owner(self, e164: str) -> int | None:
        """Return the uid of the member who has proven *e164*, or None; never tell a member."""
        uid: int | None = self.tree.owners.get(self._key(e164))
        return None if uid is None or self.members.by_uid(uid) is None else uid

    # Proving

    def read(self, member: Any, written: str) -> str:
        """Return the number that *written* means, to which a code could be sent now.

        Raise Unfit, or Declined.
        """
        settings = self.request.registry.settings
        e164 = numbers.read(written, settings["sms.region"])
        if self.of(member.uid) == e164:
            raise numbers.Unfit(_("This is your number already."))
        if not route(settings, e164):
            raise numbers.Unfit(ABROAD)
        self.request.find_service(IAllowance).check(member.uid, e164, 1, "code")
        if is_held(self.request, e164):
            raise numbers.Unfit(HELD)
        return e164

    def begin(self, member: Any, written: str) -> str:
        """Have a code sent to the number that *written* means; return it as E.164.

        Raise Unfit, or Declined.
        """
        e164 = self.read(member, written)
        sent = self.codes.send(member.uid, e164)
        book = made_book(self.request, member.uid)
        self.codes.void(book.proving)
        book.proving = sent
        self.request.find_service(IOutbox).add(
            LAPSE, {"uid": member.uid}, owner=member.uid, due=moment(book.proving.until)
        )
        return e164

    def awaits(self, uid: int) -> str | None:
        """Return the number of member *uid* whose code may still be typed, or None."""
        book = book_of(self.request, uid)
        proving = None if book is None else book.proving
        if proving is None or not self.codes.usable(proving):
            return None
        found: str | None = self.seals.text(proving.number)
        return found

    def prove(self, member: Any, code: str) -> bool:
        """Make the number that awaits *code* the member's; tell whether it is.

        A number of another member's reads as a wrong code in every way.
        """
        book = book_of(self.request, member.uid)
        if book is None or not self.codes.is_right(book.proving, code) or book.proving is None:
            return False
        e164 = self.seals.open(book.proving.number).decode()
        if self.tree.owners.get(self._key(e164), member.uid) != member.uid:
            return False
        book.proving = None
        old = book.number
        self._forget(book, told=True)
        book.number = Number(
            self.seals.seal(member.uid, NUMBER, e164),
            self._key(e164),
            milliseconds(now(self.request)),
        )
        book.number.shown_to = Number.shown_to if old is None else old.shown_to
        self.tree.owners[book.number.key] = member.uid
        self._notify(member.uid)
        return True

    def cancel(self, member: Any) -> None:
        """Have the number that awaits a code await none any more."""
        book = book_of(self.request, member.uid)
        if book is not None and book.proving is not None:
            self.codes.void(book.proving)
            book.proving = None

    def remove(self, member: Any) -> bool:
        """Forget the member's number, and what awaits a code; tell whether there was one."""
        self.cancel(member)
        book = book_of(self.request, member.uid)
        if book is None or book.number is None:
            return False
        self._forget(book, told=True)
        self._notify(member.uid)
        return True

    def forget(self, book: Book) -> int:
        """Forget the number in *book*, whose key may be gone; return how many there were."""
        book.proving = None
        found = int(book.number is not None)
        self._forget(book, told=False)
        return found

    def _forget(self, book: Book, *, told: bool) -> None:
        number, book.number = book.number, None
        if number is None:
            return
        self.tree.owners.pop(number.key, None)
        if told:
            self._tell(number)

    def _tell(self, number: Number) -> None:
        """Tell who has the telephone of *number* that it is an account's no more."""
        uid, registry = number.number.uid, self.request.registry
        member = self.members.by_uid(uid)
        translate = localizer(registry, getattr(member, "language", None)).translate
        text = translate(GONE, mapping={"site": registry.settings["communicate.name"]})
        e164 = self.seals.open(number.number).decode()
        until = milliseconds(now(self.request)) + DAY
        Queue(self.request).add(uid, e164, str(text), purpose="notice", until=until)

    def _notify(self, uid: int) -> None:
        """Tell the member, by mail too: whoever has somebody's session shall not do it unseen."""
        self.request.find_service(INotifications).send(CHANGED, uid, path="/account/sms")

    # Who may

    def choose(self, member: Any, *, shown_to: Audience, open_to: Audience) -> None:
        """Have those of *shown_to* see the member's number, and those of *open_to* write to it."""
        book = made_book(self.request, member.uid)
        book.open_to = open_to
        if book.number is not None:
            book.number.shown_to = shown_to

    def may_text(self, uid_from: int, uid_to: int) -> bool:
        """Tell whether member *uid_from* may write to the number of *uid_to*, shown or not."""
        book = book_of(self.request, uid_to)
        sender, to = self.members.by_uid(uid_from), self.members.by_uid(uid_to)
        if uid_from == uid_to or book is None or book.number is None:
            return False
        if sender is None or to is None or not to.may_sign_in:
            return False
        if self.request.find_service(IContacts).blocked(uid_from, uid_to):
            return False
        viewer = Viewer(sender, self.request.site.get("members"))
        return any(name in viewer for name in book.open_to.principals(uid_to))

    def visible(self, viewer: Any, uid: int) -> str | None:
        """Return the number of member *uid* where *viewer* (principals) may see it, else None."""
        book = book_of(self.request, uid)
        if book is None or book.number is None or blocked(uid) in viewer:
            return None
        readers = book.number.shown_to.principals(uid)
        return self.of(uid) if any(name in viewer for name in readers) else None

    def _key(self, e164: str) -> bytes:
        found: bytes = self.seals.hmac(OWNER, e164.encode())
        return found


def lapse_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Forget the number of the member that was not proven in time."""
    book = book_of(request, payload["uid"])
    if book is not None and not Codes(request).usable(book.proving):
        book.proving = None


def numbers_service(_context: Any, request: Any) -> Numbering:
    """Return the service for one request."""
    return Numbering(request)
