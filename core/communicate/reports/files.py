"""The files beside what was reported: a moderator sees those that the reporter saw, as they were.

Nothing is copied: a case holds the sealed file itself, under the key of its author, who may take
it away where it stands.  It is gone with the case, or with the account of its author.
"""

from collections.abc import Iterable
from typing import Any

from communicate.ids import RANDOM_BITS, encode
from communicate.permissions import VIEW
from communicate.reports.content import Case, Exhibit
from communicate.security import permits
from communicate.writing.content import Holder
from communicate.writing.interfaces import IAttachments
from communicate.writing.references import Filling


def beside(request: Any, thing: Any) -> list[Any]:
    """Return the attachments of *thing* that the viewer may read at this moment."""
    if not isinstance(thing, Holder):
        return []
    return [each for each in thing.attached() if permits(request, each, VIEW)]


def exhibits(request: Any, things: Iterable[Any]) -> tuple[Exhibit, ...]:
    """Return what is kept of the files beside *things*."""
    return tuple(Exhibit(thing.id, each) for thing in things for each in beside(request, thing))


def files_of(case: Case) -> dict[int, Exhibit]:
    """Return every file that reporters disclose with *case*, once, by its id."""
    return {each.id: each for report in case.reports.values() for each in report.files}


def shown(request: Any, case: Case, item: int) -> Any:
    """Return the HTML of the files beside the thing *item* of *case*, empty without any."""
    return _html(request, case, [each for each in files_of(case).values() if each.item == item])


def shown_with(request: Any, case: Case, when: int, uid: int) -> Any:
    """Return the HTML of the files beside what member *uid* wrote at *when* (ms)."""
    found = [
        each
        for each in files_of(case).values()
        if each.item != case.item and each.item >> RANDOM_BITS == when and each.uid == uid
    ]
    return _html(request, case, found)


def _html(request: Any, case: Case, found: list[Exhibit]) -> Any:
    service = request.find_service(IAttachments)
    readable = [each for each in found if service.name(each)]
    base = f"/moderate/{encode(case.id)}/files"
    return Filling(service, readable, base, pictures=True).fill("")


def offered(request: Any, thing: Any) -> Any:
    """Return the HTML of the files that a report of *thing* would show to moderators."""
    base = request.resource_path(thing).rstrip("/")
    service = request.find_service(IAttachments)
    return Filling(service, beside(request, thing), base, pictures=True).fill("")
