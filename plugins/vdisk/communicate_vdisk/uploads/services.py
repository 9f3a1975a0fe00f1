"""Files that come in parts: `IUploads`.

The whole of a file counts against the quota from the moment at which it is begun; nothing of it is
to be seen before its last byte.  Parts are sealed straight into the file that becomes the blob.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from zope.interface import implementer

from communicate.clock import milliseconds, now
from communicate.ids import encode, new_id
from communicate.interfaces import IAuthored, IMembers, IQuota, ISeals
from communicate.principals import Viewer
from communicate.sealing.partial import Anew, PartialFile
from communicate.security import decide, permits
from communicate_vdisk.content import NAME, SERVICE, Directory, Disk, File
from communicate_vdisk.errors import Refused
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.keeping import keep
from communicate_vdisk.kinds import HEAD
from communicate_vdisk.names import checked
from communicate_vdisk.permissions import ADD
from communicate_vdisk.services import FILE, disks_of
from communicate_vdisk.streams import Whole
from communicate_vdisk.uploads.content import Upload, Uploads
from communicate_vdisk.uploads.interfaces import IUploads

_ = TranslationStringFactory("communicate_vdisk")

UPLOAD, REST = "vdisk.upload", "vdisk.rest"
FOLDER, ENDING = "partial", ".part"  # below that of the blobs: the end of an upload is a rename

MANY = _("You have ${n} unfinished uploads: finish or cancel some of them first.")
CLOSED = _("You may not put anything into this folder any more.")


class Elsewhere(Exception):
    """A part does not begin where the upload ends; ``offset`` says where that is."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class NoPlace(Refused):
    """The folder that an upload goes to takes nothing from its sender any more."""


