"""What members are given of access by staff: in their archive, and in what is held about them."""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.cases.content import CONSOLE, Case
from communicate.cases.interfaces import ICases
from communicate.cases.reading import cases_of
from communicate.clock import moment
from communicate.ids import encode
from communicate.interfaces import IMembers

_ = TranslationStringFactory("communicate")

Row = dict[str, Any]
ACCESS = {"asked": _("Asked"), "reason": _("Reason"), "ends": _("Ends"), "who": _("Who reads")}
READINGS = {"when": _("When"), "who": _("Who"), "kind": _("Kind")}
STAFF = {"asked": _("Asked"), "ends": _("Ends")}


def export(member: Any, archive: Any) -> None:
    """Write each case and grant of which *member* may know, and each reading through it."""
    titles = {"title": _("Access by staff"), "fields": ACCESS}
    archive.records("access", accesses(member), restored=False, **titles)
    titles = {"title": _("What was read"), "fields": READINGS}
    archive.records("reading", readings(member), restored=False, **titles)
    titles = {"title": _("Cases of others in which you had a part"), "fields": STAFF}
    archive.records("staff-access", staff_accesses(member), owned=False, **titles)
    titles = {"title": _("What you read as staff"), "fields": READINGS}
    archive.records("staff-reading", staff_readings(member), owned=False, **titles)


def accesses(member: Any) -> Iterator[Row]:
    """Yield each case and each grant, the newest first."""
    service = member.request.find_service(ICases)
    for case in service.shown(member.uid):
        yield {
            "case": encode(case.id),
            "help": case.is_help,
            "reason": service.text(case.reason),
            "reference": service.text(case.reference),
            "order": service.text(case.order),
            "kinds": list(case.kinds),
            "things": [encode(item) for _kind, item in case.things],
            "who": [login(member.request, uid) for uid in case.readers],
            "asked": moment(case.asked),
            "ends": moment(case.ends),
            "closed": moment(case.closed) if case.closed else None,
        }


def readings(member: Any) -> Iterator[Row]:
    """Yield each reading, case by case."""
    for case in member.request.find_service(ICases).shown(member.uid):
        for read in case.reads.values():
            yield {
                "case": encode(case.id),
                "when": moment(read.when),
                "who": login(member.request, read.who),
                "kind": read.kind,
                "thing": encode(read.item),
            }


def parts(member: Any) -> list[Case]:
    """Return the cases about others in which *member*, as staff, has a part, the newest first."""
    return [one for one in cases_of(member.request).of(member.uid) if one.uid != member.uid]


def staff_accesses(member: Any) -> Iterator[Row]:
    """Yield what *member* did in each of them; about whom and why is those people's own."""
    for case in parts(member):
        yield {
            "case": encode(case.id),
            "asked": moment(case.asked),
            "ends": moment(case.ends),
            "opened": case.opener == member.uid,
            "approved": case.approver == member.uid,
            "closed": case.closer == member.uid,
            "reads": member.uid in case.readers,
        }


def staff_readings(member: Any) -> Iterator[Row]:
    """Yield each reading by *member*, case by case."""
    for case in parts(member):
        for read in case.reads.values():
            if read.who == member.uid:
                when = moment(read.when)
                yield {"case": encode(case.id), "when": when, "who": member.login,
                       "kind": read.kind, "thing": encode(read.item)}  # fmt: skip


def login(request: Any, uid: int | None) -> str | None:
    """Return who that is, for who is written about."""
    if uid == CONSOLE:
        return "console"
    found = None if uid is None else request.find_service(IMembers).login_of(uid)
    return None if found is None else str(found)


def held(request: Any, uid: int) -> dict[str, int]:
    """Return how many cases about member *uid* there are, and in how many others *uid* has a part.

    What an order hides still is not counted.
    """
    mine = request.find_service(ICases).shown(uid)
    others = [case for case in cases_of(request).of(uid) if case.uid != uid]
    return {"communicate.access": len(mine), "communicate.staff-access": len(others)}
