"""The job that brings in the ZIP of a member, notes how far it is, and tells of its end.

Each article is a transaction of its own, as with the command: what was cut off begins again and
doubles nothing.
"""

import time
from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from typing import Any

from communicate.clock import milliseconds, now
from communicate.interfaces import INotifications, ISeals
from communicate.sealing import Destroyed
from communicate.storage.work import work
from communicate_articles.folders.files import ZipFiles
from communicate_articles.folders.importing import Import
from communicate_articles.folders.outcomes import Outcome, as_text
from communicate_articles.folders.uploads import OUTCOME, PAGE, wanted
from communicate_articles.telling import BROUGHT_IN

EVERY = 1.0  # seconds between two notes of how far it is


class Unwanted(Exception):
    """Nobody waits for this any more."""


def handle(request: Any, payload: Mapping[str, Any]) -> None:
    """Bring in the ZIP that *payload* names, unless nobody wants it any more."""
    run(request.registry, payload["uid"], payload["number"])


def run(registry: Any, uid: int, number: int) -> None:
    """Bring in the ZIP *number* of member *uid*, and tell the member."""
    data = work(registry, partial(_begin, uid, number))
    if data is None:
        return
    try:
        each = partial(_if_wanted, registry, uid, number)
        job = Import(each, uid, ZipFiles(BytesIO(data)), "private")
        following = time.monotonic() + EVERY
        for done, _name in enumerate(job.run(), 1):
            if time.monotonic() >= following:
                work(registry, partial(_note, uid, number, done))
                following = time.monotonic() + EVERY
    except (Unwanted, Destroyed):  # taken back, or its member is erased
        return
    work(registry, partial(_finish, uid, number, job.outcome))


def _begin(uid: int, number: int, request: Any) -> bytes | None:
    upload = wanted(request, uid, number)
    if upload is None or upload.file is None:
        return None
    upload.began, upload.done = milliseconds(now(request)), 0
    return b"".join(request.find_service(ISeals).open_range(upload.file))


def _if_wanted(registry: Any, uid: int, number: int, func: Callable[[Any], Any]) -> Any:
    """Return what *func* returns in a transaction of its own; raise Unwanted where it is over."""

    def inner(request: Any) -> Any:
        if wanted(request, uid, number) is None:
            raise Unwanted
        return func(request)

    return work(registry, inner)


def _note(uid: int, number: int, done: int, request: Any) -> None:
    upload = wanted(request, uid, number)
    if upload is not None:
        upload.done = done


def _finish(uid: int, number: int, outcome: Outcome, request: Any) -> None:
    """Keep what became of the files in place of the ZIP, and tell the member."""
    upload = wanted(request, uid, number)
    if upload is None:
        return
    upload.file, upload.done = None, upload.total
    upload.outcome = request.find_service(ISeals).seal(uid, OUTCOME, as_text(outcome))
    request.find_service(INotifications).send(BROUGHT_IN, uid, path=PAGE)
