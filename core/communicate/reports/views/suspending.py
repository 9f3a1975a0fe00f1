"""The pages of moderators: suspend a member, see who is, decide about an appeal, let in again."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pyramid.httpexceptions import HTTPForbidden, HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.clock import milliseconds
from communicate.ids import encode
from communicate.interfaces import IMembers
from communicate.permissions import MODERATE
from communicate.reports.interfaces import ISuspensions
from communicate.web import fields, once
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.notices import give
from communicate.web.paging import id_in

_ = TranslationStringFactory("communicate")

LONGEST = 2000  # characters of a reason
PAGE = 50
DAY = timedelta(days=1) // timedelta(milliseconds=1)
TEMPLATES = "communicate:templates/reports"
NOBODY = _("There is no such member, or it is not for you to suspend this one.")


@view_config(
    route_name="moderate.suspended",
    permission=MODERATE,
    request_method="GET",
    renderer=f"{TEMPLATES}/suspended_list.pt",
)
def listed(request: Any) -> dict[str, Any]:
    """Show who is suspended, and who appeals."""
    place = id_in(request.GET.get("after"))
    after = -1 if place is None else place
    found = request.find_service(ISuspensions).listed(after, PAGE + 1)
    more = encode(found[PAGE - 1].uid) if len(found) > PAGE else None
    rows = [one for one in found[:PAGE] if request.page.login_of(one.uid)]
    return {
        "title": _("Suspended members"),
        "rows": rows,
        "newer": "/moderate/suspended" if after >= 0 else None,
        "older": f"/moderate/suspended?after={more}" if more else None,
    }


def form_for(request: Any) -> Form:
    """Return the form that suspends."""
    schema = Schema()
    schema.add(fields.line(_("Login"), name="login", longest=30))
    schema.add(
        fields.area(_("Why?"), name="why", rows=3, longest=LONGEST, help=_("The member reads it."))
    )
    schema.add(
        fields.day(_("Last day"), name="until", help=_("It ends by itself after that day."))
    )
    values = {"login": request.GET.get("login", "")[:30]}
    buttons = [Button("suspend", _("Suspend"), style="bad")]
    return Form(schema, request, buttons, values=values, name="suspend")


@view_config(
    route_name="moderate.suspend", permission=MODERATE, renderer=f"{TEMPLATES}/suspend.pt"
)
def suspend(request: Any) -> Any:
    """Show the form, or suspend a member until a day."""
    form = form_for(request)
    if request.method == "POST":
        try:
            values = form.validate()
            act(form, request, values)
        except FormInvalid:
            request.response.status = 400
        else:
            give(request, _("The account is suspended, and the member is told by mail."))
            return form.done("/moderate/suspended")
    return {"title": _("Suspend a member"), "form": form}


def act(form: Form, request: Any, values: dict[str, Any]) -> None:
    """Suspend who is named in *form*; raise FormInvalid."""
    service = request.find_service(ISuspensions)
    member = request.find_service(IMembers).by_login(values["login"])
    if member is None or not service.may_suspend(member):
        form.fail("login", NOBODY)
    until = end_of(values["until"])
    longest = request.registry.settings["communicate.suspension_days"]
    if not service.present < until <= service.present + (longest + 1) * DAY:
        form.fail("until", _("Choose a day that is to come, within the time that is allowed."))
    service.suspend(member, until=until, why=values["why"], judge=request.member.uid)


def end_of(day: date) -> int:
    """Return the moment at which *day* ends, UTC, in milliseconds."""
    return milliseconds(datetime.combine(day, time(), UTC)) + DAY


def answer_form(request: Any, action: str = "") -> Form:
    """Return the form that decides about an appeal."""
    schema = Schema()
    choices = (
        ("heard", _("Grant it: take the decision back")),
        ("refused", _("Refuse it: the decision stands")),
    )
    schema.add(fields.choice(_("What becomes of the appeal?"), choices, name="outcome"))
    help_ = _("The member reads it, and is not told who decided.")
    schema.add(fields.area(_("Why?"), name="why", rows=3, longest=LONGEST, help=help_))
    buttons = [Button("answer", _("Decide"))]
    return Form(schema, request, buttons, action=action, name="answer")


@view_config(
    route_name="moderate.suspension", permission=MODERATE, renderer=f"{TEMPLATES}/suspension.pt"
)
def suspension(request: Any) -> Any:
    """Show one suspension; decide about its appeal, or let the member in again."""
    service = request.find_service(ISuspensions)
    member = request.find_service(IMembers).by_login(request.matchdict["login"])
    found = None if member is None else service.of(member.uid)
    if found is None or member.uid == request.member.uid:
        raise HTTPNotFound
    form = answer_form(request)
    if request.method == "POST" and "end" in request.POST:
        return end(request, member)
    if request.method == "POST":
        once.check(request)  # a double click is led where its first one was
        if not service.may_decide(found):
            raise HTTPForbidden
        try:
            values = form.validate()
        except FormInvalid:
            request.response.status = 400
        else:
            service.decide(member, values["outcome"] == "heard", values["why"])
            give(request, _("It is decided, and the member is told by mail."))
            return form.done("/moderate/suspended")
    return {"title": _("A suspension"), **shown(request, found), "form": form}


def end(request: Any, member: Any) -> Any:
    """Let *member* in again; only whoever could have suspended does."""
    service = request.find_service(ISuspensions)
    if not service.may_suspend(member):
        raise HTTPForbidden
    service.end(member)
    give(request, _("The member can sign in again."))
    return once.done(request, "/moderate/suspended")


def shown(request: Any, found: Any) -> dict[str, Any]:
    """Return what the page of a suspension shows."""
    service, appeal = request.find_service(ISuspensions), found.appeal
    member = request.find_service(IMembers).by_uid(found.uid)
    return {
        "one": found,
        "why": service.text(found.why),
        "words": "" if appeal is None else service.text(appeal.words),
        "answer": "" if appeal is None else service.text(appeal.why),
        "may_decide": service.may_decide(found),
        "may_end": service.may_suspend(member),
    }
