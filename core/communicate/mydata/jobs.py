"""The job that writes a member's archive, and the one that deletes archives after three days.

Writing takes as long as it takes, so that it has no transaction of its own; each look at how far
it is, and the end, is a small one.  Killed anywhere, the job begins again.
"""

import shutil
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from communicate.clock import milliseconds, now
from communicate.interfaces import IExports, IKeyRing, IMembers, INotifications
from communicate.mydata.archive import Archive
from communicate.mydata.content import READY, WRITING, Export
from communicate.mydata.exporting import NoSuchMember, export
from communicate.mydata.manifest import Manifest
from communicate.mydata.services import KEPT, KIND
from communicate.sealing.content import SealedBlob
from communicate.sealing.errors import Destroyed
from communicate.sealing.files import SealedWriter
from communicate.storage.work import work

EXPORTED = "communicate.exported"  # kind of notice
PAGE = "/account/privacy/export"
EVERY = 1.0  # seconds between two notes of how far it is
BATCH = 100


def handle(request: Any, payload: Mapping[str, Any]) -> None:
    """Write the archive that ``payload`` names, unless it is ready, or not wanted any more."""
    run(request.registry, payload["uid"], payload["number"])


def run(registry: Any, uid: int, number: int) -> None:
    """Write the archive of the export *number* of member *uid*, and tell the member."""
    if not work(registry, partial(begin, uid, number)):
        return
    with TemporaryFile(dir=folder_of(registry)) as file:
        try:
            manifest, size = write(registry, uid, file, Progress(registry, uid, number))
        except (NoSuchMember, Destroyed):  # erased meanwhile
            return
        work(registry, partial(finish, uid, number, file, size, manifest))


def folder_of(registry: Any) -> Path | None:
    """Return where large files without a name can lie: on the disk that takes the archive."""
    folder: Path = registry.settings["communicate.blobs"]
    return folder if folder.is_dir() else None


def write(registry: Any, uid: int, file: Any, progress: "Progress") -> tuple[Manifest, int]:
    """Write the archive of *uid* into *file*, sealed; return what is in it, and its size."""
    key = registry.getUtility(IKeyRing).member_key(uid)
    with SealedWriter(file, key, uid, KIND) as out:
        manifest = export(registry, uid, out, folder=folder_of(registry), progress=progress.note)
    return manifest, out.size


def found(request: Any, uid: int, number: int) -> Export | None:
    """Return the export *number* of member *uid* if it is still to be written."""
    export = request.find_service(IExports).of(uid)
    present = request.find_service(IMembers).by_uid(uid) is not None
    wanted = present and export is not None and export.number == number
    return export if wanted and export.state != READY else None


def begin(uid: int, number: int, request: Any) -> bool:
    """Note that the export is being written; tell whether it is to be."""
    export = found(request, uid, number)
    if export is None:
        return False
    export.state, export.began, export.done = WRITING, milliseconds(now(request)), 0
    export.total = request.find_service(IExports).estimate(uid)
    return True


def finish(uid: int, number: int, file: Any, size: int, manifest: Manifest, request: Any) -> None:
    """Keep the archive for three days, and tell its member."""
    export = found(request, uid, number)
    if export is None:
        return
    blob = SealedBlob(uid, KIND)
    file.seek(0)
    with blob.blob.open("w") as out:
        shutil.copyfileobj(file, out)
    blob.size = size
    export.archive, export.state = blob, READY
    export.finished = milliseconds(now(request))
    export.done = sum(document.count for document in manifest.documents)
    export.failed = tuple(part.name for part in manifest.parts if part.state == "failed")
    request.find_service(IExports).exports.end(export, milliseconds(now(request) + KEPT))
    request.find_service(INotifications).send(EXPORTED, uid, path=PAGE)


class Progress:
    """Notes how far an export is, once a second at most."""

    def __init__(self, registry: Any, uid: int, number: int) -> None:
        self._registry, self._uid, self._number = registry, uid, number
        self._next = time.monotonic() + EVERY

    def note(self, archive: Archive) -> None:
        """Note how far *archive* is, if it is time to."""
        if time.monotonic() >= self._next:
            work(self._registry, partial(self._keep, archive.count))
            self._next = time.monotonic() + EVERY

    def _keep(self, count: int, request: Any) -> None:
        export = found(request, self._uid, self._number)
        if export is None:  # nobody wants it any more
            raise NoSuchMember("this export was given up")
        export.done = count


def sweep(request: Any, _payload: Any) -> None:
    """Delete every archive whose time is over; the handler of the hourly job."""
    while work(request.registry, lambda r: r.find_service(IExports).sweep(BATCH)) == BATCH:
        pass
