"""The addresses of uploads: begun at a folder, gone on with at ``/disk/uploads/<id>``.

They belong to who began them; to anybody else they are not there.  Whose disk one goes to sees on
a page that it does, and cancels it there (`communicate_vdisk.uploads.pages`).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.ids import encode
from communicate.permissions import VIEW
from communicate.quota import QuotaExceeded
from communicate.sealing.partial import Busy
from communicate_vdisk.content import NAME, Directory, Disks, File, number_in
from communicate_vdisk.errors import Refused
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.keeping import count_upload, keep
from communicate_vdisk.names import BadName, last_part
from communicate_vdisk.permissions import ADD
from communicate_vdisk.uploads import protocol
from communicate_vdisk.uploads.content import Upload
from communicate_vdisk.uploads.interfaces import IUploads
from communicate_vdisk.uploads.protocol import Wrong, answer
from communicate_vdisk.uploads.services import Elsewhere, NoPlace

ADDRESS = f"/{NAME}/uploads"


REFUSALS = (Wrong, Elsewhere, Busy, QuotaExceeded, Refused, BadName)
STATUS = {Busy: 423, NoPlace: 403, QuotaExceeded: 413}  # of the others: 400


def refused(request: Request, error: Exception) -> Response:
    """Answer what could not be done; what it says is for who shows it."""
    if isinstance(error, Wrong):
        return answer(request, error.status, str(error), Tus_Version=protocol.VERSION)
    if isinstance(error, Elsewhere):
        return answer(request, 409, Upload_Offset=error.offset)
    return answer(request, STATUS.get(type(error), 400), getattr(error, "reason", ""))


def speaking(view: Callable[[Any, Request], Response]) -> Callable[[Any, Request], Response]:
    """Return *view*, what it refuses answered as the protocol has it."""

    @wraps(view)
    def spoken(context: Any, request: Request) -> Response:
        try:
            if request.member is None:
                raise HTTPNotFound
            protocol.check_version(request)
            return view(context, request)
        except REFUSALS as error:
            return refused(request, error)

    return spoken


@view_config(context=Directory, name="uploads", permission=ADD, request_method="POST")
@speaking
def begin(context: Directory, request: Request) -> Response:
    """Begin an upload into the folder, with its first part if that comes along."""
    size = protocol.number(request, "Upload-Length")
    said = protocol.metadata(request)
    name = last_part(said.get("filename"))
    length = protocol.length_of_part(request) if request.content_length else 0
    count_upload(request)
    body = protocol.body_of(request)
    if length == size:
        return arrived(request, 201, size, keep(request, context, name, body))
    service = request.find_service(IUploads)
    upload = service.begin(context, name, size, request.member.uid, protocol.modified(said))
    if length and not upload.offset:
        service.append(upload, 0, body, length)
        offset = length
    else:
        offset = service.offset(upload) if upload.offset else 0
    return answer(
        request,
        201,
        Location=f"{ADDRESS}/{encode(upload.id)}",
        Upload_Offset=offset,
        Upload_Expires=protocol.expires(request, upload),
    )


def arrived(request: Request, status: int, size: int, file: File) -> Response:
    """Say that all of *file* is there, and where."""
    path = request.find_service(IDisk).path(file)
    location = path if status == 201 else None
    return answer(request, status, Location=location, Content_Location=path, Upload_Offset=size)


def asked(request: Request) -> int:
    """Return the id in the address; 404 where there is none."""
    number = number_in(request.subpath[0]) if len(request.subpath) == 1 else 0
    if not number:
        raise HTTPNotFound
    return number


def upload_in(request: Request) -> Upload:
    """Return the viewer's upload that the address names; 404 where there is none."""
    found: Upload | None = request.find_service(IUploads).find(asked(request), request.member.uid)
    if found is None:
        raise HTTPNotFound
    return found


@view_config(context=Disks, name="uploads", permission=VIEW, request_method="OPTIONS")
def options(_context: Disks, request: Request) -> Response:
    """Say what is understood here."""
    return answer(
        request,
        204,
        Tus_Version=protocol.VERSION,
        Tus_Extension=protocol.EXTENSIONS,
        Tus_Max_Size=protocol.LARGEST,
        Tus_Checksum_Algorithm=",".join(protocol.ALGORITHMS),
    )


@view_config(
    context=Disks,
    name="uploads",
    permission=VIEW,
    request_method="HEAD",
    header="Tus-Resumable",  # it goes before the page, which answers HEAD too
)
@speaking
def state(_context: Disks, request: Request) -> Response:
    """Say how much counts."""
    service = request.find_service(IUploads)
    size = service.done(asked(request), request.member.uid)
    if size is not None:
        return answer(request, 200, Upload_Offset=size, Upload_Length=size)
    upload = upload_in(request)
    return answer(
        request,
        200,
        Upload_Offset=service.offset(upload),
        Upload_Length=upload.size,
        Upload_Expires=protocol.expires(request, upload),
    )


@view_config(context=Disks, name="uploads", permission=VIEW, request_method="PATCH")
@speaking
def go_on(_context: Disks, request: Request) -> Response:
    """Take a part."""
    upload, offset = upload_in(request), protocol.number(request, "Upload-Offset")
    length = protocol.length_of_part(request)
    count_act(request, "vdisk.parts")
    service = request.find_service(IUploads)
    size = upload.size
    file = service.append(upload, offset, protocol.body_of(request), length)
    if file is not None:
        return arrived(request, 204, size, file)
    expires = protocol.expires(request, upload)
    return answer(request, 204, Upload_Offset=offset + length, Upload_Expires=expires)


@view_config(context=Disks, name="uploads", permission=VIEW, request_method="DELETE")
@speaking
def stop(_context: Disks, request: Request) -> Response:
    """Destroy the upload."""
    request.find_service(IUploads).cancel(upload_in(request))
    return answer(request, 204)
