"""Renaming, moving, copying and throwing away: one thing, or several that were ticked."""

from typing import Any
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.permissions import OPEN, VIEW
from communicate.security import permits
from communicate.web import notices
from communicate.web.forms import Button, FormInvalid
from communicate.web.i18n import PluralFactory
from communicate_vdisk.content import NAME, Directory, Disk, Node, number_in
from communicate_vdisk.copying.interfaces import ICopies
from communicate_vdisk.copying.pages import ADDRESS
from communicate_vdisk.errors import Refused
from communicate_vdisk.interfaces import IDisk, ITrash
from communicate_vdisk.keeping import count_change, count_upload
from communicate_vdisk.permissions import ADD, CHANGE
from communicate_vdisk.placing import disk_above
from communicate_vdisk.sharing import shared_with
from communicate_vdisk.views.folder import crumbs
from communicate_vdisk.views.making import CANNOT, FORM, form_page, name_form
from communicate_vdisk.views.rows import row_of

_ = TranslationStringFactory("communicate_vdisk")
_n = PluralFactory("communicate_vdisk")

MOST = 200  # things in one act
TOGETHER = 100  # things that one press puts back: the notice names them in a cookie
THROWN = _n("${n} thing is in the trash.", "${n} things are in the trash.")
MOVED = _n("${n} thing is moved.", "${n} things are moved.")
COPIED = _n("${n} thing is copied.", "${n} things are copied.")
NONE = _("Tick something first.")
SHOWN = 200  # folders that the page offers as places


@view_config(
    context=Node, name="rename", permission=CHANGE, request_method=("GET", "POST"), renderer=FORM
)
def rename(context: Node, request: Request) -> Any:
    """Call it something else."""
    if isinstance(context, Disk):
        raise HTTPNotFound
    service = request.find_service(IDisk)
    form = name_form(request, Button("rename", _("Rename")), service.name(context))
    if request.method == "POST":
        try:
            values = form.validate()
            try:
                count_change(request)
                service.rename(context, values["name"])
            except CANNOT as error:
                form.fail("name", error.reason)
        except FormInvalid:
            request.response.status = 400
        else:
            return form.done(service.path(context))
    return form_page(request, context, _("Rename"), form)


def ticked(disk: Disk, request: Request, names: list[Any], permission: str) -> list[Node]:
    """Return what *names* name in *disk*; 404 where one is not there for the viewer to see.

    403 where it is, and *permission* is missing.
    """
    if len(names) > MOST:
        raise HTTPBadRequest
    found = []
    for number in dict.fromkeys(map(number_in, names)):
        node = disk.node(number)
        if node is None or not permits(request, node, VIEW):
            raise HTTPNotFound
        if not permits(request, node, permission):
            raise HTTPNotFound
        found.append(node)
    return found


@view_config(context=Disk, name="chosen", permission=OPEN, request_method="POST")
def chosen(context: Disk, request: Request) -> HTTPSeeOther:
    """Do to what was ticked what the button says."""
    service = request.find_service(IDisk)
    one = request.POST.get("throw_one")
    names = [one] if one else request.POST.getall("item")
    folder = context.node(number_in(request.POST.get("folder", ""))) or context
    back = service.path(folder) if permits(request, folder, VIEW) else service.path(context)
    if not names:
        notices.give(request, NONE, "warn")
        return HTTPSeeOther(back)
    if "place" in request.POST:
        nodes = ticked(context, request, names, VIEW)
        query = urlencode([("item", str(node.__name__)) for node in nodes])
        return HTTPSeeOther(f"{service.path(context)}/place?{query}")
    if "zip" in request.POST:
        nodes = ticked(context, request, names, VIEW)
        query = urlencode([("item", str(node.__name__)) for node in nodes])
        return HTTPSeeOther(f"{service.path(context)}/archive?{query}")
    if not one and "throw" not in request.POST:
        raise HTTPBadRequest
    nodes = ticked(context, request, names, CHANGE)
    trash = request.find_service(ITrash)
    count_change(request, len(nodes))
    try:
        for node in nodes:
            trash.throw(node)
    except Refused as error:
        request.tm.doom()  # all of it, or nothing
        return told(request, error, back)
    notices.give(
        request, request.page.plural(THROWN, len(nodes)), undo=undo_of(request, context, nodes)
    )
    return HTTPSeeOther(back)


def told(request: Request, error: Refused, path: str) -> HTTPSeeOther:
    """Lead to *path*, and say there why nothing was done."""
    notices.give(request, error.reason, "bad")
    return HTTPSeeOther(path)


def undo_of(request: Request, disk: Disk, nodes: list[Node]) -> notices.Undo | None:
    """Return what takes *nodes* out of the trash again, for their owner."""
    service = request.find_service(IDisk)
    if request.member is None or request.member.uid != disk.owner or len(nodes) > TOGETHER:
        return None
    if len(nodes) == 1:
        return notices.Undo(f"{service.path(nodes[0])}/restore", {})
    items = " ".join(str(node.__name__) for node in nodes)
    return notices.Undo(f"{service.path(disk)}/put-back", {"items": items})


