"""The pages of staff: the cases, asking for one, and what can be read through it."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.cases import forms
from communicate.cases.content import Case
from communicate.cases.glass import may_use
from communicate.cases.interfaces import ICases
from communicate.cases.services import Refused, page_of
from communicate.cases.views.rows import describe, log_rows
from communicate.ids import decode, encode
from communicate.permissions import OPERATE, STAFF
from communicate.reports.kinds import kinds_of
from communicate.web.forms import FormInvalid
from communicate.web.notices import give
from communicate.web.paging import id_in

_ = TranslationStringFactory("communicate")

PAGE = 50
TEMPLATES = "communicate:templates/cases"


@view_config(
    route_name="operate_cases",
    permission=STAFF,
    request_method="GET",
    renderer=f"{TEMPLATES}/list.pt",
)
def listed(request: Any) -> dict[str, Any]:
    """Show the cases that the member of staff may see, the newest first."""
    rows = [describe(request, case) for case in request.find_service(ICases).listed()]
    return {"title": _("Cases"), "rows": rows, "operates": request.page.is_operator}


@view_config(route_name="operate_cases_new", permission=OPERATE, renderer=f"{TEMPLATES}/new.pt")
def new(request: Any) -> Any:
    """Show the form, or ask for the case."""
    form = forms.new_case(request, {"login": request.GET.get("login", "")[:30]})
    if request.method == "POST":
        try:
            case = ask(form, request)
        except FormInvalid:
            request.response.status = 400
        else:
            said = (
                _("The case is open.") if case.approved else _("Another operator has to approve.")
            )
            give(request, said)
            return form.done(f"/operate/cases/{encode(case.id)}")
    days = request.registry.settings["communicate.case_days"]
    return {"title": _("Open a case"), "form": form, "days": days}


def ask(form: Any, request: Any) -> Case:
    """Ask for the case in *form*; raise FormInvalid."""
    values = form.validate()
    member = forms.member_named(form, request, "login", values["login"])
    reader = None
    if values["reader"]:
        reader = forms.member_named(form, request, "reader", values["reader"])
    try:
        case: Case = request.find_service(ICases).ask(
            member,
            kinds=forms.kinds_in(values, request),
            things=forms.things_named(form, request, member.uid, values["things"]),
            reason=values["reason"],
            reference=values["reference"],
            ends=forms.end_of(values["ends"]),
            reader=reader,
            order=values["order"],
            silent_until=forms.midnight(values["silent"]),
        )
    except Refused as error:
        form.fail(None, error.reason)
    except OverflowError:
        form.fail("ends", _("Write a date such as 2026-11-23."))
    return case


def case_named(request: Any, *, usable: bool = False) -> Case:
    """Return the case that the address names; raise HTTPNotFound.

    With *usable*, one through which the member of staff can read now.
    """
    service = request.find_service(ICases)
    try:
        case: Case | None = service.case(decode(request.matchdict["id"]))
    except ValueError:
        case = None
    if case is None:
        raise HTTPNotFound
    if usable and not (case.is_running(service.present) and may_use(request.member, case)):
        raise HTTPNotFound
    return case


@view_config(
    route_name="operate_case",
    permission=STAFF,
    request_method="GET",
    renderer=f"{TEMPLATES}/case.pt",
)
def show(request: Any) -> dict[str, Any]:
    """Show a case: why, what, until when, who, and what was read."""
    case, service = case_named(request), request.find_service(ICases)
    row = describe(request, case)
    operates = request.page.is_operator
    return {
        "title": _("A case"),
        **row,
        "reads": log_rows(request, case),
        "more": max(0, case.count() - PAGE),
        "may_read": case.is_running(service.present) and may_use(request.member, case),
        "may_approve": operates
        and case.is_asked
        and not row["over"]
        and case.opener != service.uid,
        "may_close": operates and not row["over"],
    }


@view_config(route_name="operate_case", permission=OPERATE, request_method="POST")
def act(request: Any) -> Any:
    """Approve a case or close it."""
    case, service = case_named(request), request.find_service(ICases)
    if "approve" in request.POST:
        try:
            service.approve(case)
        except Refused as error:
            give(request, error.reason, "bad")
        else:
            give(request, _("The case is open."))
    elif "close" in request.POST:
        service.close(case)
        give(request, _("The case is closed: nothing can be read through it any more."))
    else:
        raise HTTPBadRequest(_("Choose to approve the case or to close it."))
    return HTTPSeeOther(f"/operate/cases/{encode(case.id)}")


@view_config(
    route_name="operate_case_things",
    permission=STAFF,
    request_method="GET",
    renderer=f"{TEMPLATES}/things.pt",
)
def things(request: Any) -> dict[str, Any]:
    """List what can be read through a case, without a word of it."""
    case, service = case_named(request, usable=True), request.find_service(ICases)
    found, more = page_of(service.readable(case, id_in(request.GET.get("after")) or 0), PAGE)
    place = f"/operate/cases/{encode(case.id)}"
    return {
        "title": _("What this case opens"),
        "place": place,
        "who": case.uid,
        "rows": [thing_row(place, *one) for one in found],
        "newer": f"{place}/things" if request.GET.get("after") else None,
        "older": f"{place}/things?after={encode(found[-1][1].id)}" if more else None,
    }


def thing_row(place: str, kind: Any, thing: Any) -> dict[str, Any]:
    """Return how a thing is listed: its kind, its age and its audience."""
    return {
        "kind": kind.title,
        "thing": thing,
        "time": thing.created,
        "url": f"{place}/things/{kind.kind}/{encode(thing.id)}",
    }


@view_config(
    route_name="operate_case_thing",
    permission=STAFF,
    request_method="GET",
    renderer=f"{TEMPLATES}/thing.pt",
)
def read(request: Any) -> dict[str, Any]:
    """Show one thing, once it is written into the log and told."""
    case = case_named(request, usable=True)
    kind = kinds_of(request.registry).get(request.matchdict["kind"])
    try:
        number = decode(request.matchdict["item"])
    except ValueError:
        raise HTTPNotFound from None
    service = request.find_service(ICases)
    found = None if kind is None else service.read(case, kind.kind, number)
    if kind is None or found is None:
        raise HTTPNotFound
    return {
        "title": kind.title,
        "case": f"/operate/cases/{encode(case.id)}",
        "who": case.uid,
        "words": kind.words(request, found),
        "time": found.created,
        "thing": found,
        "silent": case.is_silent(service.present),
    }
