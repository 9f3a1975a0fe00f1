"""Folders, or what was ticked, as one ZIP of known length that is made while it is sent.

Rights are asked for everything when the list is made.  Each file is opened as its turn comes, in
a transaction of its own; one that was thrown away or replaced meanwhile breaks the answer off,
which is then shorter than it said.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config
from zipstream import ZipStream

from communicate.accounts.limits import network
from communicate.clock import moment
from communicate.interfaces import ILimits
from communicate.permissions import OPEN, VIEW
from communicate.security import permits
from communicate.storage.work import work
from communicate.web import files
from communicate_vdisk.content import Directory, Disk, File, Node
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.placing import disk_above
from communicate_vdisk.views.acts import ticked
from communicate_vdisk.waiting import waits

_ = TranslationStringFactory("communicate_vdisk")

MOST = 10_000  # things in one ZIP


class Entry(NamedTuple):
    """A file or a folder in the ZIP; *number* is 0 for a folder."""

    path: str
    number: int
    size: int
    tag: str
    changed: datetime


class TooMany(Exception):
    """More than MOST things were to go into one ZIP."""


def entries(request: Request, nodes: list[Node]) -> list[Entry]:
    """Return all that the viewer may read of *nodes* and in them; raise TooMany."""
    found: list[Entry] = []
    for node in nodes:
        for entry in below(request, node, ""):
            found.append(entry)
            if len(found) > MOST:
                raise TooMany
    return found


def below(request: Request, node: Node, path: str) -> Iterator[Entry]:
    """Yield *node*, which lies at *path*, and all in it that the viewer may read."""
    if not permits(request, node, VIEW):
        return
    # On some systems a backslash leads to another folder: no name of a ZIP holds one.
    name = request.find_service(IDisk).name(node).replace("\\", "_")
    if isinstance(node, File):
        if node.blob is None or waits(request, node):  # a virus was found in it, or may be yet
            return
        yield Entry(path + name, node.id, node.size, node.tag, moment(node.changed))
        return
    if not isinstance(node, Directory):
        return
    inside = path if isinstance(node, Disk) else f"{path}{name}/"
    if inside:
        yield Entry(inside, 0, 0, "", moment(node.changed))
    disk = disk_above(node)
    for number in list(node.names.values()):
        child = disk.node(number)
        if child is not None:
            yield from below(request, child, inside)


def opened(entry: Entry, request: Any) -> Any:
    """Return the bytes of the file of *entry*, as it was listed; raise LookupError."""
    service = request.find_service(IDisk)
    node = service.find(entry.number)
    if not isinstance(node, File) or node.blob is None or node.tag != entry.tag or node.is_gone:
        raise LookupError("a file that was to go into a ZIP has changed")
    return service.seals.open_range(node.blob)


def pieces(registry: Any, entry: Entry) -> Iterator[bytes]:
    """Yield the bytes of the file of *entry*, which is opened when the first are asked for."""
    yield from work(registry, partial(opened, entry))


def answer(request: Request, nodes: list[Node], name: str) -> Response:
    """Answer with *nodes* as the ZIP called *name*."""
    if not request.environ.get("retry.attempt"):
        key = network(request) if request.member is None else str(request.member.uid)
        request.find_service(ILimits).hit("vdisk.zips", key)
    stream = ZipStream(sized=True)
    for entry in entries(request, nodes):
        data = pieces(request.registry, entry) if entry.number else None
        stream.add(data, entry.path, size=entry.size)
    response = Response(content_type="application/zip")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = files.CSP
    response.headers["Content-Disposition"] = files.disposition(f"{name}.zip", inline=False)
    response.content_length = len(stream)
    if request.method != "HEAD":
        response.app_iter = stream
    return response


def refused(request: Request) -> Response:
    """Answer that this is too much for one ZIP."""
    too_much = _("This holds too much for one ZIP: download it in parts.")
    response = Response(request.page.say(too_much), status=400, content_type="text/plain")
    response.charset = "UTF-8"
    return response


@view_config(context=Directory, name="zip", permission=VIEW, request_method=("GET", "HEAD"))
def folder(context: Directory, request: Request) -> Response:
    """Answer with the folder as a ZIP."""
    name = request.find_service(IDisk).name(context) or request.page.say(_("Disk"))
    try:
        return answer(request, [context], name)
    except TooMany:
        return refused(request)


@view_config(context=Disk, name="archive", permission=OPEN, request_method=("GET", "HEAD"))
def chosen(context: Disk, request: Request) -> Response:
    """Answer with what was ticked as a ZIP."""
    nodes = ticked(context, request, request.GET.getall("item"), VIEW)
    if not nodes:
        raise HTTPNotFound
    first = request.find_service(IDisk).name(nodes[0])
    try:
        return answer(request, nodes, first if len(nodes) == 1 else request.page.say(_("Files")))
    except TooMany:
        return refused(request)
