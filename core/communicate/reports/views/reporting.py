"""The form that reports something, and the page on which members see what came of it."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.accounts.subjects import page
from communicate.declarations import Moderable
from communicate.ids import decode, encode
from communicate.interfaces import ISeals
from communicate.permissions import MEMBER, VIEW
from communicate.reports.appeals import can_appeal
from communicate.reports.content import Case
from communicate.reports.files import offered
from communicate.reports.interfaces import IReports
from communicate.reports.kinds import kinds_of
from communicate.reports.reasons import REASONS
from communicate.reports.views.words import DECISIONS
from communicate.security import permits
from communicate.web import fields
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.notices import give

_ = TranslationStringFactory("communicate")

LONGEST = 2000  # characters of a note
SHOWN = 50  # cases on the page of one's own


def reported(request: Any) -> tuple[Moderable, Any]:
    """Return the kind and the thing that the address names; raise HTTPNotFound.

    What the member may not read, and what is the member's own, is not there to be reported.
    """
    kind = kinds_of(request.registry).get(request.matchdict["kind"])
    try:
        number = decode(request.matchdict["id"])
    except ValueError:
        raise HTTPNotFound from None
    thing = None if kind is None else kind.find(request, number)
    if kind is None or thing is None or place_of(request, kind, thing) is None:
        raise HTTPNotFound
    if getattr(thing, "owner", None) == request.member.uid:
        raise HTTPNotFound
    return kind, thing


def place_of(request: Any, kind: Moderable, thing: Any) -> str | None:
    """Return the address at which the viewer reads *thing*, or None where that cannot be."""
    if permits(request, thing, VIEW):
        return str(request.page.url(thing))
    return None if kind.reached is None else kind.reached(request, thing)


def form_for(request: Any) -> Form:
    """Return the form with the reason and a note."""
    schema = Schema()
    schema.add(fields.choice(_("What is wrong with it?"), tuple(REASONS.items()), name="reason"))
    schema.add(
        fields.area(
            _("What should a moderator know?"),
            longest=LONGEST,
            rows=4,
            name="note",
            required=False,
            help=_("Only moderators read it."),
        )
    )
    return Form(schema, request, [Button("report", _("Report"))], name="report")


@view_config(
    route_name="report",
    permission=MEMBER,
    renderer="communicate:templates/reports/report.pt",
)
def report(request: Any) -> Any:
    """Show the words and the form, or keep the report and lead back to the thing."""
    kind, thing = reported(request)
    service, back = request.find_service(IReports), place_of(request, kind, thing) or "/"
    words = kind.words(request, thing)
    if not words:
        raise HTTPNotFound
    waits = service.has_reported(request.member.uid, kind.kind, thing.id)
    form = form_for(request)
    if request.method == "POST":
        try:
            values = form.validate()
        except FormInvalid:
            request.response.status = 400
        else:
            if not waits:
                count_act(request, "reporting")
            service.report(kind.kind, thing, values["reason"], values["note"])
            give(request, _("Thank you. A moderator will look at it, and you will be told."))
            return form.done(back)
    return {
        "title": _("Report"),
        "kind": kind.title,
        "words": words,
        "files": offered(request, thing),
        "author": getattr(thing, "owner", None),
        "back": back,
        "form": None if waits else form,
    }


@view_config(
    route_name="account.reports",
    permission=MEMBER,
    request_method="GET",
    renderer="communicate:templates/reports/own.pt",
)
def own(request: Any) -> dict[str, Any]:
    """Show what was decided about the member's words, and what became of the member's reports."""
    uid, cases = request.member.uid, request.find_service(IReports).concerning(request.member.uid)
    about = [about_row(request, case) for case in cases if case.author == uid and not case.is_open]
    sent = [sent_row(request, case, uid) for case in cases if uid in case.reports]
    days = request.registry.settings["communicate.report_days"]
    return page(request, "account.reports", about=about[:SHOWN], sent=sent[:SHOWN], days=days)


def about_row(request: Any, case: Case) -> dict[str, Any]:
    """Return what an author is told: the words, what was decided, and why; never by whom."""
    seals = request.find_service(ISeals)
    return {
        **kind_row(request, case),
        "words": request.find_service(IReports).words(case),
        "decision": DECISIONS[case.decision or ""].told,
        "why": None if case.why is None else seals.text(case.why),
        "time": case.decided,
        **appeal_row(request, case),
    }


def appeal_row(request: Any, case: Case) -> dict[str, Any]:
    """Return whether the author may appeal, and what became of it."""
    appeal, seals = case.appeal, request.find_service(ISeals)
    return {
        "appeal": f"/account/reports/{encode(case.id)}" if can_appeal(request, case) else None,
        "appealed": appeal is not None,
        "answered": appeal is not None and bool(appeal.decided),
        "heard": appeal is not None and appeal.heard,
        "answer": seals.text(appeal.why) if appeal is not None and appeal.why else None,
    }


def sent_row(request: Any, case: Case, uid: int) -> dict[str, Any]:
    """Return what a reporter is told: the reason given then, and whether it is handled."""
    found = case.reports[uid]
    return {
        **kind_row(request, case),
        "reason": REASONS.get(found.reason, REASONS["other"]),
        "time": found.when,
        "handled": not case.is_open,
    }


def kind_row(request: Any, case: Case) -> dict[str, Any]:
    """Return what the kind of a case is called; empty where its plugin is off."""
    kind = kinds_of(request.registry).get(case.kind)
    return {"kind": "" if kind is None else kind.title}
