"""The member's contacts, circles, requests and blocked people, on one page."""

from bisect import bisect_right
from collections.abc import Iterable
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.contacts.circles import CircleView
from communicate.contacts.people import contact_logins
from communicate.interfaces import IContacts, IMembers
from communicate.permissions import MEMBER
from communicate.web.i18n import PluralFactory
from communicate.web.page import Page

_ = TranslationStringFactory("communicate")
_n = PluralFactory("communicate")

TEMPLATE = "communicate:templates/contacts/contacts.pt"
PAGE = 50  # contacts
MOST = 200  # requests, and blocked people: more are shown as these become fewer
COUNT = _n("${n} contact", "${n} contacts")


class Row(NamedTuple):
    """One contact: the login, and ids of the circles that hold it."""

    login: str
    circles: set[int]


@view_config(route_name="contacts", permission=MEMBER, request_method="GET", renderer=TEMPLATE)
def contacts(_context: Any, request: Any) -> dict[str, Any]:
    """Show the page."""
    return shown(request)


def shown(request: Any, form: Any = None) -> dict[str, Any]:
    """Return what the page shows; *form* is that of a circle that could not be saved."""
    service, uid = request.find_service(IContacts), request.member.uid
    login_of = request.find_service(IMembers).login_of
    circles = service.circles(uid)
    circle = chosen(circles, request.GET.get("circle", ""))
    words = request.GET.get("q", "").strip()[:40]
    logins = listed(request, circle, words)
    page, following = cut(logins, request.GET.get("after", ""))
    return {
        "title": _("Contacts"),
        "count": request.page.plural(COUNT, service.count(uid)),
        "received": [(login_of(each.sender), each) for each in service.received(uid, most=MOST)],
        "rows": list(rows(request, page, circles)),
        "older": more(request.page, circle, words, following),
        "circles": circles,
        "circle": circle,
        "words": words,
        "sent": sorted(filter(None, map(login_of, service.sent(uid)[:MOST]))),
        "blocked": sorted(filter(None, map(login_of, service.blocks(uid)[:MOST]))),
        "form": form,
        "here": request.page.here if request.method == "GET" else "/contacts",
    }


def chosen(circles: list[CircleView], number: str) -> CircleView | None:
    """Return the circle of that *number*, or None."""
    return next((each for each in circles if str(each.id) == number), None)


def listed(request: Any, circle: CircleView | None, words: str) -> list[str]:
    """Return the logins of contacts, or of those in *circle*, that hold *words*, in order."""
    found = contact_logins(request, None if circle is None else circle.members)
    return [login for login in found if words.lower() in login] if words else found


def cut(logins: list[str], after: str) -> tuple[list[str], str | None]:
    """Return a page of *logins* from above *after* on, and what the next one comes after."""
    start = bisect_right(logins, after) if after else 0
    page = logins[start : start + PAGE]
    return page, page[-1] if len(logins) > start + PAGE else None


def more(page: Page, circle: CircleView | None, words: str, after: str | None) -> str | None:
    """Return the address of the next page, or None."""
    if after is None:
        return None
    number = None if circle is None else circle.id
    return page.url("/contacts", circle=number, q=words or None, after=after)


def rows(request: Any, logins: Iterable[str], circles: list[CircleView]) -> Iterable[Row]:
    """Yield a row for each of *logins*."""
    members = request.find_service(IMembers)
    for login in logins:
        member = members.by_login(login)
        if member is not None:
            holding = {each.id for each in circles if member.uid in each.members}
            yield Row(login, holding)
