"""A forgotten password: asked for on a form, chosen behind a link that came by mail."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts import forms, signing
from communicate.accounts.tokens import RESET, BadToken, Tokens
from communicate.accounts.views.joining import bad_link, count_visit
from communicate.content import Site
from communicate.interfaces import IMembers
from communicate.permissions import OPEN
from communicate.web import notices
from communicate.web.forms import Button, Form, FormInvalid

_ = TranslationStringFactory("communicate")


@view_config(
    context=Site, name="reset", permission=OPEN, renderer="communicate:templates/account/reset.pt"
)
def reset(_context: Any, request: Any) -> Any:
    """Show the form, or store the wish and say that a mail comes where an account exists."""
    title = _("Forgotten password")
    if "sent" in request.GET:
        return {"title": title, "form": None, "sent": True, "challenge": None}
    buttons = [Button("send", _("Send me a link"))]
    form = Form(forms.resetting(), request, buttons, name="reset")
    if request.method == "POST":
        try:
            return ask(form, request)
        except FormInvalid:
            request.response.status = 400
    challenge = request.registry.communicate_robots.challenge(request)
    return {"title": title, "form": form, "sent": False, "challenge": challenge}


def ask(form: Form, request: Any) -> HTTPSeeOther:
    """Store the wish in *form*; the answer is the same whether the account exists or not."""
    name = form.validate()["login"]
    count_visit(form, request, "reset_address")
    signing.ask_reset(request, name)
    return HTTPSeeOther("/reset?sent=1")


@view_config(
    context=Site,
    name="new-password",
    permission=OPEN,
    renderer="communicate:templates/account/new_password.pt",
)
def new_password(_context: Any, request: Any) -> Any:
    """Show the form behind the link, or set the password and end every session."""
    title = _("Choose a new password")
    secret = request.GET.get("token")
    form = Form(forms.setting_password(), request, [Button("save", _("Save"))], name="password")
    try:
        uid = Tokens(request).look(RESET, secret).uid
        if request.method == "POST":
            return choose(form, request, secret, request.find_service(IMembers).login_of(uid))
    except FormInvalid:
        request.response.status = 400
    except BadToken:
        return bad_link(request, title)
    return {"title": title, "form": form}


def choose(form: Form, request: Any, secret: Any, login: str | None) -> HTTPSeeOther:
    """Set the password in *form* for the member *login*; raise FormInvalid or BadToken."""
    password = form.validate()["password"]
    forms.check_password(form, request, password, login or "")
    member = signing.reset(request, secret, password)
    notices.give(request, _("Your password has changed, and every session was ended. Sign in."))
    return HTTPSeeOther(f"/login?login={member.login}")
