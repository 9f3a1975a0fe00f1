"""The member's app passwords: listed, made, revoked."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.factors import forms, shown
from communicate.factors.apps import scopes
from communicate.ids import decode
from communicate.interfaces import IAppPasswords
from communicate.permissions import MEMBER
from communicate.web import notices
from communicate.web.forms import Button, Form, FormInvalid

_ = TranslationStringFactory("communicate")

ADDRESS = "/account/app-passwords"
NONE = _("Choose at least one thing that it opens.")


@view_config(
    route_name="account.apps",
    permission=MEMBER,
    renderer="communicate:templates/account/app_passwords.pt",
)
def app_passwords(_context: Any, request: Any) -> Any:
    """List app passwords, show a new one once, and make or revoke them."""
    offered = scopes(request)
    form = Form(forms.app(offered), request, [Button("make", _("Make it"))], name="app-password")
    if request.method == "POST":
        if "kept" in request.POST:
            shown.kept(request)
            return HTTPSeeOther(ADDRESS)
        if "revoke" in request.POST:
            return revoke(request)
        try:
            return make(form, request)
        except FormInvalid:
            request.response.status = 400
    titles = {scope.name: scope.title for scope in offered}
    return page(
        request,
        "account.apps",
        form=form if offered else None,
        rows=request.find_service(IAppPasswords).of(request.member.uid),
        titles=titles,
        new=shown.find(request),
    )


def make(form: Form, request: Any) -> Any:
    """Make the app password in *form*; raise FormInvalid."""
    values = form.validate()
    names = forms.chosen(values)
    if not names:
        form.fail(None, NONE)
    shown.make(form, request, values["title"], names)
    return form.done(ADDRESS)


def revoke(request: Any) -> HTTPSeeOther:
    """End the app password that the button names."""
    try:
        number = decode(str(request.POST["revoke"]))
    except ValueError:
        number = 0
    if request.find_service(IAppPasswords).revoke(request.member.uid, number):
        notices.give(request, _("The app password works no more."))
    return HTTPSeeOther(ADDRESS)
