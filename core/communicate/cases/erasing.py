"""Erasing a member from cases, forgetting what is long over, telling what an order delayed."""

from itertools import islice
from typing import Any

from communicate.cases.content import Case
from communicate.cases.reading import cases_of, tell
from communicate.clock import milliseconds, now
from communicate.storage.work import work

BATCH = 50  # cases in one transaction
KEPT = 365 * 86_400_000  # milliseconds after the end of a case
KIND = "communicate.access"


def erase_batch(member: Any, receipt: Any) -> bool:
    """Forget the cases about *member*, and who read what, where it was *member*; tell of more."""
    cases = cases_of(member.request)
    found = list(islice(cases.people.get(member.uid, ()), BATCH))
    for number in found:
        case = cases.cases[number]
        if case.uid == member.uid:
            cases.drop(case)
        else:
            forget_staff(case, member.uid)
            cases.people[member.uid].remove(number)
    if found:
        receipt.erased(KIND, len(found))
    if not cases.people.get(member.uid, True):
        del cases.people[member.uid]
    return member.uid in cases.people


def forget_staff(case: Case, uid: int) -> None:
    """Take the name of *uid*, who was staff, out of *case* and its log; what was read stays."""
    for part in ("opener", "approver", "closer"):
        if getattr(case, part) == uid:
            setattr(case, part, None)
    case.readers = tuple(one for one in case.readers if one != uid)
    for read in case.reads.values():
        if read.who == uid:
            read.who = None


def sweep(request: Any, _payload: Any) -> None:
    """Forget every case that was over too long ago; the handler of the daily job."""
    while work(request.registry, sweep_batch):
        pass


def sweep_batch(request: Any) -> bool:
    """Forget a batch of them; tell whether there may be more."""
    cases, limit = cases_of(request), milliseconds(now(request)) - KEPT
    # Ids are in the order in which cases began: none that is younger than the limit is over.
    begun = cases.cases.values(None, max(0, limit) << 21)
    old = list(islice((one for one in begun if over_at(one) < limit), BATCH))
    for case in old:
        cases.drop(case)
    return len(old) == BATCH


def over_at(case: Case) -> int:
    """Return when nothing could be read through *case* any more and the member was told."""
    return max(case.closed or case.ends, case.silent_until)


def tell_now(request: Any, _payload: Any) -> None:
    """Tell members of the cases whose silence is over; the handler of the hourly job."""
    cases = cases_of(request)
    for number in list(cases.silent):
        tell(request, cases.cases[number])
