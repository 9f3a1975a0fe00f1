"""The page of notices, and the address that reads one and leads to what it is about."""

from collections.abc import Iterable
from typing import Any

from pyramid.httpexceptions import HTTPFound, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.view import view_config

from communicate.ids import decode
from communicate.notifications import places, showing
from communicate.notifications.content import Inbox
from communicate.notifications.rights import Judge
from communicate.notifications.services import inbox_of
from communicate.permissions import MEMBER
from communicate.web.notices import give
from communicate.web.paging import id_in

_ = TranslationStringFactory("communicate")

ROWS = "communicate:templates/notices/rows.pt"
GONE = _("What this was about is gone, or is no longer for you to see.")


@view_config(
    route_name="notices",
    permission=MEMBER,
    request_method="GET",
    renderer="communicate:templates/notices/notices.pt",
)
def notices(request: Any) -> dict[str, Any]:
    """Show a page of notices; what may not be told any more counts as read."""
    before = id_in(request.GET.get("before"))
    inbox = inbox_of(request, request.member.uid)
    page = showing.EMPTY if inbox is None else showing.page(request, inbox, before and before - 1)
    read(inbox, page.stale)
    return {
        "title": _("Notices"),
        "rows": page.rows,
        "shown": render(ROWS, {"rows": page.rows}, request),
        "older": page.older,
        "newer": "/notices" if before else None,
        "unread": request.page.unread,
    }


def read(inbox: Inbox | None, numbers: Iterable[int]) -> None:
    """Mark those notices in *inbox* as read."""
    if inbox is not None:
        for number in list(numbers):
            inbox.read(number)


@view_config(route_name="notices", permission=MEMBER, request_method="POST")
def read_all(request: Any) -> HTTPSeeOther:
    """Mark every notice as read."""
    inbox = inbox_of(request, request.member.uid)
    read(inbox, inbox.open.values() if inbox is not None else ())
    give(request, _("All notices are read."))
    return HTTPSeeOther("/notices")


@view_config(route_name="notice", permission=MEMBER, request_method="GET")
def follow(request: Any) -> HTTPFound:
    """Mark one notice as read, and lead to what it is about."""
    number = number_of(request.matchdict["id"])
    inbox = inbox_of(request, request.member.uid)
    notice = None if inbox is None else inbox.get(number)
    if inbox is None or notice is None:
        raise HTTPNotFound
    inbox.read(number)
    path = places.path_of(request, notice)
    if path is None or not Judge(request, request.member).allows(notice):
        give(request, GONE, "warn")
        path = "/notices"
    return HTTPFound(path)


def number_of(text: str) -> int:
    """Return the id that the address names; raise HTTPNotFound."""
    try:
        return decode(text)
    except ValueError:
        raise HTTPNotFound from None
