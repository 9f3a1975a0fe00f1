"""The page of copies that take long: how far each is, and how it is ended."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.clock import milliseconds, now
from communicate.ids import encode
from communicate.permissions import VIEW
from communicate.security import permits
from communicate.web import notices
from communicate_vdisk.content import NAME, Directory, Disks, number_in
from communicate_vdisk.copying.content import COPYING, Copy
from communicate_vdisk.copying.interfaces import ICopies
from communicate_vdisk.copying.words import WHY
from communicate_vdisk.interfaces import IDisk

_ = TranslationStringFactory("communicate_vdisk")

ADDRESS = f"/{NAME}/copies"
NAMED = 3  # of what is copied
SHORT, LONG = 90, 5400  # seconds that are told as such; above, minutes, and then hours


@dataclass(frozen=True, slots=True)
class Row:
    """A copy as it is shown."""

    copy: Copy
    code: str
    names: list[str]  # of what is copied, as far as the viewer may see it; some of them
    more: bool  # whether there are others
    folder: str  # the name of where it goes; empty for a disk, and where the viewer may not see it
    path: str  # its address; empty where the viewer may not see it
    why: Any  # why it failed
    left: timedelta | None  # how long it takes still


def row_of(request: Request, copy: Copy) -> Row:
    """Return *copy* as it is shown to the viewer."""
    service, names = request.find_service(IDisk), []
    for number in copy.sources[:NAMED] if copy.by == request.member.uid else ():
        node = service.find(number)
        if node is not None and permits(request, node, VIEW):
            names.append(service.name(node))
    folder: Any = service.find(copy.folder) if copy.folder else None
    if not copy.folder and copy.owner == request.member.uid:
        folder = request.member.get(NAME)
    seen = isinstance(folder, Directory) and bool(permits(request, folder, VIEW))
    return Row(
        copy,
        encode(copy.id),
        names,
        len(copy.sources) > NAMED,
        service.name(folder) if seen else "",
        service.path(folder) if seen else "",
        WHY.get(copy.reason),
        left_of(request, copy),
    )


def left_of(request: Request, copy: Copy) -> timedelta | None:
    """Return how long *copy* takes still, about; None where that is not known yet."""
    if copy.state != COPYING or not copy.done:
        return None
    share = (copy.done + copy.stored / 2**16) / (copy.things + copy.size / 2**16)
    gone = (milliseconds(now(request)) - copy.began) / 1000
    seconds = int(gone * (1 - share) / share) + 1
    if seconds > LONG:
        return timedelta(hours=round(seconds / 3600))
    return (
        timedelta(minutes=round(seconds / 60)) if seconds > SHORT else timedelta(seconds=seconds)
    )


@view_config(
    context=Disks,
    name="copies",
    permission=VIEW,
    request_method="GET",
    renderer="communicate_vdisk:templates/copies.pt",
)
def copies(_context: Disks, request: Request) -> dict[str, Any]:
    """Show the copies that are being made, and those that ended in these days."""
    if request.member is None or request.subpath:
        raise HTTPNotFound
    found = request.find_service(ICopies).of(request.member.uid)
    return {
        "title": _("Large copies"),
        "rows": [row_of(request, copy) for copy in found],
        "going": any(copy.is_under_way for copy in found),
    }


@view_config(context=Disks, name="copies", permission=VIEW, request_method="POST")
def cancel(_context: Disks, request: Request) -> HTTPSeeOther:
    """End the copy that the button names, or take it from the list."""
    if request.member is None or request.subpath:
        raise HTTPNotFound
    service = request.find_service(ICopies)
    copy = service.find(number_in(request.POST.get("cancel", "")))
    if copy is None or request.member.uid not in (copy.by, copy.owner):
        raise HTTPNotFound
    if copy.is_under_way:
        notices.give(request, _("The copy is cancelled: nothing of it is kept."))
    service.cancel(copy)
    return HTTPSeeOther(ADDRESS)
