"""What the store of locks holds of a member, and how it is kept small."""

from collections.abc import Iterator, Mapping
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment
from communicate.declarations import PersonalData
from communicate.interfaces import IOutbox
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.locks.interfaces import ILocks
from communicate_vdisk.locks.services import HOLDER

_ = TranslationStringFactory("communicate_vdisk")

SWEEP = "vdisk.locks"
BATCH = 200  # locks in one transaction

PERSONAL_DATA = PersonalData(
    kind=HOLDER,
    what=_("Which files you have open in a program, until when, and what it calls you (sealed)"),
    why=_("So that nobody else changes them meanwhile."),
    audience="chosen",
    retention=_("Until you close the file; two hours after the program last asked, at most."),
    stored=(
        "communicate_vdisk.locks.content:Lock",
        "communicate_vdisk.locks.content:Locks",
        "communicate_vdisk.content:Disks",
    ),
)
FIELDS = {"path": _("Where"), "until": _("Until"), "words": _("What the program calls you")}


def rows(request: Any, uid: int) -> Iterator[dict[str, Any]]:
    """Yield a record of each lock of member *uid*."""
    service = request.find_service(IDisk)
    for lock in request.find_service(ILocks).held(uid):
        node = service.find(lock.node)
        yield {
            "path": "" if node is None else service.path(node),
            "until": moment(lock.until),
            "words": "" if lock.words is None else service.seals.text(lock.words),
        }


def sweep_job(request: Any, _payload: Mapping[str, Any]) -> None:
    """Forget the locks that have ended: the handler of SWEEP."""
    if request.find_service(ILocks).sweep(BATCH) == BATCH:
        request.find_service(IOutbox).add(SWEEP, {})
