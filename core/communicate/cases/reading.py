"""The log of a case: what was read is written down and told in the transaction that shows it."""

from typing import Any

from communicate.cases.content import CONSOLE, Case, Cases, Read
from communicate.clock import milliseconds, now
from communicate.ids import new_id
from communicate.interfaces import INotifications
from communicate.storage.holding import hold

OPENED, READ, GRANTED = "communicate.case", "communicate.case-read", "communicate.help-read"
PAGE = "/account/privacy/cases"


def cases_of(request: Any) -> Cases:
    """Return the cases in the tree that *request* sees; made where a site has none yet."""
    found: Cases | None = request.root_map.get("cases")
    if found is None:
        found = request.root_map["cases"] = Cases()
    return found


def log(request: Any, case: Case, who: int, kind: str, item: int) -> None:
    """Write down that *who* reads the thing *item* of *kind*, and tell the member."""
    moment = now(request)
    hold(case)  # closed meanwhile, nothing is shown: this is tried again
    case.log(new_id(moment), Read(milliseconds(moment), who, kind, item))
    if who != CONSOLE:  # by a grant of help anybody on the staff reads
        cases_of(request).concern(who, case)
    if not case.is_silent(milliseconds(moment)):
        notice = GRANTED if case.is_help else READ
        request.find_service(INotifications).send(notice, case.uid, path=PAGE)


def tell(request: Any, case: Case) -> None:
    """Tell the member that there is *case*, unless an order forbids it still."""
    cases, present = cases_of(request), milliseconds(now(request))
    if case.is_silent(present):
        cases.silent.insert(case.id)
    elif not case.told:
        cases.tell(case, present)
        if not case.is_help:
            request.find_service(INotifications).send(OPENED, case.uid, path=PAGE)
            if case.count():
                request.find_service(INotifications).send(READ, case.uid, path=PAGE)
