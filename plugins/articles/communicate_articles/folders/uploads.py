"""The ZIP that a member brought in last: how it fares, and what became of its files.

It is sealed, and goes when a job has read it (`communicate_articles.folders.uploading`); what
became of its files goes three days later.
"""

from datetime import timedelta
from io import BytesIO
from typing import Any

from BTrees.LOBTree import LOBTree

from communicate.clock import milliseconds, now
from communicate.ids import new_id
from communicate.interfaces import IMembers, IOutbox, ISeals
from communicate.outbox.services import outbox_of
from communicate_articles.content import NAME, Upload
from communicate_articles.folders.outcomes import CHANGED, NEW, SAME, Outcome, from_text

JOB, SWEEP = "articles.upload", "articles.uploads.sweep"
FILE, OUTCOME = "articles.upload", "articles.upload.outcome"  # of what is sealed
PAGE = "/account/articles/upload"
KEPT = timedelta(days=3)
RUNNING, READY, FAILED = "running", "ready", "failed"


def of(request: Any, uid: int) -> Upload | None:
    """Return what member *uid* brought in last, or None; what is over is none."""
    articles = request.site.get(NAME)
    uploads = None if articles is None else articles.uploads
    found: Upload | None = None if uploads is None else uploads.get(uid)
    over = found is None or found.until <= milliseconds(now(request))
    return None if over else found


def start(request: Any, uid: int, data: bytes, total: int) -> Upload:
    """Have the ZIP *data* with *total* Markdown files brought in for member *uid*."""
    present, articles = now(request), request.site[NAME]
    if articles.uploads is None:
        articles.uploads = LOBTree()
    blob = request.find_service(ISeals).seal_stream(uid, FILE, BytesIO(data))
    upload = Upload(new_id(present), blob, total, milliseconds(present + KEPT))
    payload = {"uid": uid, "number": upload.number}
    upload.job = request.find_service(IOutbox).add(JOB, payload, owner=uid)
    articles.uploads[uid] = upload
    return upload


def state(request: Any, upload: Upload) -> str:
    """Return how *upload* fares: FAILED where its job was given up."""
    if upload.outcome is not None:
        return READY
    outbox = outbox_of(request)
    gone = upload.job not in outbox.jobs or upload.job in outbox.aside
    return FAILED if gone else RUNNING


def outcome_of(request: Any, upload: Upload) -> Outcome | None:
    """Return what became of the files of *upload*, None while nobody knows."""
    text = None if upload.outcome is None else request.find_service(ISeals).text(upload.outcome)
    return None if text is None else from_text(text)


def wanted(request: Any, uid: int, number: int) -> Upload | None:
    """Return the upload *number* of member *uid* if it is still to be brought in."""
    upload = of(request, uid)
    if upload is None or upload.number != number or upload.outcome is not None:
        return None
    return upload if request.find_service(IMembers).by_uid(uid) is not None else None


def drop(request: Any, uid: int) -> bool:
    """Forget what member *uid* brought in last, but no article; tell whether there was any."""
    articles = request.site.get(NAME)
    uploads = None if articles is None else articles.uploads
    return uploads is not None and uploads.pop(uid, None) is not None


def sweep(request: Any, _payload: Any) -> None:
    """Forget every upload whose time is over; the handler of the hourly job."""
    articles, present = request.site.get(NAME), milliseconds(now(request))
    uploads = None if articles is None else articles.uploads
    if uploads is not None:
        for uid in [uid for uid, one in uploads.items() if one.until <= present]:
            del uploads[uid]


def row_of(request: Any, uid: int) -> list[dict[str, Any]]:
    """Return the record of what member *uid* brought in last, for an archive."""
    upload = of(request, uid)
    outcome = None if upload is None else outcome_of(request, upload)
    if upload is None:
        return []
    counts = {} if outcome is None else outcome.counts
    left = [] if outcome is None else [name for name, _why in outcome.wrong]
    return [
        {
            "files": upload.total,
            "new": counts.get(NEW),
            "changed": counts.get(CHANGED),
            "same": counts.get(SAME),
            "left_out": left,
        }
    ]
