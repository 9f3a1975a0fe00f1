"""Whom a member knows, for those who may see it: on a page of its own, a bounded piece at once."""

from itertools import islice
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.content import Member
from communicate.ids import decode, encode
from communicate.interfaces import IMembers
from communicate.permissions import OPEN
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import CONTACTS

_ = TranslationStringFactory("communicate")

PAGE = 50
LOOKED_AT = 500  # contacts that one page looks at: most may stay out of it


@view_config(
    context=Member,
    name="contacts",
    permission=OPEN,
    request_method=("GET", "HEAD"),
    renderer="communicate:templates/profile/contacts.pt",
)
def contacts(context: Any, request: Any) -> dict[str, Any]:
    """Show the contacts who show theirs to this viewer as well; for others, say nothing."""
    own = request.viewer.uid == context.uid
    if not own and not request.find_service(IProfiles).sees(context, CONTACTS):
        raise HTTPNotFound
    found, older = page(context, request, start(request), own=own)
    address = request.page.url("/members", context.login, "contacts", after=older)
    return {
        "title": _("Contacts of ${login}", mapping={"login": context.login}),
        "login": context.login,
        "people": found,
        "older": address if older else None,
    }


def start(request: Any) -> int:
    """Return the number after which the page begins; raise HTTPNotFound."""
    try:
        return decode(request.GET["after"]) if "after" in request.GET else 0
    except ValueError:
        raise HTTPNotFound from None


def page(member: Any, request: Any, after: int, *, own: bool) -> tuple[list[Any], str | None]:
    """Return the people of one page, and where the next one begins."""
    people: list[Any] = []
    looked = list(islice(member.contacts.keys(after, excludemin=True), LOOKED_AT + 1))
    for place, uid in enumerate(looked[:LOOKED_AT]):
        if own or shows(request, uid):
            people.append(request.page.person(uid))
        if len(people) == PAGE and place + 1 < len(looked):
            return [one for one in people if one], encode(uid)
    more = len(looked) > LOOKED_AT
    return [one for one in people if one], encode(looked[LOOKED_AT - 1]) if more else None


def shows(request: Any, uid: int) -> bool:
    """Tell whether member *uid* lets the viewer see whom they know; one sees oneself anywhere."""
    if uid == request.viewer.uid:
        return True
    other = request.find_service(IMembers).by_uid(uid)
    return other is not None and bool(request.find_service(IProfiles).sees(other, CONTACTS))
