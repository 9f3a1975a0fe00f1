"""Signing in and out."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts import signing
from communicate.accounts.forms import SignIn, local_path
from communicate.content import Site
from communicate.interfaces import ISessions
from communicate.permissions import OPEN
from communicate.web import notices
from communicate.web.forms import Button, Form, FormInvalid

_ = TranslationStringFactory("communicate")

WRONG = _("Login or password is wrong. What you typed as login is still there.")
SUSPENDED = _("This account is suspended. Write to those who operate the site.")


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
    elif request.member is not None:
        return HTTPSeeOther(local_path(given["came_from"]))
    return {"title": _("Sign in"), "form": form}


def enter(form: Form, request: Any) -> HTTPSeeOther:
    """Open a session for who is in *form*; raise FormInvalid."""
    values = form.validate()
    try:
        member = signing.verify(request, values["login"], values["password"])
    except signing.Suspended:
        form.fail(None, SUSPENDED)
    except signing.Refused:
        form.fail(None, WRONG)
    request.find_service(ISessions).open(member, remember=bool(values["remember"]))
    return HTTPSeeOther(local_path(values["came_from"]))


@view_config(context=Site, name="logout", permission=OPEN, request_method="POST")
def logout(_context: Any, request: Any) -> HTTPSeeOther:
    """End this session, and what keeps this browser signed in."""
    request.find_service(ISessions).close()
    notices.give(request, _("You are signed out."))
    return HTTPSeeOther("/")
