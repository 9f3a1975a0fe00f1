"""The one page of a suspended member: why, until when; appeal, take the data along, or leave."""

import logging
from typing import Any

import colander
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts import cookies, forms, signing
from communicate.accounts.views.account import LATER, WRONG
from communicate.cases.interfaces import ICases
from communicate.cases.views.rows import describe
from communicate.erasure.ledger import LedgerUnusable
from communicate.interfaces import IErasure
from communicate.permissions import OPEN
from communicate.reports.interfaces import ISuspensions
from communicate.web import fields
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.notices import give

_ = TranslationStringFactory("communicate")
log = logging.getLogger(__name__)

PATH = "/suspended"
LONGEST = 4000  # characters of an appeal
SHOWN = 20  # cases of staff; all of them are in the archive
TEMPLATES = "communicate:templates/reports"


def suspended(request: Any) -> Any:
    """Return the suspended member who has signed in; for everybody else there is nothing here."""
    if request.suspended is None:
        raise HTTPNotFound
    return request.suspended


def appeal_form(request: Any) -> Form:
    """Return the form of an appeal."""
    schema = Schema()
    help_ = _("A moderator reads it: another one than who decided, where there is one.")
    schema.add(fields.area(_("What do you say to it?"), name="words", longest=LONGEST, help=help_))
    return Form(schema, request, [Button("appeal", _("Appeal"))], name="appeal")


@view_config(route_name="suspended", permission=OPEN, renderer=f"{TEMPLATES}/suspended.pt")
def page(request: Any) -> Any:
    """Show the page, or keep the appeal."""
    member, service = suspended(request), request.find_service(ISuspensions)
    form = appeal_form(request)
    if request.method == "POST":
        try:
            service.appeal(member, form.validate()["words"])
        except FormInvalid:
            request.response.status = 400
        else:
            give(request, _("Your appeal is on its way. The answer comes by mail."))
            return HTTPSeeOther(PATH)
    found = service.of(member.uid)
    appeal = None if found is None else found.appeal
    return {
        "title": _("Your account is suspended"),
        "login": member.login,
        "one": found,
        "why": "" if found is None else service.text(found.why),
        "appeal": appeal,
        "words": "" if appeal is None else service.text(appeal.words),
        "answer": "" if appeal is None else service.text(appeal.why),
        "form": form,
        "cases": cases_about(request, member),
    }


def cases_about(request: Any, member: Any) -> list[dict[str, Any]]:
    """Return the newest cases of staff about *member* of which the member may know."""
    found = request.find_service(ICases).shown(member.uid)[:SHOWN]
    return [describe(request, case) for case in found]


@view_config(
    route_name="suspended.erase", permission=OPEN, renderer=f"{TEMPLATES}/suspended_erase.pt"
)
def erase(request: Any) -> Any:
    """Say what goes, or erase the account of the suspended member who typed the password."""
    member = suspended(request)
    buttons = [Button("erase", _("Erase my account"), style="bad")]
    form = Form(forms.erasing(), request, buttons, name="erase")
    if request.method == "POST":
        try:
            confirm(form, request, member)
            return farewell(request, member)
        except FormInvalid:
            request.response.status = 400
        except LedgerUnusable as error:
            log.error("an account could not be erased: %s", error)
            request.response.status = 503
            form.form.error = colander.Invalid(form.form.schema, LATER)
    return {"title": _("Erase my account"), "form": form}


def confirm(form: Form, request: Any, member: Any) -> None:
    """Raise FormInvalid unless the password in *form* is that of *member*."""
    try:
        signing.verify(request, member.login, form.validate()["present"])
    except signing.Refused:
        form.fail("present", WRONG)


def farewell(request: Any, member: Any) -> HTTPSeeOther:
    """Close the account, forget its cookies, and lead to the receipt; raise LedgerUnusable."""
    code = request.find_service(IErasure).start(member.uid)
    cookies.drop(request, cookies.SESSION)
    cookies.drop(request, cookies.REMEMBER)
    return HTTPSeeOther(f"/erased?receipt={code}")
