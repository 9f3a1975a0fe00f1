"""The queue of moderators, and the page on which one case is decided."""

from itertools import islice
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.ids import decode, encode
from communicate.interfaces import ISeals
from communicate.permissions import MODERATE, VIEW
from communicate.reports import appeals
from communicate.reports import files as beside
from communicate.reports.content import KEEP, Case
from communicate.reports.interfaces import IReports
from communicate.reports.reasons import REASONS
from communicate.reports.services import disclosed
from communicate.reports.views import appealing
from communicate.reports.views.reporting import kind_row
from communicate.reports.views.words import DECISIONS
from communicate.security import permits
from communicate.web import fields, once
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.notices import give
from communicate.web.paging import id_in
from communicate.writing.views.attachments import serve

_ = TranslationStringFactory("communicate")

PAGE = 20
LONGEST = 2000  # characters of a reason
PIECE = 160  # of reported words, in the list


@view_config(
    route_name="moderate",
    permission=MODERATE,
    request_method="GET",
    renderer="communicate:templates/reports/queue.pt",
)
def queue(request: Any) -> dict[str, Any]:
    """Show the cases that wait, the oldest first."""
    service = request.find_service(IReports)
    found = list(islice(service.queue(id_in(request.GET.get("after")) or 0), PAGE + 1))
    more = found[PAGE - 1].id if len(found) > PAGE else None
    return {
        "title": _("Reports"),
        "appeals": [row(request, case) for case in appeals.waiting(request)],
        "rows": [row(request, case) for case in found[:PAGE]],
        "newer": "/moderate" if request.GET.get("after") else None,
        "older": None if more is None else f"/moderate?after={encode(more)}",
    }


def row(request: Any, case: Case) -> dict[str, Any]:
    """Return one case as the list shows it."""
    words = " ".join(request.find_service(IReports).words(case)[:1])
    reasons = {report.reason for report in case.reports.values()}
    return {
        **kind_row(request, case),
        "url": f"/moderate/{encode(case.id)}",
        "piece": words[:PIECE] + ("…" if len(words) > PIECE else ""),
        "author": case.author,
        "reasons": [title for reason, title in REASONS.items() if reason in reasons],
        "time": min(report.when for report in case.reports.values()),
    }


def form_for(request: Any) -> Form:
    """Return the form that decides."""
    schema = Schema()
    choices = tuple((name, words.choice) for name, words in DECISIONS.items())
    schema.add(fields.choice(_("What is to be done?"), choices, name="decision"))
    schema.add(
        fields.area(
            _("Why?"),
            longest=LONGEST,
            rows=4,
            name="why",
            required=False,
            help=_("The author reads it, and is not told who reported or decided."),
        )
    )
    return Form(schema, request, [Button("decide", _("Decide"))], name="decide")


@view_config(
    route_name="moderate.case",
    permission=MODERATE,
    renderer="communicate:templates/reports/case.pt",
)
def decide(request: Any) -> Any:
    """Show a case and the form, or decide; nobody sees one about themself."""
    service = request.find_service(IReports)
    case = case_named(request)
    form = form_for(request)
    if request.method == "POST":
        once.check(request)  # a double click is led where its first one was
    if request.method == "POST" and not case.is_open:
        request.response.status = 409  # another moderator was faster: the page says what is so
    elif request.method == "POST":
        try:
            values = form.validate()
            if values["decision"] != KEEP and not values["why"]:
                form.fail("why", _("Say why: the author is told."))
        except FormInvalid:
            request.response.status = 400
        else:
            service.decide(case, values["decision"], values["why"])
            give(request, _("It is decided. The author and those who reported it are told."))
            return form.done("/moderate")
    return {"title": _("A report"), **case_page(request, case), "form": form}


def case_named(request: Any) -> Case:
    """Return the case that the address names; raise HTTPNotFound."""
    try:
        case: Case | None = request.find_service(IReports).case(decode(request.matchdict["id"]))
    except ValueError:
        case = None
    if case is None:
        raise HTTPNotFound
    return case


@view_config(route_name="moderate.file", permission=MODERATE, request_method="GET")
def file(request: Any) -> Any:
    """Show a picture, or hand out a file, that was beside what was reported."""
    case = case_named(request)
    try:
        found = beside.files_of(case).get(decode(request.matchdict["file"]))
    except ValueError:
        found = None
    if found is None or found.file is None:
        raise HTTPNotFound
    return serve(request, found)


def case_page(request: Any, case: Case) -> dict[str, Any]:
    """Return what the page of a case shows: of the thing itself only what its rights allow."""
    service, seals = request.find_service(IReports), request.find_service(ISeals)
    thing = service.thing(case)
    readable = thing is not None and permits(request, thing, VIEW)
    reports = [
        {
            "who": uid,
            "when": report.when,
            "reason": REASONS.get(report.reason, REASONS["other"]),
            "note": None if report.note is None else seals.text(report.note),
        }
        for uid, report in case.reports.items()
    ]
    return {
        **kind_row(request, case),
        "words": service.words(case),
        "files": beside.shown(request, case, case.item),
        "shown": disclosed(request, case),
        "author": case.author,
        "address": request.page.url(thing) if readable else None,
        "reports": sorted(reports, key=lambda one: one["when"]),
        "open": case.is_open,
        "decision": None if case.is_open else DECISIONS[case.decision or ""].choice,
        "why": None if case.why is None else seals.text(case.why),
        "suspendable": request.page.login_of(case.author),
        **appealing.shown(request, case),
    }
