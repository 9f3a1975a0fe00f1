"""The form for people without an account, the link that confirms, and the operators' queue."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts import addresses
from communicate.accounts.tokens import DELETION, BadToken, Tokens
from communicate.accounts.views.joining import bad_link, count_visit
from communicate.cases import strangers
from communicate.cases.content import Wish
from communicate.ids import decode, encode
from communicate.permissions import OPEN, OPERATE
from communicate.web import fields
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.notices import give

_ = TranslationStringFactory("communicate")

PATH = "/privacy/request"
QUEUE = "/operate/requests"
SHOWN = 100
TEMPLATES = "communicate:templates/cases"


def asking(request: Any) -> Form:
    """Return the form that asks for a deletion."""
    schema = Schema()
    what = _("What is to be deleted?")
    help_ = _("The address of the page, or the words by which we find it.")
    schema.add(fields.area(what, name="what", rows=4, longest=4000))
    schema.add(fields.area(_("Where is it?"), name="where", rows=2, longest=2000, help=help_))
    schema.add(fields.area(_("Why?"), name="why", rows=4, longest=4000))
    mail = fields.line(
        _("Your e-mail address"),
        name="email",
        kind="email",
        longest=addresses.LONGEST,
        help=_("For the answer only. It is destroyed with your request."),
        attributes={"autocomplete": "email"},
    )
    schema.add(mail)
    return Form(schema, request, [Button("send", _("Send"))], name="request")


@view_config(route_name="privacy_request", permission=OPEN, renderer=f"{TEMPLATES}/request.pt")
def ask(request: Any) -> Any:
    """Show the form, or store the wish; the answer is the same whatever is asked."""
    shown = {"title": _("Have something deleted"), "sent": "sent" in request.GET}
    shown["days"] = request.registry.settings["communicate.request_days"]
    if shown["sent"]:
        return {**shown, "form": None, "challenge": None}
    form = asking(request)
    if request.method == "POST":
        try:
            return sent(form, request)
        except FormInvalid:
            request.response.status = 400
    challenge = request.registry.communicate_robots.challenge(request)
    return {**shown, "form": form, "challenge": challenge}


def sent(form: Form, request: Any) -> HTTPSeeOther:
    """Store what *form* asks for; raise FormInvalid."""
    values = form.validate()
    try:
        address = addresses.clean(values.pop("email"))
    except addresses.BadAddress as error:
        form.fail("email", error.reason)
    count_visit(form, request, "deletion_address")
    strangers.ask(request, {**values, "address": address})
    return HTTPSeeOther(f"{PATH}?sent=1")


@view_config(
    route_name="privacy_request_confirm",
    permission=OPEN,
    renderer=f"{TEMPLATES}/request_confirm.pt",
)
def confirm(request: Any) -> Any:
    """Show a button, or keep the request: programs that open every link in a mail press none."""
    secret, title = request.GET.get("token"), _("Confirm your request")
    try:
        if request.method != "POST":
            Tokens(request).look(DELETION, secret)
            return {"title": title, "done": False}
        strangers.confirm(request, secret)
    except BadToken:
        return bad_link(request, title)
    return {"title": title, "done": True}


@view_config(
    route_name="operate_requests",
    permission=OPERATE,
    request_method="GET",
    renderer=f"{TEMPLATES}/requests.pt",
)
def queue(request: Any) -> dict[str, Any]:
    """Show what waits for an answer, the oldest first, and what was answered."""
    wishes = strangers.wishes_of(request)
    waiting = [row(request, wishes.wishes[one]) for one in list(wishes.waiting)[:SHOWN]]
    newest = reversed(list(wishes.answered))
    answered = [row(request, wishes.wishes[one]) for _when, one in list(newest)[:SHOWN]]
    return {"title": _("Requests for deletion"), "waiting": waiting, "answered": answered}


def row(request: Any, wish: Wish) -> dict[str, Any]:
    """Return one request as the list shows it."""
    outcome = strangers.OUTCOMES.get(wish.outcome)
    what = strangers.read(request, wish)["what"]
    piece = what[:120] + ("…" if len(what) > 120 else "")
    url = f"{QUEUE}/{encode(wish.id)}"
    return {"url": url, "piece": piece, "time": wish.when, "outcome": outcome}


def answering(request: Any) -> Form:
    """Return the form by which an operator answers."""
    schema = Schema()
    choices = tuple(strangers.OUTCOMES.items())
    schema.add(fields.choice(_("What became of it?"), choices, name="outcome"))
    help_ = _("It goes out by mail as you write it.")
    schema.add(fields.area(_("Answer"), name="text", rows=6, longest=4000, help=help_))
    return Form(schema, request, [Button("answer", _("Send the answer"))], name="answer")


@view_config(
    route_name="operate_request", permission=OPERATE, renderer=f"{TEMPLATES}/request_answer.pt"
)
def answer(request: Any) -> Any:
    """Show a request and the form, or send the answer."""
    try:
        wish = strangers.wishes_of(request).wishes.get(decode(request.matchdict["id"]))
    except ValueError:
        wish = None
    if wish is None:
        raise HTTPNotFound
    form = answering(request)
    if request.method == "POST":
        try:
            values = form.validate()
        except FormInvalid:
            request.response.status = 400
        else:
            strangers.answer(request, wish, values["outcome"], values["text"])
            give(request, _("The answer is on its way."))
            return form.done(QUEUE)
    return {
        "title": _("A request for deletion"),
        "wish": wish,
        "said": strangers.read(request, wish),
        "outcome": strangers.OUTCOMES.get(wish.outcome),
        "form": form,
    }
