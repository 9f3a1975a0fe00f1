"""Erasing a member from reports, and forgetting what was decided long ago."""

from datetime import timedelta
from itertools import islice
from typing import Any

from communicate.clock import milliseconds, now
from communicate.reports.services import reports_of
from communicate.reports.suspensions import suspensions_of
from communicate.storage.work import work

BATCH = 200  # cases in one transaction
KIND = "communicate.reports"


def erase_batch(member: Any, receipt: Any) -> bool:
    """Forget a batch of cases about *member*, and the member's part in others; tell of more."""
    forget_suspensions(member)
    reports = reports_of(member.request)
    cases = None if reports is None else reports.people.get(member.uid)
    if reports is None or cases is None:
        return False
    numbers = list(islice(cases, BATCH))
    for number in numbers:
        case = reports.cases.get(number)
        if case is not None and case.author == member.uid:
            reports.drop(case)
        elif case is not None:
            forget_judge(case, member.uid)
            case.forget_shown(member.uid)
            reports.withdraw(case, member.uid)
        if number in cases:
            cases.remove(number)
    receipt.erased(KIND, len(numbers))
    if not cases:
        del reports.people[member.uid]
    return bool(cases)


def forget_suspensions(member: Any) -> None:
    """Forget that *member* is suspended, and whom *member* has suspended or answered."""
    suspensions = suspensions_of(member.request)
    suspensions.drop(member.uid)
    for one in suspensions.by_uid.values():
        forget_judge(one, member.uid)


def forget_judge(one: Any, uid: int) -> None:
    """Take the name of *uid* out of *one*, a case or a suspension: what was decided stays."""
    if one.judge == uid:
        one.judge = None
    if one.appeal is not None and one.appeal.judge == uid:
        one.appeal.judge = None


def sweep(request: Any, _payload: Any) -> None:
    """Forget every case that was decided too long ago; the handler of the daily job."""
    while work(request.registry, sweep_batch):
        pass


def sweep_batch(request: Any) -> bool:
    """Forget a batch of them; tell whether there may be more."""
    reports = reports_of(request)
    if reports is None:
        return False
    kept = timedelta(days=request.registry.settings["communicate.report_days"])
    limit = milliseconds(now(request) - kept)
    old = list(islice(reports.decided.keys(None, (limit,)), BATCH))
    for _when, number in old:
        reports.drop(reports.cases[number])
    return len(old) == BATCH