@view_config(
    context=Disk,
    name="place",
    permission=OPEN,
    request_method="GET",
    renderer="communicate_vdisk:templates/place.pt",
)
def place(context: Disk, request: Request) -> dict[str, Any]:
    """Ask where to move or copy things to: folder by folder."""
    nodes = ticked(context, request, request.GET.getall("item"), VIEW)
    if not nodes:
        raise HTTPNotFound
    return place_page(context, request, nodes, target_of(context, request, request.GET, nodes))


def target_of(disk: Disk, request: Request, sent: Any, nodes: list[Node]) -> Directory:
    """Return the folder that *sent* names; where it names none, the one they lie in.

    It may be on another disk: things are copied there, not moved.
    """
    named, service = sent.get("to"), request.find_service(IDisk)
    found: Any = service.find(number_in(named)) if named else nodes[0].__parent__
    if named == "disk":
        found = disk
    elif named == "mine" and request.member is not None:
        found = service.disk(request.member.uid)
    elif not named and request.member is not None and not permits(request, found, VIEW):
        found = service.disk(request.member.uid)  # what is shared by itself lies out of sight
    if not isinstance(found, Directory) or not permits(request, found, VIEW):
        raise HTTPNotFound
    return found


def place_page(
    disk: Disk, request: Request, nodes: list[Node], target: Directory, wrong: Any = None
) -> dict[str, Any]:
    """Return what the page that asks for a place shows."""
    if wrong is not None:
        request.response.status = 400
    service = request.find_service(IDisk)
    query = [("item", str(node.__name__)) for node in nodes]

    def address(folder: Node) -> str:
        return f"{service.path(disk)}/place?{urlencode([*query, ('to', sign_of(disk, folder))])}"

    there = disk_above(target)
    inside = [there.node(number) for number in list(target.names.values())[: SHOWN * 10]]
    folders = [
        node
        for node in inside
        if node is not None
        and node.is_folder
        and node not in nodes
        and permits(request, node, VIEW)
    ][:SHOWN]
    rows = sorted((row_of(request, node) for node in folders), key=lambda row: row.name.casefold())
    lineage = [each for each in target.lineage() if permits(request, each, VIEW)][::-1]
    adds = bool(permits(request, target, ADD))
    moves = (
        there is disk
        and adds
        and all(permits(request, node, CHANGE) and node.__parent__ is not target for node in nodes)
    )
    return {
        "title": _("Move or copy"),
        "names": [service.name(node) for node in nodes],
        "items": [name for _key, name in query],
        "folders": [(address(row.node), row.name) for row in rows],
        "here": service.name(target),
        "to": sign_of(disk, target),
        "others": [(address(each), service.name(each)) for each in others(request, target, nodes)],
        "lineage": [(address(each), service.name(each)) for each in lineage],
        "crumbs": crumbs(request, nodes[0], itself=True),
        "path": service.path(disk),
        "adds": adds,
        "moves": moves,
        "wrong": wrong,
    }


def sign_of(disk: Disk, folder: Node) -> str:
    """Return what stands for *folder* in the addresses and forms of *disk*."""
    if isinstance(folder, Disk):
        return "disk" if folder is disk else "mine"
    return str(folder.__name__)


def others(request: Request, target: Directory, nodes: list[Node]) -> list[Node]:
    """Return the places on other disks to which the viewer may copy *nodes*: their own first."""
    if request.member is None:
        return []
    own, above = request.member.get(NAME), [*target.lineage()]
    found = [] if own is None or own in above else [own]
    for node in shared_with(request):
        if node.is_folder and node not in above and node not in nodes:
            found += [node] if permits(request, node, ADD) else []
    return found


@view_config(
    context=Disk,
    name="place",
    permission=OPEN,
    request_method="POST",
    renderer="communicate_vdisk:templates/place.pt",
)
def put(context: Disk, request: Request) -> Any:
    """Move or copy things to the folder that was chosen, all of them or none."""
    moves = request.POST.get("act") == "move"
    if not moves and request.POST.get("act") != "copy":
        raise HTTPBadRequest
    nodes = ticked(context, request, request.POST.getall("item"), CHANGE if moves else VIEW)
    if not nodes:
        raise HTTPNotFound
    target = target_of(context, request, request.POST, nodes)
    if not permits(request, target, ADD):
        raise HTTPNotFound
    count_change(request, len(nodes))
    try:
        return moved(request, nodes, target) if moves else copied(request, nodes, target)
    except CANNOT as error:
        return place_page(context, request, nodes, target, error.reason)


def moved(request: Request, nodes: list[Node], target: Directory) -> HTTPSeeOther:
    """Move *nodes* to *target*, and lead there."""
    service = request.find_service(IDisk)
    for node in nodes:
        service.move(node, target, request.member.uid)
    notices.give(request, request.page.plural(MOVED, len(nodes)))
    return HTTPSeeOther(service.path(target))


def copied(request: Request, nodes: list[Node], target: Directory) -> HTTPSeeOther:
    """Copy *nodes* to *target*, and lead there; where that takes long, to how far it is."""
    count_upload(request, len(nodes))
    copies, service = request.find_service(ICopies), request.find_service(IDisk)
    if copies.is_long(nodes):
        count_act(request, "vdisk.copies")
        copies.later(copies.begin(nodes, target, request.member.uid))
        return HTTPSeeOther(ADDRESS)
    for node in nodes:
        service.copy(node, target, request.member.uid)
    notices.give(request, request.page.plural(COPIED, len(nodes)))
    return HTTPSeeOther(service.path(target))
