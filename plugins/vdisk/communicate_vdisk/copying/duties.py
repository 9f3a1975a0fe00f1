"""What copies that are being made hold of a member: counted, shown, erased."""

from collections.abc import Iterator
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import moment
from communicate.declarations import Notification, PersonalData
from communicate_vdisk.copying.interfaces import ICopies
from communicate_vdisk.copying.services import COPY, ENDED, copies_of

_ = TranslationStringFactory("communicate_vdisk")

CONTENT = "communicate_vdisk.copying.content"
BATCH = 50

COPIES = PersonalData(
    kind=COPY,
    what=_("Large copies that you had made: of what, to where, when, how far they are"),
    why=_("They go on after you left the page, and you can end them."),
    audience="chosen",
    retention=_("Three days after they ended, or until you erase your account."),
    stored=(
        f"{CONTENT}:Copy",
        f"{CONTENT}:Copies",
        "communicate_vdisk.content:Disks",
        "communicate_vdisk.content:Disk",
    ),
)
NOTICES = (
    Notification(
        kind=ENDED,
        title=_("A large copy has ended"),
        sentence=_("A copy that you asked for has ended: see whether all of it is there."),
        several=_("${n} copies that you asked for have ended."),
        icon="files",
        mail="never",
    ),
)
FIELDS = {
    "began": _("Begun"),
    "ended": _("Ended"),
    "state": _("State"),
    "things": _("Folders and files"),
    "bytes": _("Size"),
}


def reserved(member: Any) -> int:
    """Return how many bytes are reserved on the member's disk for what is still to come."""
    known = copies_of(member.request)
    every = [] if known is None else known.by_id.values()
    return sum(copy.reserved for copy in every if copy.owner == member.uid)


def rows(request: Any, uid: int) -> Iterator[dict[str, Any]]:
    """Yield a record of each copy that member *uid* asked for."""
    for copy in request.find_service(ICopies).of(uid):
        if copy.by == uid:
            yield {
                "began": moment(copy.began),
                "ended": moment(copy.ended) if copy.ended else None,
                "state": copy.state,
                "things": copy.things,
                "bytes": copy.size,
            }


def erase_copies(request: Any, uid: int, receipt: Any) -> bool:
    """End a batch of the copies that the member makes, or that go to them; tell if more are."""
    service = request.find_service(ICopies)
    found = service.of(uid)
    for copy in found[:BATCH]:
        service.cancel(copy)
    if found:
        receipt.erased(COPY, min(len(found), BATCH))
    return len(found) > BATCH
