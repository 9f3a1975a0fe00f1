"""Answering an author's appeal: the form stands on the page of the case."""

from typing import Any

from pyramid.httpexceptions import HTTPForbidden
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.permissions import MODERATE
from communicate.reports import appeals
from communicate.reports.views.deciding import case_named, case_page, form_for
from communicate.reports.views.suspending import answer_form
from communicate.web import once
from communicate.web.forms import FormInvalid
from communicate.web.notices import give

_ = TranslationStringFactory("communicate")


@view_config(
    route_name="moderate.appeal",
    permission=MODERATE,
    request_method="POST",
    renderer="communicate:templates/reports/case.pt",
)
def answer(request: Any) -> Any:
    """Decide about the appeal; who decided first leaves it to another moderator."""
    case, form = case_named(request), answer_form(request, request.path)
    once.check(request)  # a double click is led where its first one was
    if not appeals.may_decide(request, case):
        raise HTTPForbidden
    try:
        values = form.validate()
    except FormInvalid:
        request.response.status = 400
    else:
        appeals.decide(request, case, values["outcome"] == "heard", values["why"])
        give(request, _("It is decided, and the author is told."))
        return form.done("/moderate")
    shown = {"form": form_for(request), **case_page(request, case), "answer": form}
    return {"title": _("A report"), **shown}
