"""Members: found by login, state and day of joining; suspended and let in again."""

from datetime import date
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.logins import normal
from communicate.interfaces import IMembers
from communicate.operate.people import STATES, Asked, find, last_day
from communicate.permissions import OPERATE
from communicate.reports.interfaces import ISuspensions
from communicate.web.notices import give

_ = TranslationStringFactory("communicate")

LONGEST = 30  # characters of a login
TITLES = {"active": _("Active"), "suspended": _("Suspended")}
ACTS = {"suspend": _("${login} is suspended."), "resume": _("${login} can sign in again.")}


@view_config(
    route_name="operate_members",
    request_method="GET",
    permission=OPERATE,
    renderer="communicate:templates/operate/members.pt",
)
def members(request: Any) -> dict[str, Any]:
    """Show the accounts that are looked for; of each what everybody could see, and its state."""
    asked = asked_in(request.GET)
    page = find(request, asked)
    words = {"q": asked.login or None, "state": asked.state or None, "since": asked.since}
    where = request.page.url("/operate/members", **words)
    return {
        "title": _("Members"),
        "asked": asked,
        "states": [(name, TITLES[name]) for name in STATES],
        "rows": [row(request, member) for member in page.members],
        "here": request.page.here,
        "newer": where if asked.after else None,
        "older": page.more
        and request.page.url("/operate/members", **{**words, "after": page.more}),
    }


def asked_in(query: Any) -> Asked:
    """Return what the address asks for; raise HTTPBadRequest for a day that is none."""
    state = query.get("state", "")
    try:
        since = date.fromisoformat(query["since"]) if query.get("since") else None
    except ValueError:
        raise HTTPBadRequest from None
    return Asked(
        login=normal(query.get("q", "").strip())[:LONGEST],
        state=state if state in STATES else "",
        since=since,
        after=query.get("after", "")[:LONGEST] or None,
    )


def row(request: Any, member: Any) -> dict[str, Any]:
    """Return *member* as the list shows it."""
    return {
        "login": member.login,
        "state": TITLES.get(member.state, member.state),
        "suspended": member.state == "suspended",
        "groups": member.groups,
        "created": member.created,
        "seen": last_day(request, member),
        "self": member.uid == request.member.uid,
    }


@view_config(route_name="operate_members", request_method="POST", permission=OPERATE)
def settle(request: Any) -> HTTPSeeOther:
    """Suspend a member until somebody ends it, or let one in again; nobody suspends themself.

    A page of moderators does so with a reason and a last day.
    """
    login = request.POST.get("login", "")
    known = request.find_service(IMembers)
    member = known.by_login(login) if isinstance(login, str) else None
    act = next((act for act in ACTS if act in request.POST), None)
    if member is None or act is None or member.uid == request.member.uid:
        raise HTTPBadRequest(_("Choose somebody from the list."))
    suspensions = request.find_service(ISuspensions)
    if act == "suspend":
        suspensions.suspend(member, judge=request.member.uid)
    else:
        suspensions.end(member)
    give(request, request.page.say(ACTS[act], login=member.login))
    return HTTPSeeOther(back(request))


def back(request: Any) -> str:
    """Return the page of the list from which the form came."""
    given = request.POST.get("back", "")
    path = "/operate/members"
    whole = isinstance(given, str) and (given == path or given.startswith(f"{path}?"))
    return given if whole else path
