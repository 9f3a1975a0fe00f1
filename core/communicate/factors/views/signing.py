"""The second step of signing in, and signing in by a passkey alone."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.response import Response
from pyramid.view import view_config

from communicate.accounts import signing
from communicate.accounts.forms import local_path
from communicate.accounts.limits import TooMany
from communicate.factors import forms, second
from communicate.factors.further import Unsent
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
SENDING = _("A code is on its way. Type it here within ten minutes.")
JUST_SENT = _("A code was sent a moment ago. Give it a minute before you ask for another one.")
UNSENT = _("No code can be sent there now. Take another way.")
WRONG_SENT = _(
    "This code is wrong, was used, or is too old. After five wrong ones it is void: ask for "
    "another one."
)
SENT = "sent"  # the field of a code that was sent
SOON = 60  # seconds
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
    schema = FORMS.get(way, forms.sent)()
    form = Form(schema, request, [Button("enter", title, icon=icon)], name="second")
    if request.method == "POST":
        try:
            field = FIELDS.get(way, SENT)
            if not step.prove(way, form.validate()[field]):
                form.fail(None if way == KEY else field, WRONG.get(way, WRONG_SENT))
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
        "further": step.further,
        "sent": way in step.further and step.codes.is_sent(step.further[way]),
        "goes": step.further[way].goes(request, step.member) if way in step.further else "",
    }


@view_config(route_name="login.send", permission=OPEN, request_method="POST")
def send(_context: Any, request: Any) -> HTTPSeeOther:
    """Have a code sent to who gave the right password; the number of messages is limited.

    Raise `limits.TooMany`.
    """
    step = SecondStep.of(request)
    if step is None:
        return elsewhere(request)
    way = step.further.get(str(request.POST.get("way", "")))
    if way is None:
        raise HTTPNotFound
    try:
        step.codes.send(way)
        notices.give(request, SENDING)
    except TooMany as error:
        if error.seconds > SOON:
            raise
        notices.give(request, JUST_SENT, "warn")
    except Unsent:
        notices.give(request, UNSENT, "bad")
    return HTTPSeeOther(f"{second.ADDRESS}?with={way.name}")


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
