"""One conversation: what was said, one message more, deleting and taking back."""

from functools import partial
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.clock import moment
from communicate.permissions import DELETE, EDIT, VIEW
from communicate.web.forms import PREVIEW, Form, FormInvalid
from communicate.web.slices import asked, query
from communicate.writing.counting import count_posting
from communicate_sms import states
from communicate_sms.content import Message, Received, Talk
from communicate_sms.errors import Declined
from communicate_sms.forms import change_form, say_form
from communicate_sms.interfaces import ITexts
from communicate_sms.reach import NOBODY
from communicate_sms.views.counting import Counting
from communicate_sms.views.moments import leaving
from communicate_sms.views.shown import LINES, Shown
from communicate_sms.views.texting import UNPROVEN, checked, send

_ = TranslationStringFactory("communicate_sms")

TALK = "communicate_sms:templates/talk.pt"
CHANGE = "communicate_sms:templates/change.pt"


def path_of(request: Request, talk: Talk) -> str:
    """Return the address of *talk*."""
    return f"{Shown(request, talk.__parent__).base}/{talk.__name__}"


def talk_page(context: Talk, request: Request, form: Form | None = None) -> dict[str, Any]:
    """Return what the page of a conversation shows."""
    book, texts = context.__parent__, request.find_service(ITexts)
    shown = Shown(request, book)
    before = asked(request, "before")
    found = texts.lines(context, before, LINES + 1)
    earlier, found = (found[1].id if len(found) > LINES else None), found[-LINES:]
    path = f"{shown.base}/{context.__name__}"
    told, closed = reply_of(context, request)
    if form is None and told is not None:
        form = form_of(request, path, told)
    later = texts.waiting(context) if before is None else []
    return {
        "title": shown.title_of(context),
        "name": texts.name(context),
        "avatar": shown.avatar_of(context),
        "base": shown.base,
        "path": path,
        "said": shown.said(found) + shown.said(later, later=True),
        "earlier": earlier and path + query(before=earlier),
        "latest": before is not None,
        "closed": closed,
        "reply": form.render() if form is not None and told is not None else None,
        "pane": shown.pane(context),
    }


def form_of(request: Request, path: str, told: dict[str, Any] | None) -> Form:
    """Return the form that writes one more message."""
    return say_form(request, path, partial(Counting(request).live, told))


def reply_of(talk: Talk, request: Request) -> tuple[dict[str, Any] | None, Any]:
    """Return what a message there would take; or None, and why none can be sent."""
    if talk.__parent__.number is None:
        return None, UNPROVEN
    to = request.find_service(ITexts).to(talk)
    if to is None:
        return None, NOBODY
    try:
        return Counting(request).told(to), None
    except Declined as declined:
        return None, declined.reason


@view_config(context=Talk, permission=VIEW, request_method="GET", renderer=TALK)
def conversation(context: Talk, request: Request) -> dict[str, Any]:
    """Show the messages, and count them as read."""
    request.find_service(ITexts).see(context)
    return talk_page(context, request)


@view_config(context=Talk, permission=EDIT, request_method="POST", renderer=TALK)
def say(context: Talk, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Send one more message."""
    path = path_of(request, context)
    form = form_of(request, path, reply_of(context, request)[0])
    try:
        values = form.validate()
        to = request.find_service(ITexts).to(context)
        if to is None:
            form.fail("text", NOBODY)
        at = leaving(request, form, values["later"])
        if form.pressed == PREVIEW:
            form.preview = checked(request, form, to, values["text"])
            return talk_page(context, request, form)
        message = send(request, form, to, values["text"], at)
    except FormInvalid:
        request.response.status = 400
        return talk_page(context, request, form)
    done: HTTPSeeOther = form.done(f"{path}#{message.__name__}")
    return done


# What leaves later


def talk_of(message: Message | Received) -> Talk:
    """Return the conversation that *message* stands in; 404 where that is none."""
    if message.__parent__ is None:
        raise HTTPNotFound
    return message.__parent__


def waiting(context: Message, request: Request) -> Any:
    """Return the line of *context*, which is to leave later; 404 where it has left."""
    if context.state != states.WAITING or context.is_gone:
        raise HTTPNotFound
    talk = talk_of(context)
    lines = request.find_service(ITexts).waiting(talk)
    found = next((line for line in lines if line.id == context.id), None)
    if found is None:
        raise HTTPNotFound
    return found


def change_page(context: Message, request: Request, form: Form) -> dict[str, Any]:
    """Return what the page shows on which a message is changed."""
    talk = talk_of(context)
    shown = Shown(request, talk.__parent__)
    return {
        "title": _("Change a message"),
        "name": shown.title_of(talk),
        "base": shown.base,
        "path": f"{shown.base}/{talk.__name__}",
        "form": form,
    }


def changing(context: Message, request: Request, text: str) -> Form:
    """Return the form that changes *context*, whose author has written *text*."""
    told, _closed = reply_of(talk_of(context), request)
    counted = partial(Counting(request).live, told)
    return change_form(request, counted, text, moment(context.due))


@view_config(
    context=Message, name="change", permission=VIEW, request_method="GET", renderer=CHANGE
)
def change(context: Message, request: Request) -> dict[str, Any]:
    """Show what is to leave later, to be changed."""
    line = waiting(context, request)
    form = changing(context, request, line.text or "")
    return change_page(context, request, form)


@view_config(
    context=Message, name="change", permission=DELETE, request_method="POST", renderer=CHANGE
)
def changed(context: Message, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Put another message in its place."""
    waiting(context, request)
    talk = talk_of(context)
    form = changing(context, request, "")
    try:
        values = form.validate()
        at = leaving(request, form, values["later"])
        count_posting(request, values["text"], "posts")
        _put(request, form, context, values["text"], at)
    except FormInvalid:
        request.response.status = 400
        return change_page(context, request, form)
    done: HTTPSeeOther = form.done(path_of(request, talk))
    return done


def _put(request: Request, form: Form, message: Message, text: str, at: int) -> None:
    try:
        request.find_service(ITexts).change(message, text, at)
    except Declined as declined:
        form.fail("text", declined.reason)
