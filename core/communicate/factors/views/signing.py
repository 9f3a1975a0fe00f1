"""The second step of signing in, and signing in by a passkey alone."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.response import Response
from pyramid.view import view_config

from communicate.accounts import signing
from communicate.accounts.forms import local_path
from communicate.factors import forms, second
from communicate.factors.passkeys import BadPasskey, place
from communicate.factors.second import CODE, KEY, RECOVERY, SecondStep
from communicate.interfaces import IFactors
from communicate.permissions import OPEN
from communicate.reports.interfaces import ISuspensions
from communicate.web import notices
from communicate.web.forms import Button, Form, FormInvalid

_ = TranslationStringFactory("communicate")

TOO_LATE = _("The second step took too long. Sign in again.")
NOT_YOURS = _("This passkey opens no account here. Sign in with your login and password.")
FORMS = {CODE: forms.code, KEY: forms.passkey, RECOVERY: forms.recovery}
FIELDS = {CODE: "code", KEY: "credential", RECOVERY: "recovery"}
WRONG = {
    CODE: _("This code is wrong, or was used. Wait for the next one, and look at your clock."),
    KEY: _("This passkey was not accepted. Try again, or take another way."),
    RECOVERY: _("This recovery code is wrong, or was used. Try another one."),
}


@view_config(
    route_name="login.second",
    permission=OPEN,
    renderer="communicate:templates/account/second_step.pt",
)
def second_step(_context: Any, request: Any) -> Any:
    """Ask for the second step, or open the session and lead back to where the visitor came from.

    The address says which way is taken; a way that the member has not leads to the first one.
    """
    step = SecondStep.of(request)
    if step is None:
        return elsewhere(request)
    way = request.GET.get("with")
    way = way if way in step.ways else step.ways[0]
    title = _("Use my passkey") if way == KEY else _("Sign in")
    icon = "fingerprint" if way == KEY else ""
    form = Form(FORMS[way](), request, [Button("enter", title, icon=icon)], name="second")
    if request.method == "POST":
        try:
            if not step.prove(way, form.validate()[FIELDS[way]]):
                form.fail(None if way == KEY else FIELDS[way], WRONG[way])
            return HTTPSeeOther(step.finish())
        except FormInvalid:
            request.response.status = 400
    others = [other for other in step.ways if other != way]
    question = step.question() if way == KEY else ""
    return {
        "title": _("Second step"),
        "form": form,
        "way": way,
        "others": others,
        "question": question,
    }


def elsewhere(request: Any) -> HTTPSeeOther:
    """Lead on who is signed in already, and back who took too long."""
    if request.member is not None:
        return HTTPSeeOther("/")
    notices.give(request, TOO_LATE, "warn")
    return HTTPSeeOther("/login")


@view_config(route_name="login.passkey", permission=OPEN, request_method="POST")
def by_passkey(_context: Any, request: Any) -> Any:
    """Answer a script with what the browser is to be asked, or open a session by its answer."""
    if not place(request.registry.settings).usable:
        raise HTTPNotFound
    try:
        values = Form(forms.passkey_alone(), request, name="passkey").validate()
    except FormInvalid as error:
        raise HTTPBadRequest from error
    if not values["credential"]:
        return Response(second.ask(request), content_type="application/json", charset="utf-8")
    came_from = local_path(values["came_from"])
    try:
        member = second.signed_by(request, values["credential"])
    except BadPasskey:
        notices.give(request, NOT_YOURS, "bad")
        return HTTPSeeOther("/login")
    remember = values["remember"] == "yes"
    request.find_service(ISuspensions).end_if_over(member)
    request.find_service(IFactors).admit(member, remember=remember)
    return HTTPSeeOther(signing.landing(member, came_from))
