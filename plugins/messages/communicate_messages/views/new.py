"""Beginning a conversation."""

from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.contacts.people import Unknown, named
from communicate.interfaces import IBrakes, IMembers
from communicate.permissions import VIEW
from communicate.web.forms import PREVIEW, Form, FormInvalid
from communicate.writing.interfaces import IAttachments
from communicate_messages.content import Messages
from communicate_messages.errors import Refused
from communicate_messages.forms import new_form
from communicate_messages.interfaces import IMessages
from communicate_messages.reach import is_stranger
from communicate_messages.views.conversation import count_sending

_ = TranslationStringFactory("communicate_messages")

TEMPLATE = "communicate_messages:templates/new.pt"


def shown(form: Form) -> dict[str, Any]:
    """Return what the page with the form shows."""
    return {"title": _("New conversation"), "form": form}


@view_config(
    context=Messages, name="new", permission=VIEW, request_method="GET", renderer=TEMPLATE
)
def new(context: Messages, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Show the form, or lead to the conversation with the one named in the query."""
    login = request.GET.get("to", "")[:100]
    member = request.find_service(IMembers).by_login(login) if login else None
    known = None
    if member is not None:
        known = request.find_service(IMessages).pair(request.member.uid, member.uid)
    if known is not None and request.member.uid in known.parts:
        return HTTPSeeOther(f"/messages/{known.__name__}")
    return shown(new_form(request, "" if member is None else member.login))


@view_config(
    context=Messages, name="new", permission=VIEW, request_method="POST", renderer=TEMPLATE
)
def start(_context: Messages, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Send the first message, and lead to the conversation."""
    form = new_form(request)
    try:
        values = form.validate()
        if form.pressed == PREVIEW:
            html = request.find_service(IMessages).preview(values["body"])
            form.preview = Markup(html)  # noqa: S704  # cleaned
            return shown(form)
        message = send(request, form, values)
        request.find_service(IAttachments).take(form, message)
    except FormInvalid:
        request.response.status = 400
        return shown(form)
    conversation = message.__parent__
    done: HTTPSeeOther = form.done(f"/messages/{conversation.__name__}#{message.__name__}")
    return done


def send(request: Request, form: Form, values: dict[str, Any]) -> Any:
    """Return the message that *values* of *form* make; raise FormInvalid beside the field."""
    uid = request.member.uid
    people = people_in(request, form, values["people"])
    count_sending(request, values["body"])
    count_strangers(request, people)
    try:
        return request.find_service(IMessages).start(uid, people, values["body"], values["title"])
    except Refused as refused:
        form.fail("people", refused.reason)


def people_in(request: Request, form: Form, text: str) -> list[int]:
    """Return the members whom *text* names; raise FormInvalid for a login of nobody."""
    try:
        return named(request, text)
    except Unknown as error:
        who = {"login": str(error)}
        form.fail("people", _("Nobody has the login ${login}.", mapping=who))


def count_strangers(request: Request, people: list[int]) -> None:
    """Count each of *people* who is a stranger not written to before; raise `TooMany`."""
    uid, words = request.member.uid, request.find_service(IMessages)
    strangers = [
        one
        for one in people
        if one != uid and is_stranger(request, uid, one) and words.pair(uid, one) is None
    ]
    if strangers:
        count_act(request, "messages.strangers", cost=len(strangers))
        request.find_service(IBrakes).hit("requests", len(strangers))
