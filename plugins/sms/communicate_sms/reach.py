"""To whom a text message goes, and whether it may: what is known of numbers is asked here."""

from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate.interfaces import IContacts, IMembers
from communicate_sms.errors import Declined
from communicate_sms.holds import is_held
from communicate_sms.interfaces import INumbers

_ = TranslationStringFactory("communicate_sms")

ONESELF = _("You cannot write to yourself.")
NOBODY = _("There is nobody any more to write to.")
CLOSED = _("This number takes no text messages from this site.")


class ToNumber(NamedTuple):
    """A number that its writer knows."""

    e164: str


class ToMember(NamedTuple):
    """A member: the number is not told to whoever writes."""

    uid: int


To = ToNumber | ToMember


def number_of(request: Any, uid: int) -> str | None:
    """Return the number that member *uid* has proven (E.164), or None."""
    found: str | None = request.find_service(INumbers).of(uid)
    return found


def owner_of(request: Any, e164: str) -> int | None:
    """Return the member who has proven *e164*, or None; this is told to nobody."""
    found: int | None = request.find_service(INumbers).owner(e164)
    return found


def check(request: Any, author: int, to: To) -> str:
    """Return the number of *to*; raise Declined where *author* may not write there.

    A block reads like any other no.  That of whoever has a number is not asked here, where it
    would tell a guess that is right from others: what is written does not leave then.
    """
    if isinstance(to, ToNumber):
        if is_held(request, to.e164):
            raise Declined(CLOSED)
        return to.e164
    if to.uid == author:
        raise Declined(ONESELF)
    login = request.find_service(IMembers).login_of(to.uid)
    if login is None:
        raise Declined(NOBODY)
    who = {"login": login}
    if request.find_service(IContacts).has_blocked(author, to.uid):
        raise Declined(_("You have blocked ${login}: take that back first.", mapping=who))
    number = number_of(request, to.uid) if may_text(request, author, to.uid) else None
    if number is None or is_held(request, number):
        raise takes_none(request, to.uid)
    return number


def takes_none(request: Any, uid: int) -> Declined:
    """Return the one answer for whatever is in the way of member *uid*."""
    who = {"login": request.find_service(IMembers).login_of(uid) or "?"}
    return Declined(_("${login} takes no text messages from you.", mapping=who))


def may_write(request: Any, author: int) -> bool:
    """Tell whether *author* is still somebody for whom messages leave: not suspended, nor gone."""
    member = request.find_service(IMembers).by_uid(author)
    return member is not None and bool(member.may_sign_in)


def is_kept_away(request: Any, author: int, e164: str) -> bool:
    """Tell whether the member who has the number *e164* has blocked *author*."""
    owner = owner_of(request, e164)
    if owner is None:
        return False
    return bool(request.find_service(IContacts).has_blocked(owner, author))


def may_text(request: Any, author: int, uid: int) -> bool:
    """Tell whether *author* may write to the number of member *uid*, which has been proven."""
    return bool(request.find_service(INumbers).may_text(author, uid))
