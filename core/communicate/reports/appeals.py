"""Appeals of authors against what moderators decided about their words."""

from datetime import timedelta
from itertools import islice
from typing import Any

from communicate.interfaces import INotifications, ISeals
from communicate.reports.content import DELETE, HIDE, WARN, Appeal, Case
from communicate.reports.interfaces import IReports
from communicate.reports.kinds import kinds_of
from communicate.reports.services import PAGE, WHY, owner_of, reports_of
from communicate.reports.suspensions import another_moderator
from communicate.sealing import Destroyed

APPEAL = "communicate.report.appeal"
ANSWERED = "communicate.appeal"  # kind of notice
TIME = timedelta(days=30) // timedelta(milliseconds=1)  # in which an author can appeal
MOST = 50


def can_appeal(request: Any, case: Case) -> bool:
    """Tell whether the signed-in member may appeal: the author, once, in time, where it hurts."""
    present = request.find_service(IReports).present
    hurts = case.decision in (WARN, HIDE, DELETE) and case.author == request.member.uid
    return hurts and case.appeal is None and present < case.decided + TIME


def appeal(request: Any, case: Case, words: str) -> None:
    """Keep what the author says against the decision; a second one changes nothing."""
    reports = reports_of(request)
    if reports is None or not can_appeal(request, case):
        return
    present = request.find_service(IReports).present
    sealed = request.find_service(ISeals).seal(owner_of(case), APPEAL, words)
    reports.appeal(case, Appeal(present, sealed))


def waiting(request: Any) -> list[Case]:
    """Return the oldest cases whose appeal waits, without those about the signed-in moderator."""
    reports, uid = reports_of(request), request.member.uid
    if reports is None or reports.appeals is None:
        return []
    found = (reports.cases[number] for number in reports.appeals)
    return list(islice((case for case in found if case.author != uid), MOST))


def may_decide(request: Any, case: Case) -> bool:
    """Tell whether the signed-in moderator decides: not the first one, if there is another."""
    uid = request.member.uid
    if not case.is_appealed or case.author == uid:
        return False
    return case.judge != uid or not another_moderator(request, uid, case.author)


def decide(request: Any, case: Case, heard: bool, why: str) -> None:
    """Decide about the appeal, take back what can be where it is *heard*, and tell the author."""
    reports, service = reports_of(request), request.find_service(IReports)
    if reports is None or case.appeal is None or not may_decide(request, case):
        return
    if heard and case.decision == HIDE:
        thing, kind = service.thing(case), kinds_of(request.registry).get(case.kind)
        if thing is not None and kind is not None and kind.restore is not None:
            kind.restore(request, thing)
    try:
        sealed = request.find_service(ISeals).seal(owner_of(case), WHY, why) if why else None
    except Destroyed:  # whom it is for is being erased
        sealed = None
    case.appeal.decide(service.present, service.uid, heard, sealed)
    reports.settle_appeal(case)
    reports.concern(service.uid, case)
    if case.author is not None:
        request.find_service(INotifications).send(ANSWERED, case.author, path=PAGE)
