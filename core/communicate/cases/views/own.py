"""The page on which a member sees what staff could read and did, and grants help."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.cases import forms
from communicate.cases.interfaces import ICases
from communicate.cases.services import Refused
from communicate.cases.views.rows import describe, log_rows
from communicate.ids import decode
from communicate.permissions import MEMBER
from communicate.web.forms import FormInvalid
from communicate.web.notices import give

_ = TranslationStringFactory("communicate")

PATH = "/account/privacy/cases"
SHOWN = 50  # cases on the page


@view_config(
    route_name="account.cases", permission=MEMBER, renderer="communicate:templates/cases/own.pt"
)
def own(request: Any) -> Any:
    """Show the cases about the member and what was read; grant help, or withdraw it."""
    if request.method == "POST" and "withdraw" in request.POST:
        return withdraw(request)
    service, form = request.find_service(ICases), forms.helping(request)
    if request.method == "POST":
        try:
            grant(form, request)
        except FormInvalid:
            request.response.status = 400
        else:
            give(request, _("Staff can read this until then. You see here what they read."))
            return form.done(PATH)
    found = service.shown(request.member.uid)[:SHOWN]
    rows = [{**describe(request, case), "reads": log_rows(request, case)} for case in found]
    return page(request, "account.cases", rows=rows, form=form)


def grant(form: Any, request: Any) -> None:
    """Let staff read what *form* says; raise FormInvalid."""
    values = form.validate()
    ends = forms.span_end(request, values["span"])
    try:
        request.find_service(ICases).grant(forms.kinds_in(values, request), ends)
    except Refused as error:
        form.fail(None, error.reason)


def withdraw(request: Any) -> HTTPSeeOther:
    """End what the member has granted, at once; raise HTTPNotFound for anything else."""
    service, uid = request.find_service(ICases), request.member.uid
    try:
        number = decode(request.POST.get("case", ""))
    except (ValueError, TypeError):  # TypeError: a file was sent
        raise HTTPNotFound from None
    case = next((one for one in service.shown(uid) if one.id == number and one.is_help), None)
    if case is None:
        raise HTTPNotFound
    service.close(case)
    give(request, _("It is withdrawn: staff can read nothing by it any more."))
    return HTTPSeeOther(PATH)