def _boot() -> str:
    """Return what names this start of the machine; where nothing does, of this process."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    return str(uuid4())


BOOT = _boot()


def uploads_of(request: Any) -> Uploads | None:
    """Return what the site knows of uploads, None before the first one."""
    disks = request.site.get(NAME)
    return None if disks is None else disks.uploads


def folder_of(registry: Any) -> Path:
    """Return where files lie that are not whole yet."""
    blobs: Path = registry.settings["communicate.blobs"]
    return blobs / FOLDER


@implementer(IUploads)
class UploadService:
    """The uploads of one request's site."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)

    def begin(self, folder: Directory, name: str, size: int, by: int, modified: int = 0) -> Upload:
        """Return an upload, its room claimed; raise Refused, BadName or QuotaExceeded.

        Where an answer was lost, or a browser closed, it is the one that was begun before.
        """
        owner, name = int(folder.owner or 0), checked(name)
        where = 0 if isinstance(folder, Disk) else folder.id
        others = self.unfinished(by)
        for upload in others if modified else ():
            known = (upload.owner, upload.folder, upload.size, upload.modified)
            if known == (owner, where, size, modified) and self.name(upload) == name:
                return upload
        most: int = self.request.registry.settings["vdisk.unfinished"]
        if len(others) >= most:
            raise Refused(_(MANY, mapping={"n": most}))
        self.request.find_service(IQuota).claim(owner, SERVICE, size)
        sealed = self.seals.seal(by, UPLOAD, name)
        upload = Upload(new_id(now(self.request)), by, owner, where, sealed, size, modified)
        disks = disks_of(self.request)
        if disks.uploads is None:
            disks.uploads = Uploads()
        disks.uploads.add(upload)
        self.request.find_service(IAuthored).add(by, UPLOAD, upload.id)
        return upload

    def find(self, number: int, by: int) -> Upload | None:
        """Return the upload of member *by* with that id, or None."""
        known = uploads_of(self.request)
        found = None if known is None else known.by_id.get(number)
        return found if found is not None and found.uid == by else None

    def done(self, number: int, by: int) -> int | None:
        """Return how large the file was that member *by* has just sent under that id, or None."""
        known = uploads_of(self.request)
        row = None if known is None else known.done.get(number)
        return row[2] if row is not None and row[0] == by else None

    def unfinished(self, by: int) -> list[Upload]:
        """Return what member *by* has on the way, the oldest first."""
        numbers = self.request.find_service(IAuthored).items(by, UPLOAD)
        found = (self.find(number, by) for number in numbers)
        return [upload for upload in found if upload is not None]

    def incoming(self, owner: int) -> list[Upload]:
        """Return what others have on the way to the disk of member *owner*, the oldest first."""
        known = uploads_of(self.request)
        return [] if known is None else [one for one in known.to(owner) if one.uid != owner]

    def stoppable(self, number: int, by: int) -> Upload | None:
        """Return the upload with that id if member *by* sends it, or has the disk it goes to."""
        known = uploads_of(self.request)
        found = None if known is None else known.by_id.get(number)
        return found if found is not None and by in (found.uid, found.owner) else None

    def name(self, upload: Upload) -> str:
        """Return what the file will be called."""
        return self.seals.text(upload.name) or ""

    def place(self, upload: Upload) -> Directory:
        """Return the folder that it goes to; raise NoPlace where that takes nothing any more."""
        member = self.request.find_service(IMembers).by_uid(upload.owner)
        found: Any = None
        if member is not None and upload.folder:
            found = self.request.find_service(IDisk).find(upload.folder)
        elif member is not None:
            found = member.get(NAME)
        if not isinstance(found, Directory) or not permits(self.request, found, ADD):
            raise NoPlace(CLOSED)
        return found

    def is_welcome(self, upload: Upload) -> bool:
        """Tell whether its sender may still put something where it goes."""
        members = self.request.find_service(IMembers)
        sender, owner = members.by_uid(upload.uid), members.by_uid(upload.owner)
        if sender is None or owner is None:
            return False
        found = self.request.find_service(IDisk).find(upload.folder)
        folder = found if upload.folder else owner.get(NAME)
        viewer = Viewer(sender, self.request.site.get("members"))
        return isinstance(folder, Directory) and bool(decide(viewer, folder, ADD))

    # Its bytes

    def _path(self, upload: Upload) -> Path:
        return folder_of(self.request.registry) / f"{encode(upload.id)}{ENDING}"

    def _open(self, upload: Upload) -> PartialFile:
        """Return its file, held until the transaction ends; raise Busy."""
        file: PartialFile = self.seals.partial(upload.owner, FILE, self._path(upload), upload.size)
        transaction = self.request.tm.get()
        transaction.addAfterCommitHook(lambda _committed: file.close())
        transaction.addAfterAbortHook(file.close)
        return file

    def _counting(self, upload: Upload, file: PartialFile) -> int:
        """Return how much of it counts: nothing where the machine has lost some of that."""
        sure = upload.boot in ("", BOOT) or file.is_sound(upload.offset)
        if sure and file.holds(upload.offset):
            return upload.offset
        file.begin()
        return 0

    def offset(self, upload: Upload) -> int:
        """Return how much of it counts; raise Busy."""
        return self._counting(upload, self._open(upload))

    def append(self, upload: Upload, offset: int, stream: Any, length: int) -> File | None:
        """Take *length* bytes of *stream* that begin at *offset*; return the file once whole."""
        folder, file = self.place(upload), self._open(upload)
        counting = self._counting(upload, file)
        if offset != counting or offset + length > upload.size:
            raise Elsewhere(counting)
        rest = self.seals.open(upload.rest) if offset and upload.rest is not None else b""
        try:
            rest = file.append(offset, rest, stream, length)
        except Anew:
            raise Elsewhere(0) from None
        upload.offset, upload.boot = offset + length, BOOT
        upload.rest = self.seals.seal(upload.owner, REST, rest) if rest else None
        return self._finish(upload, file, folder) if upload.offset == upload.size else None

    def _finish(self, upload: Upload, file: PartialFile, folder: Directory) -> File:
        """Let the file be where it belongs, its bytes with it, in this one transaction."""
        blob = self.seals.take(self.request.root_map._p_jar, file)
        head = b"".join(self.seals.open_range(blob, 0, HEAD))
        made = keep(self.request, folder, self.name(upload), Whole(blob, head))
        when = milliseconds(now(self.request))
        known = disks_of(self.request).uploads
        known.done[upload.id] = (upload.uid, made.id, upload.size, when)
        self._forget(upload)
        return made

    def cancel(self, upload: Upload) -> None:
        """Destroy it: its room is free, its bytes go with the transaction."""
        self.request.find_service(IQuota).release(upload.owner, SERVICE, upload.size)
        self._forget(upload)

    def _forget(self, upload: Upload) -> None:
        disks_of(self.request).uploads.remove(upload)
        self.request.find_service(IAuthored).remove(upload.uid, UPLOAD, upload.id)
        path = self._path(upload)
        self.request.tm.get().addAfterCommitHook(
            lambda committed: path.unlink(missing_ok=True) if committed else None
        )


def upload_service(_context: Any, request: Request) -> UploadService:
    """Return the service for one request."""
    return UploadService(request)
