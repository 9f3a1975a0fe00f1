"""A further way of the second step: why it is weaker, and switching it on or off."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.factors import forms
from communicate.factors.further import FurtherStep, FurtherSteps
from communicate.factors.views.account import HOME, asked
from communicate.interfaces import IFactors
from communicate.permissions import MEMBER
from communicate.web import notices
from communicate.web.forms import Button, Form, FormInvalid

_ = TranslationStringFactory("communicate")

ON = _("This way is on. It comes after the others when you sign in.")
OFF = _("This way is off.")
GONE = _("Something has changed meanwhile: this way cannot be turned on.")


@view_config(
    route_name="account.second.further",
    permission=MEMBER,
    renderer="communicate:templates/account/second_further.pt",
)
def further(_context: Any, request: Any) -> Any:
    """Say why a way is weaker; ask for the password, and switch it on or off."""
    steps = FurtherSteps(request, request.member)
    way = steps.offered.get(request.GET.get("way", ""))
    if way is None:
        raise HTTPNotFound
    strong = request.find_service(IFactors).is_set(request.member.uid)
    ready = way.mark(request, request.member) is not None
    on, since = way.name in steps.usable, steps.since(way)
    form = changing(request, on=on, off=since is not None, can=strong and ready)
    if request.method == "POST" and form is not None:
        try:
            return change(form, request, steps, way)
        except FormInvalid:
            request.response.status = 400
    return page(
        request,
        "account.second",
        way=way,
        strong=strong,
        ready=ready,
        on=on,
        changed=since is not None and not on,
        goes=way.goes(request, request.member) if ready else "",
        form=form,
    )


def changing(request: Any, *, on: bool, off: bool, can: bool) -> Form | None:
    """Return the form that asks for the password, with the buttons that do something."""
    buttons = []
    if can and not on:
        buttons.append(Button("on", _("Turn on")))
    if off:
        buttons.append(Button("off", _("Turn off"), style="bad"))
    return Form(forms.confirming(), request, buttons, name="further") if buttons else None


def change(form: Form, request: Any, steps: FurtherSteps, way: FurtherStep) -> HTTPSeeOther:
    """Switch *way* as the button says; raise FormInvalid unless the password is right.

    A page that was opened before something changed may name a button that is there no more.
    """
    asked(form, request)
    if "off" in request.POST:
        steps.switch_off(way)
        notices.give(request, OFF)
    elif steps.switch_on(way):
        notices.give(request, ON, "warn")
    else:
        form.fail(None, GONE)
    return HTTPSeeOther(HOME)
