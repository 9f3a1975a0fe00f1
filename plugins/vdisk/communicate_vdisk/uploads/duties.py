"""What is unfinished belongs to somebody, too: counted, shown, erased, swept."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import milliseconds, now
from communicate.declarations import PersonalData
from communicate.ids import RANDOM_BITS, decode, time_of
from communicate.interfaces import IOutbox
from communicate_vdisk.uploads.interfaces import IUploads
from communicate_vdisk.uploads.services import (
    ENDING,
    UPLOAD,
    folder_of,
    uploads_of,
)

_ = TranslationStringFactory("communicate_vdisk")

CONTENT = "communicate_vdisk.uploads.content"
SWEEP = "vdisk.uploads"
BATCH = 50  # in one transaction
REMEMBERED = timedelta(hours=1)  # an upload that has arrived, for who did not hear so
LOST = timedelta(days=1)  # after which a file that no upload knows is removed


def kept_uploads(settings: Any) -> Any:
    """Return for how long unfinished uploads are kept."""
    return _(
        "Until the last byte has come, or you or whose disk it goes to cancel it; ${days} days "
        "after you began it at most, or until you erase your account.",
        mapping={"days": settings.get("vdisk.upload_days", 7)},
    )


UPLOADS = PersonalData(
    kind=UPLOAD,
    what=_(
        "Unfinished uploads: name and bytes (sealed), size, and where they go; "
        "whose disk that is sees name, size, and that you send it"
    ),
    why=_("They go on after an interruption."),
    audience="chosen",
    retention=kept_uploads,
    stored=(
        f"{CONTENT}:Upload",
        f"{CONTENT}:Uploads",
    ),
)


def coming(member: Any) -> int:
    """Return how many bytes are claimed by what is on its way to the member's disk."""
    known = uploads_of(member.request)
    return 0 if known is None else sum(upload.size for upload in known.to(member.uid))


def exported(request: Any, uid: int) -> Iterator[dict[str, Any]]:
    """Yield a record of each unfinished upload of member *uid*."""
    service = request.find_service(IUploads)
    for upload in service.unfinished(uid):
        yield {
            "name": service.name(upload),
            "bytes": upload.size,
            "received": upload.offset,
            "began": time_of(upload.id),
        }


def erase_uploads(request: Any, uid: int, receipt: Any) -> bool:
    """Destroy a batch of what the member sends, and of what is sent to them; tell if more is."""
    known = uploads_of(request)
    if known is None:
        return False
    service = request.find_service(IUploads)
    found = {upload.id: upload for upload in (*service.unfinished(uid), *known.to(uid))}
    for upload in islice(found.values(), BATCH):
        service.cancel(upload)
    if found:
        receipt.erased(UPLOAD, min(len(found), BATCH))
    for number in [number for number, row in known.done.items() if row[0] == uid]:
        del known.done[number]
    return len(found) > BATCH


def sweep_job(request: Any, _payload: Mapping[str, Any]) -> None:
    """Destroy a batch of what was not finished in time: handler of SWEEP."""
    known = uploads_of(request)
    if known is None:
        return
    moment, service = now(request), request.find_service(IUploads)
    days = timedelta(days=request.registry.settings["vdisk.upload_days"])
    limit = milliseconds(moment - days) << RANDOM_BITS
    old = list(islice(known.by_id.values(None, limit), BATCH))
    for upload in old:
        service.cancel(upload)
    # The room that others hold is free again once they may put nothing there any more.
    for upload in [each for each in known.by_id.values() if each.uid != each.owner]:
        if not service.is_welcome(upload):
            service.cancel(upload)
    before = milliseconds(moment - REMEMBERED)
    for number in [number for number, row in known.done.items() if row[3] < before]:
        del known.done[number]
    remove_lost(request, known)
    if len(old) == BATCH:
        request.find_service(IOutbox).add(SWEEP, {})


def remove_lost(request: Any, known: Any) -> None:
    """Remove files that no upload knows: a server was killed before it could."""
    before = (now(request) - LOST).timestamp()
    for path in folder_of(request.registry).glob(f"*{ENDING}*"):
        try:
            number = decode(path.name.partition(".")[0])
            old = path.stat().st_mtime < before
        except (ValueError, FileNotFoundError):
            continue
        if old and (number not in known.by_id or path.suffix != ENDING):
            path.unlink(missing_ok=True)
