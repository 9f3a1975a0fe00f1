"""A case handed over: its log and the things in its scope, encrypted to whoever is to read them.

Each thing is a reading like any other: logged, by the machine itself, and told to the member in
the transaction that reads it.  Nothing is written to disk that is not encrypted.
"""

import io
import json
from functools import partial
from pathlib import Path
from typing import Any

from communicate.backup import age
from communicate.cases.content import CONSOLE, Case
from communicate.cases.glass import Glass
from communicate.cases.reading import cases_of
from communicate.cases.services import CaseService, page_of
from communicate.clock import moment
from communicate.ids import encode
from communicate.storage.work import work

BATCH = 200  # things in one transaction
FORMAT, VERSION = "2-communicate case", 1


class NoSuchCase(LookupError):
    """There is no case of that id."""


def export(registry: Any, number: int, path: Path, recipients: list[Any]) -> tuple[int, int]:
    """Write the case *number* to *path* for *recipients*; return how many things and readings.

    The file, once decrypted, has one JSON document a line: the case, each thing, each reading.
    A case through which nothing can be read now gives its log only.  Raise NoSuchCase.
    """
    lines = io.BytesIO()
    put(lines, work(registry, partial(head, number)))
    things = readings = after = 0
    while found := work(registry, partial(batch, number, after)):
        for line in found:
            put(lines, line)
            after, things = line.pop("number"), things + 1
    for line in work(registry, partial(readings_of, number)):
        put(lines, line)
        readings += 1
    lines.seek(0)
    age.write(path, lines, recipients)
    return things, readings


def put(target: Any, line: dict[str, Any]) -> None:
    """Write *line* to *target*, as JSON; what is only for this program is left out."""
    shown = {key: value for key, value in line.items() if key != "number"}
    target.write(json.dumps(shown, ensure_ascii=False).encode() + b"\n")


def case_of(request: Any, number: int) -> Case:
    """Return the case *number*; raise NoSuchCase."""
    case: Case | None = cases_of(request).cases.get(number)
    if case is None:
        raise NoSuchCase(encode(number))
    return case


def stamp(milliseconds: int) -> str | None:
    """Return a moment as text, None for none."""
    return moment(milliseconds).isoformat(timespec="seconds") if milliseconds else None


def head(number: int, request: Any) -> dict[str, Any]:
    """Return what the first line says: the case itself."""
    case, service = case_of(request, number), CaseService(request)
    who = partial(name_of, request)
    return {
        "format": FORMAT,
        "version": VERSION,
        "case": encode(case.id),
        "member": who(case.uid),
        "help": case.is_help,
        "reason": service.text(case.reason),
        "reference": service.text(case.reference),
        "order": service.text(case.order),
        "kinds": list(case.kinds),
        "named": [f"{kind}/{encode(item)}" for kind, item in case.things],
        "opened_by": who(case.opener),
        "approved_by": who(case.approver),
        "readers": [who(uid) for uid in case.readers],
        "asked": stamp(case.asked),
        "approved": stamp(case.approved),
        "ends": stamp(case.ends),
        "closed": stamp(case.closed),
    }


def name_of(request: Any, uid: int | None) -> str | None:
    """Return the login of member *uid*; the console has a name too, who is gone has none."""
    if uid == CONSOLE:
        return "the machine's console"
    return None if uid is None else request.site["members"].logins.get(uid)


def batch(number: int, after: int, request: Any) -> list[dict[str, Any]]:
    """Return the next things that the case opens, each logged and told."""
    case, service = case_of(request, number), CaseService(request)
    glass = Glass(request, case, CONSOLE)
    opened = (one for one in service.readable(case, after) if glass.opens(one[1]))
    return [thing_line(request, *one) for one in page_of(opened, BATCH)[0]]


def thing_line(request: Any, kind: Any, thing: Any) -> dict[str, Any]:
    """Return one thing with its exact words."""
    return {
        "number": thing.id,
        "thing": f"{kind.kind}/{encode(thing.id)}",
        "made": stamp(thing.created),
        "audience": thing.effective_audience().level,
        "words": kind.words(request, thing),
    }


def readings_of(number: int, request: Any) -> list[dict[str, Any]]:
    """Return the log, in order."""
    case = case_of(request, number)
    return [
        {
            "read": f"{read.kind}/{encode(read.item)}",
            "when": stamp(read.when),
            "by": name_of(request, read.who),
        }
        for read in case.reads.values()
    ]
