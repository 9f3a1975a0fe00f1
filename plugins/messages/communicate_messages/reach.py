"""Who may write to whom: blocks, and what each member says about being written to."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.audience import CONTACTS, Audience
from communicate.interfaces import IContacts, IMembers
from communicate.principals import Viewer
from communicate_messages.boxes import box_of
from communicate_messages.errors import Refused

_ = TranslationStringFactory("communicate_messages")

ONESELF = _("You cannot write to yourself.")


def open_to(request: Any, uid: int) -> Audience:
    """Return who may write to member *uid*."""
    box = box_of(request, uid)
    return CONTACTS if box is None else box.open_to


def check(request: Any, sender: int, to: int) -> None:
    """Raise Refused where *sender* may not write to *to*; a block reads like any other no."""
    members, contacts = request.find_service(IMembers), request.find_service(IContacts)
    if sender == to:
        raise Refused(ONESELF)
    who = {"login": members.login_of(to) or "?"}
    if contacts.has_blocked(sender, to):
        raise Refused(_("You have blocked ${login}: take that back first.", mapping=who))
    if contacts.blocked(sender, to) or not _lets(request, sender, to):
        raise Refused(_("${login} does not take messages from you.", mapping=who))


def _lets(request: Any, sender: int, to: int) -> bool:
    """Tell whether *to*, who can be written to, lets *sender* do so."""
    member = request.find_service(IMembers).by_uid(to)
    if member is None or not member.may_sign_in:
        return False
    return is_among(request, sender, open_to(request, to), to)


def may_write(request: Any, to: int) -> bool:
    """Tell whether the signed-in member may write to *to*."""
    try:
        check(request, request.member.uid, to)
    except Refused:
        return False
    return True


def is_among(request: Any, uid: int, audience: Audience, owner: int) -> bool:
    """Tell whether member *uid* belongs to *audience*, chosen by *owner*."""
    member = request.find_service(IMembers).by_uid(uid)
    viewer = Viewer(member, request.site.get("members"))
    return any(principal in viewer for principal in audience.principals(owner))


def is_stranger(request: Any, sender: int, to: int) -> bool:
    """Tell whether *sender* is neither a contact of *to* nor somebody whom *to* has chosen."""
    if request.find_service(IContacts).are_contacts(sender, to):
        return False
    chosen = open_to(request, to)
    return chosen.level != "chosen" or not is_among(request, sender, chosen, to)
