"""The member's page about messages: who may write, and whether reading is told."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.contacts.open_to import audience_of
from communicate.permissions import MEMBER
from communicate.web import notices
from communicate.web.forms import Form, FormInvalid
from communicate.web.visible import logins_in
from communicate_messages.content import Box
from communicate_messages.forms import settings_form

_ = TranslationStringFactory("communicate_messages")

ROUTE = "account.messages"
TEMPLATE = "communicate_messages:templates/account.pt"


def box_of(request: Request) -> Box:
    """Return what the member has, made where there is nothing yet."""
    found: Box = request.site["messages"].box(request.member.uid)
    return found


def form_of(request: Request) -> Form:
    """Return the form with the member's choices."""
    box = request.site["messages"].boxes.get(request.member.uid) or Box()
    people = ", ".join(logins_in(request, box.open_to))
    values = {"who": box.open_to.level, "people": people, "receipts": box.receipts}
    return settings_form(request, values)


@view_config(route_name=ROUTE, permission=MEMBER, request_method="GET", renderer=TEMPLATE)
def settings(_context: Any, request: Request) -> dict[str, Any]:
    """Show what the member has chosen."""
    return page(request, ROUTE, form=form_of(request))


@view_config(route_name=ROUTE, permission=MEMBER, request_method="POST", renderer=TEMPLATE)
def change(_context: Any, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Keep what the member chooses."""
    form = form_of(request)
    try:
        values = form.validate()
        chosen = audience_of(request, form, values)
    except FormInvalid:
        request.response.status = 400
        return page(request, ROUTE, form=form)
    box = box_of(request)
    box.open_to, box.receipts = chosen, bool(values["receipts"])
    notices.give(request, _("Saved."))
    done: HTTPSeeOther = form.done("/account/messages")
    return done
