"""A case and its log, as pages show them."""

from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.cases.content import CONSOLE, Case, Read
from communicate.cases.interfaces import ICases
from communicate.ids import encode
from communicate.permissions import VIEW
from communicate.reports.kinds import kinds_of
from communicate.security import permits

_ = TranslationStringFactory("communicate")

SHOWN = 50  # readings on a page
ASKED, OPEN, OVER, REFUSED = "asked", "open", "over", "refused"
STATES = {
    ASKED: (_("waits for another operator"), "tag tag-warn"),
    OPEN: (_("open"), "tag tag-bad"),
    OVER: (_("over"), "tag"),
    REFUSED: (_("never opened"), "tag"),
}


def state_of(case: Case, now: int) -> str:
    """Return ASKED, OPEN, OVER or REFUSED (closed before anybody approved)."""
    if case.is_over(now):
        return OVER if case.approved else REFUSED
    return ASKED if case.is_asked else OPEN


def describe(request: Any, case: Case) -> dict[str, Any]:
    """Return what pages show of *case*: never a word of what it opens."""
    service = request.find_service(ICases)
    state = state_of(case, service.present)
    title, css = STATES[state]
    known = kinds_of(request.registry)
    return {
        "id": encode(case.id),
        "url": f"/operate/cases/{encode(case.id)}",
        "who": case.uid,
        "help": case.is_help,
        "over": case.is_over(service.present),
        "state": title,
        "css": css,
        "kinds": [known[kind].title for kind in case.kinds if kind in known],
        "named": len(case.things),
        "reason": service.text(case.reason),
        "reference": service.text(case.reference),
        "order": service.text(case.order),
        "silent_until": case.silent_until,
        "opener": case.opener,
        "approver": case.approver,
        "alone": bool(case.approved) and case.approver == case.opener,
        "approved": case.approved,
        "closed": case.closed,
        "readers": list(case.readers),
        "ends": case.ends,
        "asked": case.asked,
        "count": int(case.count()),
    }


def log_rows(request: Any, case: Case, most: int = SHOWN) -> list[dict[str, Any]]:
    """Return the newest readings of *case*."""
    return [read_row(request, read) for read in islice(newest(case), most)]


def newest(case: Case) -> Any:
    """Yield the readings of *case*, the last one first."""
    number = case.reads.maxKey() if case.reads else None
    while number is not None:
        yield case.reads[number]
        try:
            number = case.reads.maxKey(number - 1)
        except ValueError:
            return


def read_row(request: Any, read: Read) -> dict[str, Any]:
    """Return one reading: when, by whom, which thing."""
    kind = kinds_of(request.registry).get(read.kind)
    return {
        "when": read.when,
        "who": read.who,
        "console": read.who == CONSOLE,
        "kind": read.kind if kind is None else kind.title,
        "address": address_of(request, kind, read.item),
        "item": encode(read.item),
    }


def address_of(request: Any, kind: Any, item: int) -> str | None:
    """Return the path of what was read, for a viewer who may read it anyway; else None."""
    thing = None if kind is None else kind.find(request, item)
    if thing is None or not permits(request, thing, VIEW):
        return None
    return str(request.page.url(thing))
