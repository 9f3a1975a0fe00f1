"""What open pages ask: a ticket for the listener, and how many notices are unread."""

import time
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.accounts.remember import digest
from communicate.interfaces import ISeals
from communicate.live import tickets
from communicate.permissions import MEMBER
from communicate.web.menu import counted


@view_config(route_name="live_ticket", permission=MEMBER, request_method="POST", renderer="json")
def ticket(request: Any) -> dict[str, Any]:
    """Return a ticket of this session, and the address that takes it.

    *since*, milliseconds since 1970, is when the page was made: what was told later is told now.
    """
    hub, uid = request.registry.communicate_live, request.member.uid
    if not hub.listens:
        raise HTTPNotFound
    count_act(request, "live")
    seals = request.find_service(ISeals)
    made = tickets.make(
        lambda body: seals.hmac(tickets.LABEL, body),
        uid,
        digest(request.session_secret),
        now=time.time(),
        since=moment(request.POST.get("since")),
    )
    return {"ticket": made, "address": hub.address}


def moment(text: Any) -> float:
    """Return the time that *text* gives, in seconds; raise HTTPBadRequest."""
    if not isinstance(text, str) or not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise HTTPBadRequest
    return int(text) / 1000


@view_config(route_name="live_unread", permission=MEMBER, request_method="GET", renderer="json")
def unread(request: Any) -> dict[str, Any]:
    """Return how many notices are unread, as the bell shows it."""
    count = request.page.unread
    menu = {entry.url.lstrip("/"): entry.waiting for entry in request.page.menu}
    return {"unread": count, "shown": counted(count), "menu": menu}
