"""Whoever writes from elsewhere what nobody wants to read: from now on it goes to the junk."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import EDIT
from communicate.web import notices
from communicate.web.notices import Undo
from communicate_email.content import Mailbox
from communicate_email.errors import Refused
from communicate_email.filters import Condition, Deed, Rule
from communicate_email.views.desk import Desk, asked_message
from communicate_email.views.people import clean
from communicate_email.views.rules import Rules

_ = TranslationStringFactory("communicate_email")

DONE = _("What ${address} writes goes to the junk from now on: a filter sees to it.")
SCRIPT = _("Your filters are a script of your own: add the sender there.")


@view_config(context=Mailbox, name="banish", permission=EDIT, request_method="POST")
def banish(context: Mailbox, request: Request) -> HTTPSeeOther:
    """Make a filter that puts what the sender writes among the junk, and put this there."""
    desk = Desk(request, context.__parent__)
    one = asked_message(desk, context)
    authors = one.head.authors
    address = clean(authors[0][1]) if len(authors) == 1 else ""
    if "@" not in address or address.lower() in {own.lower() for own in desk.addresses}:
        raise HTTPBadRequest
    own = Rules(desk)
    rules = own.rules
    if rules is None:
        return own.said(SCRIPT, "warn")
    try:
        own.save([rule_against(desk, address), *rules])
    except Refused as error:
        return own.said(error.reason, "bad")
    junk = desk.account.box("junk")
    if context is not junk:
        desk.store.move(context, [one.row.uid], junk)
    undo = Undo(own.path, {"act": "restore"})
    notices.give(request, DONE % {"address": address}, undo=undo)
    return HTTPSeeOther(desk.path(context))


def rule_against(desk: Desk, address: str) -> Rule:
    """Return the rule that puts what comes from *address* among the junk, and ends there."""
    junk: Any = desk.boxes.path(desk.account.box("junk"))
    deeds = (Deed("move", junk), Deed("stop"))
    return Rule(address, (Condition("from", "is", address),), deeds)
