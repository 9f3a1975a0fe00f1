"""The page on which an author appeals, and what moderators are shown of appeals."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.accounts.subjects import page
from communicate.ids import decode, encode
from communicate.interfaces import ISeals
from communicate.permissions import MEMBER
from communicate.reports import appeals
from communicate.reports.interfaces import IReports
from communicate.reports.views.reporting import about_row
from communicate.reports.views.suspended import appeal_form
from communicate.reports.views.suspending import answer_form
from communicate.web import once
from communicate.web.forms import FormInvalid
from communicate.web.notices import give

_ = TranslationStringFactory("communicate")


@view_config(
    route_name="account.appeal",
    permission=MEMBER,
    renderer="communicate:templates/reports/appeal.pt",
)
def appeal(request: Any) -> Any:
    """Show what was decided about the member's words and the form, or keep the appeal."""
    uid = request.member.uid
    try:
        number = decode(request.matchdict["id"])
    except ValueError:
        raise HTTPNotFound from None
    found = (one for one in request.find_service(IReports).concerning(uid) if one.id == number)
    case = next(found, None)
    if case is None or case.author != uid:
        raise HTTPNotFound
    form = appeal_form(request)
    if request.method == "POST":
        once.check(request)  # a double click is led where its first one was
    if not appeals.can_appeal(request, case):
        raise HTTPNotFound
    if request.method == "POST":
        try:
            words = form.validate()["words"]
        except FormInvalid:
            request.response.status = 400
        else:
            count_act(request, "reporting")
            appeals.appeal(request, case, words)
            give(request, _("Your appeal is on its way. You will be told what is decided."))
            return form.done("/account/reports")
    return page(request, "account.reports", row=about_row(request, case), form=form)


def shown(request: Any, case: Any) -> dict[str, Any]:
    """Return what the moderators' page of *case* shows of its appeal."""
    if case.appeal is None:
        return {"appeal": None, "may_answer": False}
    seals = request.find_service(ISeals)
    return {
        "appeal": case.appeal,
        "appeal_words": seals.text(case.appeal.words),
        "appeal_why": None if case.appeal.why is None else seals.text(case.appeal.why),
        "may_answer": appeals.may_decide(request, case),
        "answer": answer_form(request, f"/moderate/{encode(case.id)}/appeal"),
    }
