"""What people see of uploads: the tray under a folder, and the list of what is unfinished."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate.ids import encode, time_of
from communicate.permissions import VIEW
from communicate.security import permits
from communicate.web import notices
from communicate_vdisk.content import Directory, Disks, number_in
from communicate_vdisk.errors import Refused
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.keeping import count_upload
from communicate_vdisk.names import BadName, last_part
from communicate_vdisk.permissions import ADD
from communicate_vdisk.uploads import protocol
from communicate_vdisk.uploads.content import Upload
from communicate_vdisk.uploads.interfaces import IUploads
from communicate_vdisk.uploads.services import NoPlace
from communicate_vdisk.uploads.views import ADDRESS

_ = TranslationStringFactory("communicate_vdisk")

TRAY = "communicate_vdisk:templates/tray.pt"
SHOWN = 200  # of what others send: the next are shown once those are cancelled


@dataclass(frozen=True, slots=True)
class Row:
    """An unfinished upload as it is shown."""

    upload: Upload
    code: str
    path: str  # its address
    name: str
    folder: str  # the address of where it goes; empty where that takes nothing any more
    began: datetime


def rows_of(request: Request) -> list[Row]:
    """Return what the viewer has not finished, the oldest first."""
    service = request.find_service(IUploads)
    return [row_of(request, each) for each in service.unfinished(request.member.uid)]


def incoming_of(request: Request) -> tuple[list[Row], int]:
    """Return what others send to the viewer's disk, as much as a page shows, and its count."""
    found = request.find_service(IUploads).incoming(request.member.uid)
    return [row_of(request, each) for each in found[:SHOWN]], len(found)


def row_of(request: Request, upload: Upload) -> Row:
    """Return *upload* as it is shown."""
    service, code = request.find_service(IUploads), encode(upload.id)
    try:
        folder = request.find_service(IDisk).path(service.place(upload))
    except NoPlace:
        folder = ""
    name = service.name(upload)
    return Row(upload, code, f"{ADDRESS}/{code}", name, folder, time_of(upload.id))


def tray(request: Request, folder: Directory, leads: str = "") -> Markup:
    """Return the tray for what is sent to *folder*; once all is there, *leads* is opened."""
    values = {
        "folder": request.find_service(IDisk).path(folder),
        "rows": rows_of(request),
        "part": protocol.part_size(request),
        "address": ADDRESS,
        "leads": leads,
    }
    return Markup(render(TRAY, values, request))  # noqa: S704  # from our template


@view_config(
    context=Disks,
    name="uploads",
    permission=VIEW,
    request_method="GET",
    renderer="communicate_vdisk:templates/uploads.pt",
)
def unfinished(_context: Disks, request: Request) -> dict[str, Any]:
    """Show what is not finished, how it goes on, and what others send."""
    if request.member is None or request.subpath:
        raise HTTPNotFound
    days = request.registry.settings["vdisk.upload_days"]
    others, count = incoming_of(request)
    return {
        "title": _("Unfinished uploads"),
        "rows": rows_of(request),
        "days": days,
        "others": others,
        "count": count,
    }


@view_config(context=Disks, name="uploads", permission=VIEW, request_method="POST")
def cancel(_context: Disks, request: Request) -> HTTPSeeOther:
    """Destroy the upload that the button names: the viewer's, or one to the viewer's disk."""
    if request.member is None or request.subpath:
        raise HTTPNotFound
    service = request.find_service(IUploads)
    found = service.stoppable(number_in(request.POST.get("cancel", "")), request.member.uid)
    if found is None:
        raise HTTPNotFound
    service.cancel(found)
    notices.give(request, _("The upload is cancelled: nothing of it is kept."))
    return HTTPSeeOther(ADDRESS)


@view_config(
    context=Directory, name="enter", permission=ADD, request_method="POST", renderer="json"
)
def enter(context: Directory, request: Request) -> Any:
    """Make the folder of that name, or find it; answer with its address."""
    service = request.find_service(IDisk)
    name = last_part(request.POST.get("name"))
    there = service.child(context, name)
    if isinstance(there, Directory) and permits(request, there, ADD):
        return {"path": service.path(there)}
    count_upload(request)
    try:
        made = service.make_folder(context, name, request.member.uid)
    except (Refused, BadName) as error:
        words = request.localizer.translate(error.reason)
        return Response(words, 400, content_type="text/plain", charset="UTF-8")
    return {"path": service.path(made)}
