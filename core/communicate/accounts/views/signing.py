"""Signing in and out."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts import signing
from communicate.accounts.forms import SignIn, local_path
from communicate.content import Site
from communicate.factors.forms import passkey_alone
from communicate.factors.passkeys import place
from communicate.interfaces import IFactors, ISessions
from communicate.permissions import OPEN
from communicate.reports.interfaces import ISuspensions
from communicate.web import notices
from communicate.web.forms import Button, Form, FormInvalid

_ = TranslationStringFactory("communicate")

WRONG = _("Login or password is wrong. What you typed as login is still there.")


@view_config(
    context=Site,
    name="login",
    permission=OPEN,
    renderer="communicate:templates/account/login.pt",
)
def login(_context: Any, request: Any) -> Any:
    """Show the form, or open a session and lead back to where the visitor came from."""
    given = {"came_from": request.GET.get("came_from", ""), "login": request.GET.get("login", "")}
    form = Form(SignIn(), request, [Button("enter", _("Sign in"))], values=given, name="sign-in")
    if request.method == "POST":
        try:
            return enter(form, request)
        except FormInvalid:
            request.response.status = 400
    elif request.suspended is not None:
        return HTTPSeeOther(signing.NARROW)
    elif request.member is not None:
        return HTTPSeeOther(local_path(given["came_from"]))
    passkey = passkey_form(request, given)
    return {"title": _("Sign in"), "form": form, "passkey": passkey}


def passkey_form(request: Any, given: dict[str, str]) -> Form | None:
    """Return the form that a script shows below; None where passkeys cannot work."""
    if not place(request.registry.settings).usable:
        return None
    button = Button("enter", _("Use a passkey"), style="plain", icon="fingerprint")
    action = "/login/passkey"
    return Form(passkey_alone(), request, [button], values=given, action=action, name="passkey")


def enter(form: Form, request: Any) -> HTTPSeeOther:
    """Open a session for who is in *form*, or ask for the second step; raise FormInvalid."""
    values = form.validate()
    try:
        member = signing.verify(request, values["login"], values["password"])
    except signing.Refused:
        form.fail(None, WRONG)
    request.find_service(ISuspensions).end_if_over(member)
    came_from = signing.landing(member, local_path(values["came_from"]))
    factors = request.find_service(IFactors)
    return HTTPSeeOther(
        factors.enter(member, remember=bool(values["remember"]), came_from=came_from)
    )


@view_config(context=Site, name="logout", permission=OPEN, request_method="POST")
def logout(_context: Any, request: Any) -> HTTPSeeOther:
    """End this session, and what keeps this browser signed in."""
    request.find_service(ISessions).close()
    notices.give(request, _("You are signed out."))
    return HTTPSeeOther("/")
