"""A space as somebody else sees it, for its owner.

The page is made anew by a request of the other viewer's: same address, same moment, same data, the
other's principals.  What is the other's own stays out of it: language, time zone and appearance
are the owner's, and no cookie, session, token or notice is.  Nothing that is done on the way is
kept.
"""

from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPNotFound
from pyramid.interfaces import IRequestFactory
from pyramid.request import Request, apply_request_extensions

from communicate.accounts.content import Member
from communicate.interfaces import IMembers

STRANGER, ANY_MEMBER = "stranger", "member"


def viewer_named(request: Any, owner: Member, who: str) -> Member | None:
    """Return whom *who* stands for: nobody, any member, or a contact; raise HTTPNotFound.

    Only contacts have a page of their own to show: of others the owner could learn something,
    such as whether they have blocked the owner.
    """
    if who == STRANGER:
        return None
    if who == ANY_MEMBER:
        return any_member()
    found: Member | None = request.find_service(IMembers).by_login(who)
    if found is None or not request.site["members"].is_contact(owner.uid, found.uid):
        raise HTTPNotFound
    return found


def any_member() -> Member:
    """Return somebody with an account, whom nobody knows."""
    nobody = Member(0, "", None)
    nobody.__name__ = ""
    return nobody


def seen_by(request: Any, viewer: Member | None) -> Any:
    """Return a request for the same page, at the same moment, that *viewer* could have sent.

    The transaction is doomed: showing something keeps nothing.
    """
    request.tm.doom()
    factory = request.registry.queryUtility(IRequestFactory, default=Request)
    other = factory.blank(request.path_info, base_url=request.application_url)
    other.registry = request.registry
    apply_request_extensions(other)
    given = {
        "tm": request.tm,
        "root_map": request.root_map,
        "site": request.site,
        "context": request.context,
        "member": viewer,
        "session_secret": None,
        "locale_name": request.locale_name,
        "localizer": request.localizer,
    }
    for name, value in given.items():
        setattr(other, name, value)
    _dress(other.page, request.page)
    return other


def _dress(page: Any, own: Any) -> None:
    """Give *page* the owner's formats, look and moment, and no token for forms."""
    for name in ("formats", "theme", "now", "language", "here"):
        setattr(page, name, getattr(own, name))
    page.notices = []
    page._csrf = Markup("")
