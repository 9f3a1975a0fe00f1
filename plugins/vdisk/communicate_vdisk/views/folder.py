"""The page of a folder: what lies in it, and what can be done there."""

from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.view import view_config

from communicate.interfaces import IQuota
from communicate.permissions import OPEN, VIEW
from communicate.security import permits
from communicate.web.i18n import PluralFactory
from communicate_vdisk.content import Directory, Disk, Node, number_in
from communicate_vdisk.interfaces import IDisk, ITrash
from communicate_vdisk.permissions import ADD, CHANGE, OWN
from communicate_vdisk.sharing import shared_with
from communicate_vdisk.uploads.pages import tray
from communicate_vdisk.views.locks import working
from communicate_vdisk.views.rows import ORDERS, page_of, row_of

_ = TranslationStringFactory("communicate_vdisk")
_n = PluralFactory("communicate_vdisk")

TEMPLATE = "communicate_vdisk:templates/folder.pt"
FOLDERS = _n("${n} folder", "${n} folders")
FILES = _n("${n} file", "${n} files")
THINGS = _n("${n} thing", "${n} things")
VIEWS = ("list", "grid")


@view_config(
    context=Disk,
    permission=OPEN,
    request_method=("GET", "HEAD"),
    renderer="communicate_vdisk:templates/shared.pt",
)
def disk(context: Disk, request: Request) -> Any:
    """Show a member what the disk holds; others what of it is shared with them."""
    if permits(request, context, VIEW):
        request.override_renderer = TEMPLATE
        return folder_page(context, request)
    nodes = shared_with(request, context.owner)
    if not nodes:
        raise HTTPNotFound
    login = context.__parent__.__name__
    return {
        "title": _("Shared by ${login}", mapping={"login": login}),
        "rows": [row_of(request, node) for node in nodes],
        "own": False,
        "things": THINGS,
    }


@view_config(context=Directory, permission=VIEW, request_method=("GET", "HEAD"), renderer=TEMPLATE)
def folder(context: Directory, request: Request) -> dict[str, Any]:
    """Show what the folder holds, as far as the viewer may read it."""
    return folder_page(context, request)


def folder_page(folder: Directory, request: Request) -> dict[str, Any]:
    """Return what the page of *folder* shows."""
    service = request.find_service(IDisk)
    order = request.GET.get("sort") if request.GET.get("sort") in ORDERS else "name"
    look = request.GET.get("view") if request.GET.get("view") in VIEWS else "list"
    after, before = (number_in(request.GET.get(name, "")) for name in ("after", "before"))
    size: int = request.registry.settings["vdisk.page_size"]
    found = page_of(request, folder, order, size, after, before)
    own = bool(permits(request, folder, OWN))
    path = service.path(folder)

    def address(**query: Any) -> str:
        shown = {
            "sort": None if order == "name" else order,
            "view": look if look != "list" else None,
        }
        return str(request.page.url(path, **{**shown, **query}))

    return {
        "title": service.name(folder) or request.page.say(_("My disk")),
        "folder": folder,
        "is_disk": isinstance(folder, Disk),
        "path": path,
        "base": service.path(last_of(folder)),
        "crumbs": crumbs(request, folder),
        "rows": found.rows,
        "back": address(before=found.back) if found.back else None,
        "forth": address(after=found.forth) if found.forth else None,
        "order": order,
        "view": look,
        "address": address,
        "own": own,
        "working": working(request, folder),
        "adds": (adds := bool(permits(request, folder, ADD))),
        "tray": tray(request, folder) if adds else "",
        "changes": bool(permits(request, folder, CHANGE)),
        "counts": counts(request, folder) if own else "",
        "room": room(request) if own and isinstance(folder, Disk) else None,
        "reason": request.find_service(ITrash).reason(folder) if folder.hidden else None,
        "report": report(request, folder, own),
        "things": THINGS,
        "linking": request.registry.settings["vdisk.links"],
        "alone": folder.effective_audience().level == "private",
        "permits": permits,
        "CHANGE": CHANGE,
        "OWN": OWN,
    }


def last_of(node: Node) -> Node:
    """Return the disk that *node* lies in."""
    return list(node.lineage())[-1]


def above(request: Request, node: Node) -> list[tuple[str, str]]:
    """Return address and name of each folder above *node*, as far up as the viewer may read.

    The disk itself has no name, and is first for who may open it.
    """
    service = request.find_service(IDisk)
    found = []
    for each in list(node.lineage())[1:]:
        if not permits(request, each, VIEW):
            break
        found.append((service.path(each), service.name(each)))
    return found[::-1]


def crumbs(request: Request, node: Node, *, itself: bool = False) -> Markup:
    """Return links to the folders above *node*, and with *itself* to it; empty without any."""
    found = above(request, node)
    disk = last_of(node)
    if not permits(request, disk, VIEW):
        shared = _("Shared by ${login}", mapping={"login": disk.__parent__.__name__})
        found.insert(0, (request.find_service(IDisk).path(disk), request.page.say(shared)))
    if itself and not isinstance(node, Disk):
        service = request.find_service(IDisk)
        found.append((service.path(node), service.name(node)))
    if not found:
        return Markup("")
    html = render("communicate_vdisk:templates/crumbs.pt", {"crumbs": found}, request)
    return Markup(html)  # noqa: S704  # from our template


def counts(request: Request, folder: Directory) -> str:
    """Return how much *folder* holds, in words."""
    page, folders = request.page, int(folder.folders())
    files = len(folder) - folders
    said = [page.plural(words, n) for words, n in ((FOLDERS, folders), (FILES, files)) if n]
    return ", ".join(said)


def room(request: Request) -> dict[str, Any]:
    """Return how much the viewer stores and may store, in all services."""
    quota = request.find_service(IQuota)
    used = quota.used(request.member.uid)
    return {"used": used, "limit": quota.limit, "part": min(used / (quota.limit or 1), 1)}


def report(request: Request, node: Node, own: bool) -> str | None:
    """Return the address at which *node* is reported, None for its owner and strangers."""
    if own or request.member is None or isinstance(node, Disk):
        return None
    kind = "vdisk.folder" if node.is_folder else "vdisk.file"
    return f"/report/{kind}/{node.__name__}"
