"""Joining: the form, the link that confirms, an invitation, and the first operator."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts import forms, joining
from communicate.accounts.limits import network
from communicate.accounts.logins import BadLogin
from communicate.accounts.robots import BadProof
from communicate.accounts.services import AddressTaken
from communicate.accounts.tokens import INVITATION, JOIN, OPERATOR, BadToken, Tokens
from communicate.content import Site
from communicate.interfaces import ILimits, IMembers
from communicate.permissions import OPEN
from communicate.web import notices
from communicate.web.forms import Button, Form, FormInvalid

_ = TranslationStringFactory("communicate")

READY = _("Your account is ready. Sign in.")
BAD_PROOF = _("Your browser's work for this form cannot be used any more. Send the form again.")
KNOWN = _("An account with this address exists. Use another address.")


@view_config(
    context=Site, name="join", permission=OPEN, renderer="communicate:templates/account/join.pt"
)
def join(_context: Any, request: Any) -> Any:
    """Show the form, or ask for an account and say that a mail is under way."""
    if "invitation" in request.GET:
        return invited(request, request.GET["invitation"])
    shown = {"title": _("Join"), "form": None, "sent": "sent" in request.GET, "challenge": None}
    shown["joining"] = request.registry.settings["communicate.joining"]
    if shown["joining"] != "open" or shown["sent"]:
        return shown
    form = Form(forms.joining(), request, [Button("join", _("Join"))], name="join")
    if request.method == "POST":
        try:
            return ask(form, request)
        except FormInvalid:
            request.response.status = 400
    challenge = request.registry.communicate_robots.challenge(request)
    return {**shown, "form": form, "challenge": challenge}


def ask(form: Form, request: Any) -> HTTPSeeOther:
    """Ask for the account in *form*; the answer is the same whoever has an account already."""
    values = form.validate()
    count_visit(form, request, "join_address")
    check_login(form, request, values["login"])
    forms.check_password(form, request, values["password"], values["login"], values["email"])
    joining.ask(request, values["login"], values["email"], values["password"])
    return HTTPSeeOther("/join?sent=1")


def count_visit(form: Form, request: Any, limit: str) -> None:
    """Count the form of a stranger: with a solution of the puzzle it is cheaper."""
    try:
        cost = request.registry.communicate_robots.cost(request)
    except BadProof:
        form.fail(None, BAD_PROOF)
    request.find_service(ILimits).hit(limit, network(request), cost=cost)


def check_login(form: Form, request: Any, login: str) -> None:
    """Raise FormInvalid where *login* cannot be given: logins are public, so this may be told."""
    try:
        request.find_service(IMembers).check_login(login)
    except BadLogin as error:
        form.fail("login", error.reason)


def invited(request: Any, secret: str) -> Any:
    """Show the form of an invitation, or make the account: the link proves the address."""
    shown = {"title": _("Join"), "joining": "invitation", "sent": False, "challenge": None}
    try:
        if request.registry.settings["communicate.joining"] == "closed":
            raise BadToken("nobody can join this site")
        Tokens(request).look(INVITATION, secret)
    except BadToken:
        return bad_link(request, _("Join"))
    form = Form(forms.joining(invited=True), request, [Button("join", _("Join"))], name="join")
    if request.method == "POST":
        try:
            values = form.validate()
            check_login(form, request, values["login"])
            forms.check_password(form, request, values["password"], values["login"])
            return accept(form, request, secret, values)
        except FormInvalid:
            request.response.status = 400
    return {**shown, "form": form}


def accept(form: Form, request: Any, secret: str, values: dict[str, Any]) -> HTTPSeeOther:
    """Make the account of an invited person."""
    try:
        joining.accept(request, secret, values["login"], values["password"])
    except AddressTaken:
        form.fail(None, KNOWN)
    notices.give(request, READY)
    return HTTPSeeOther("/login")


def bad_link(request: Any, title: Any) -> dict[str, Any]:
    """Say that a link is wrong, too old or used."""
    request.response.status = 404
    request.override_renderer = "communicate:templates/account/bad_link.pt"
    return {"title": title}


@view_config(
    context=Site,
    name="confirm",
    permission=OPEN,
    renderer="communicate:templates/account/confirm.pt",
)
def confirm(_context: Any, request: Any) -> Any:
    """Show a button, or make the account: programs that open every link in a mail press none."""
    secret = request.GET.get("token")
    title = _("Confirm your account")
    try:
        if request.method != "POST":
            token = Tokens(request).look(JOIN, secret)
            return {"title": title, "login": Tokens(request).payload(token)["login"]}
        login = joining.confirm(request, secret).login
    except joining.LoginGone:
        request.response.status = 409
        return {"title": title, "login": None}
    except BadToken:
        return bad_link(request, title)
    notices.give(request, READY)
    return HTTPSeeOther(f"/login?login={login}")


@view_config(
    context=Site,
    name="first-operator",
    permission=OPEN,
    renderer="communicate:templates/account/first_operator.pt",
)
def first_operator(_context: Any, request: Any) -> Any:
    """Show the form, or make the first operator of a site in development."""
    title = _("The first operator")
    secret = request.GET.get("token")
    buttons = [Button("make", _("Make the account"))]
    form = Form(forms.joining(terms=False), request, buttons, name="operator")
    try:
        Tokens(request).look(OPERATOR, secret)
        if request.method == "POST":
            return make_first_operator(form, request, secret)
    except FormInvalid:
        request.response.status = 400
    except BadToken:
        return bad_link(request, title)
    return {"title": title, "form": form}


def make_first_operator(form: Form, request: Any, secret: Any) -> HTTPSeeOther:
    """Make the operator in *form*; raise FormInvalid or BadToken."""
    values = form.validate()
    login, address, password = values["login"], values["email"], values["password"]
    check_login(form, request, login)
    forms.check_password(form, request, password, login, address)
    try:
        joining.make_first_operator(request, secret, login, address, password)
    except AddressTaken:
        form.fail("email", KNOWN)
    notices.give(request, READY)
    return HTTPSeeOther(f"/login?login={login}")
