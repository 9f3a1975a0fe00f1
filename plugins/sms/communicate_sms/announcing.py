"""Announcements of those who operate the site: to those alone who consent to them."""

from itertools import islice
from typing import Any

from communicate.interfaces import IMembers
from communicate.privacy.interfaces import IConsents
from communicate_sms.interfaces import INumbers
from communicate_sms.parts import tidy
from communicate_sms.queue import ANNOUNCEMENT, Queue, exchange_of

ANNOUNCEMENTS = "sms.announcements"  # the purpose that members consent to


class NoConsent(Exception):
    """The member does not consent to announcements by text message."""


def announce(request: Any, uid: int, text: str) -> bool:
    """Have *text* sent to the number of member *uid*; tell whether there is one.

    Raise NoConsent where the member does not consent now.  Nothing else reads numbers for
    announcements.
    """
    if not request.find_service(IConsents).given(uid, ANNOUNCEMENTS):
        raise NoConsent
    number = _number(request, uid)
    if number is not None:
        Queue(request).add(uid, number, said(request, text), purpose=ANNOUNCEMENT)
    return number is not None


def said(request: Any, text: str) -> str:
    """Return *text* as it leaves: it begins with the name of the site."""
    return tidy(f"{request.registry.settings['communicate.name']}: {text.strip()}")


def listeners(request: Any, *, after: int = 0, most: int) -> list[int]:
    """Return up to *most* members, from above the uid *after* on, who can have announcements."""
    consents = request.find_service(IConsents)
    everybody = exchange_of(request).books.keys(after + 1)
    willing = (uid for uid in everybody if consents.given(uid, ANNOUNCEMENTS))
    return list(islice((uid for uid in willing if _number(request, uid) is not None), most))


def listens_at(request: Any, uid: int) -> str:
    """Return the number that member *uid* has now; empty where that one consents no more."""
    consents = request.find_service(IConsents)
    return (_number(request, uid) or "") if consents.given(uid, ANNOUNCEMENTS) else ""


def _number(request: Any, uid: int) -> str | None:
    """Return the number of member *uid*, None where there is none or the account is suspended."""
    member = request.find_service(IMembers).by_uid(uid)
    if member is None or not member.may_sign_in:
        return None
    found: str | None = request.find_service(INumbers).of(uid)
    return found
