"""The member's running sessions, listed and ended."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.remember import digest
from communicate.accounts.subjects import page
from communicate.interfaces import ISessions
from communicate.permissions import MEMBER
from communicate.web import notices

_ = TranslationStringFactory("communicate")


@view_config(
    route_name="account.sessions",
    permission=MEMBER,
    request_method="GET",
    renderer="communicate:templates/account/sessions.pt",
)
def sessions(_context: Any, request: Any) -> dict[str, Any]:
    """List the running sessions, this one first."""
    service = request.find_service(ISessions)
    here = digest(request.session_secret)
    rows = [
        {
            "key": key.hex(),
            "here": key == here,
            "opened": session.opened,
            "used": service.last_used(key, session),
            "kept_until": service.kept_until(session),
            **service.about(session),
        }
        for key, session in service.of(request.member.uid)
    ]
    rows.sort(key=lambda row: (not row["here"], -row["used"]))
    kept = None if rows[0]["kept_until"] else service.kept(request.member.uid)
    return page(request, "account.sessions", rows=rows, kept=kept)


@view_config(route_name="account.sessions", permission=MEMBER, request_method="POST")
def end(_context: Any, request: Any) -> HTTPSeeOther:
    """End one session, or all others."""
    service, uid = request.find_service(ISessions), request.member.uid
    if "others" in request.POST:
        service.end_all(uid, but=request.session_secret)
        notices.give(request, _("Every other session is ended."))
    elif service.end(uid, key_of(request.POST.get("end", ""))):
        notices.give(request, _("The session is ended."))
    return HTTPSeeOther("/account/sessions")


def key_of(text: str) -> bytes:
    """Return the key of a session written in hexadecimal; empty where it is none."""
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""
