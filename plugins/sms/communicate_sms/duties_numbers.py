"""What the contract asks for, of numbers: what is kept, written into archives, and erased."""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.audience import LEVELS, PRIVATE, Audience
from communicate.clock import moment
from communicate.declarations import Notification, PersonalData, Purpose
from communicate.interfaces import IMembers
from communicate.principals import contacts
from communicate.principals import member as principal
from communicate.web.visible import logins_in
from communicate_sms.announcing import ANNOUNCEMENTS
from communicate_sms.books import book_of, made_book
from communicate_sms.interfaces import INumbers
from communicate_sms.numbering import CHANGED, Numbering

_ = TranslationStringFactory("communicate_sms")

KIND = "sms.number"
MOST_NAMED = 1_000

PERSONAL_DATA = (
    PersonalData(
        kind=KIND,
        what=_("Your telephone number (sealed), who sees it, and who may write to it"),
        why=_("You receive text messages, and prove by it that it is you."),
        audience="private",
        retention=_("Until you remove it; one that you do not prove, for ten minutes."),
        stored=(
            "communicate_sms.content:Book",
            "communicate_sms.content:Number",
            "communicate_sms.content:Proving",
            "communicate_sms.content:Exchange",
        ),
    ),
)

NOTIFICATIONS = (
    Notification(
        kind=CHANGED,
        title=_("Your telephone number"),
        sentence=_(
            "The telephone number of your account was added, changed or removed. If it was not "
            "you, change your password."
        ),
        icon="phone",
        mail="now",
    ),
)

PURPOSES = (
    Purpose(
        ANNOUNCEMENTS,
        _("Announcements by text message"),
        _("Those who operate this site may send announcements to the number that you proved."),
    ),
)


def export(member: Any, archive: Any) -> None:
    """Write the member's number, and who may write to it."""
    archive.records(
        "number",
        _numbers(member),
        restored=False,  # it counts only where it is proven
        title=_("Telephone number"),
        fields={"number": _("Number"), "proven": _("Proven"), "shown_to": _("Visible to")},
    )
    archive.records(
        "texting",
        _choices(member),
        title=_("Who may write to your number"),
        fields={"open_to": _("Who may write to your number"), "people": _("The people named")},
    )


def _numbers(member: Any) -> Iterator[dict[str, Any]]:
    book = book_of(member.request, member.uid)
    e164 = member.request.find_service(INumbers).of(member.uid)
    if book is not None and book.number is not None and e164 is not None:
        number = book.number
        yield {
            "number": e164,
            "proven": moment(number.proven),
            "shown_to": number.shown_to.level,
        }


def _choices(member: Any) -> Iterator[dict[str, Any]]:
    book = book_of(member.request, member.uid)
    if book is not None and book.open_to != PRIVATE:
        people = logins_in(member.request, book.open_to)
        yield {"open_to": book.open_to.level, "people": people}


def bring_back(member: Any, archive: Any) -> None:
    """Have those write to the member's number, once it is proven, who could before.

    Chosen people are brought back on the site that wrote *archive* alone: elsewhere they are
    others.
    """
    for row in archive.records("texting", most=1):
        level = archive.one_of(row.get("open_to"), LEVELS[:-1])
        open_to = Audience(level)
        if level == "chosen":
            people = _people(member, archive, row.get("people"))
            open_to = Audience(level, [contacts(member.uid), *map(principal, people)])
        made_book(member.request, member.uid).open_to = open_to


def _people(member: Any, archive: Any, names: Any) -> list[int]:
    if not isinstance(names, list):
        raise ValueError("who may write is a list of names")
    members = member.request.find_service(IMembers)
    texts = (archive.text(name, 100) for name in names[:MOST_NAMED])
    found = [members.by_login(name) for name in texts] if archive.here else []
    return [one.uid for one in found if one is not None and one.uid != member.uid]


def erase(member: Any, receipt: Any) -> None:
    """Forget the member's number; nobody finds the member by it any more."""
    book = book_of(member.request, member.uid)
    if book is not None:
        receipt.erased(KIND, Numbering(member.request).forget(book))
