"""Taking back what was sent a moment ago."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.ids import decode
from communicate.permissions import EDIT
from communicate.web import notices, once
from communicate_email.content import Account
from communicate_email.interfaces import ISending
from communicate_email.store import rows as rowing
from communicate_email.views.desk import Desk, number_in

_ = TranslationStringFactory("communicate_email")


@view_config(context=Account, name="unsend", permission=EDIT, request_method="POST")
def unsend(context: Account, request: Request) -> HTTPSeeOther:
    """Have the message go nowhere, and open it again; or say that it has left."""
    once.check(request)
    desk = Desk(request, context)
    number, uid = _named(request)
    sent, drafts = context.box("sent"), context.box("drafts")
    if not request.find_service(ISending).take_back(desk.uid, number):
        notices.give(request, _("It was too late: the message has left."), "warn")
        return HTTPSeeOther(desk.path(sent))
    moved = desk.store.move(sent, [uid], drafts)
    notices.give(request, _("The message is not sent. It waits among your drafts."))
    if uid not in moved:
        return once.done(request, desk.path(drafts))
    desk.store.flag(drafts, [moved[uid]], rowing.DRAFT)
    return once.done(request, f"{desk.path(drafts)}/resume/{moved[uid]}")


def _named(request: Any) -> tuple[int, int]:
    """Return what waits, and its copy; 400 where the form names nothing of the kind."""
    number, uid = request.POST.get("number"), request.POST.get("uid")
    found = number_in(uid) if isinstance(uid, str) else None
    try:
        waiting = decode(number)
    except (ValueError, TypeError):
        raise HTTPBadRequest from None
    if found is None:
        raise HTTPBadRequest
    return waiting, found
