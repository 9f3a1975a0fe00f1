"""The member's page about forums: what one follows, and the address of the private feed."""

from itertools import islice
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.ids import decode
from communicate.permissions import MEMBER, VIEW
from communicate.security import permits
from communicate.web import feeds, notices
from communicate_forums.content import Forum, Topic
from communicate_forums.feeds import new_secret
from communicate_forums.following import Thing
from communicate_forums.indexing import forums_in
from communicate_forums.interfaces import IFollowing
from communicate_forums.reading import Reading
from communicate_forums.views.sharing import site_url

_ = TranslationStringFactory("communicate_forums")

ROUTE = "account.forums"
TEMPLATE = "communicate_forums:templates/account.pt"
MOST = 200  # followed things that the page shows


def rows(request: Request) -> list[dict[str, Any]]:
    """Return what the member follows and may still read, the newest first."""
    reading = Reading(request)
    followed = islice(request.find_service(IFollowing).followed(request.member.uid), MOST)
    return [row(reading, thing) for thing in followed if permits(request, thing, VIEW)]


def row(reading: Reading, thing: Thing) -> dict[str, Any]:
    """Return *thing* as the page lists it."""
    if isinstance(thing, Topic):
        title, path, icon = reading.words.title(thing), reading.words.path(thing), "chat-left-text"
    else:
        title, path = reading.title_of(thing), f"/forums/{thing.__name__}"
        icon = "chat-square-text"
    return {"id": thing_name(thing), "title": title, "path": path, "icon": icon, "thing": thing}


def thing_name(thing: Thing) -> str:
    """Return how a form names *thing*: the name of a forum, or the id of a topic."""
    return f"forum:{thing.__name__}" if isinstance(thing, Forum) else str(thing.__name__)


def account_page(request: Request, address: str = "") -> dict[str, Any]:
    """Return what the page shows; *address* of the private feed is shown once."""
    forums = forums_in(request)
    reader = None if forums is None else forums.readers.get(request.member.uid)
    return page(
        request,
        ROUTE,
        rows=rows(request) if forums is not None else [],
        feed=feeds.section(
            request, "/account/forums", [address] if address else [], bool(reader and reader.feed)
        ),
    )


@view_config(route_name=ROUTE, permission=MEMBER, request_method="GET", renderer=TEMPLATE)
def settings(_context: Any, request: Request) -> dict[str, Any]:
    """Show what the member follows, and whether there is a private feed."""
    return account_page(request)


@view_config(route_name=ROUTE, permission=MEMBER, request_method="POST", renderer=TEMPLATE)
def change(_context: Any, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Unfollow something, or make, renew or revoke the private feed."""
    act, forums = request.POST.get("feed"), request.site["forums"]
    if act == "new":
        uid = request.member.uid
        key = new_secret(forums.reader(uid), uid)
        return account_page(request, f"{site_url(request)}/forums/private/{key}.atom")
    if act == "revoke":
        forums.reader(request.member.uid).feed = None
        notices.give(request, _("The private feed is revoked: its address is worth nothing."))
    else:
        thing = named(request, str(request.POST.get("unfollow", "")))
        request.find_service(IFollowing).unfollow(thing, request.member.uid)
        notices.give(request, _("You do not follow it any more."))
    return HTTPSeeOther("/account/forums")


def named(request: Request, name: str) -> Thing:
    """Return the forum or topic that a form calls *name*; 400 where there is none."""
    forums = request.site["forums"]
    kind, _colon, rest = name.rpartition(":")
    try:
        found = forums.get(rest) if kind == "forum" else forums.topic(decode(rest))
    except ValueError:
        found = None
    if found is None:
        raise HTTPBadRequest
    thing: Thing = found
    return thing
