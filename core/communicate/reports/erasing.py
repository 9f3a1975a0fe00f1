"""Erasing a member from reports, and forgetting what was decided long ago."""

from datetime import timedelta
from itertools import islice
from typing import Any

from communicate.clock import milliseconds, now
from communicate.reports.services import reports_of
from communicate.storage.work import work

BATCH = 200  # cases in one transaction
KEPT = timedelta(days=180)
KIND = "communicate.reports"


def erase_batch(member: Any, receipt: Any) -> bool:
    """Forget a batch of cases about *member*, and the member's part in others; tell of more."""
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
            if case.judge == member.uid:
                case.judge = None
            reports.withdraw(case, member.uid)
        if number in cases:
            cases.remove(number)
    receipt.erased(KIND, len(numbers))
    if not cases:
        del reports.people[member.uid]
    return bool(cases)


def sweep(request: Any, _payload: Any) -> None:
    """Forget every case that was decided too long ago; the handler of the daily job."""
    while work(request.registry, sweep_batch):
        pass


def sweep_batch(request: Any) -> bool:
    """Forget a batch of them; tell whether there may be more."""
    reports = reports_of(request)
    if reports is None:
        return False
    limit = milliseconds(now(request) - KEPT)
    old = list(islice(reports.decided.keys(None, (limit,)), BATCH))
    for _when, number in old:
        reports.drop(reports.cases[number])
    return len(old) == BATCH
