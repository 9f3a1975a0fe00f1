"""The trash: what was thrown away, taken back or destroyed for good."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.ids import RANDOM_BITS
from communicate.permissions import DELETE, MODERATE
from communicate.security import permits
from communicate.web import notices
from communicate.web.slices import asked, newest_first, query
from communicate_vdisk.content import Disk, Node, number_in
from communicate_vdisk.errors import Refused
from communicate_vdisk.interfaces import IDisk, ITrash
from communicate_vdisk.permissions import OWN, RESTORE
from communicate_vdisk.views.folder import THINGS, last_of
from communicate_vdisk.views.rows import row_of

_ = TranslationStringFactory("communicate_vdisk")

SIZE = 50
MOST = 1000  # things that one press destroys; the rest at the next


@view_config(
    context=Disk,
    name="trash",
    permission=OWN,
    request_method="GET",
    renderer="communicate_vdisk:templates/trash.pt",
)
def trash(context: Disk, request: Request) -> dict[str, Any]:
    """Show what was thrown away, the latest first."""
    page = newest_first(context.trashed, SIZE, asked(request, "after"), asked(request, "before"))
    rows = []
    for number, where in page.items:
        node = context.node(where)
        if node is not None:
            rows.append((row_of(request, node), number >> RANDOM_BITS))
    path = f"{request.find_service(IDisk).path(context)}/trash"
    return {
        "title": _("Trash"),
        "base": request.find_service(IDisk).path(context),
        "rows": rows,
        "days": request.registry.settings["vdisk.trash_days"],
        "newer": path + query(after=page.forth) if page.forth else None,
        "older": path + query(before=page.back) if page.back else None,
        "things": THINGS,
    }


@view_config(context=Node, name="restore", permission=RESTORE, request_method="POST")
def restore(context: Node, request: Request) -> HTTPSeeOther:
    """Put it back where it was."""
    if not context.trash:
        raise HTTPNotFound
    try:
        folder = request.find_service(ITrash).restore(context)
    except Refused as error:
        notices.give(request, error.reason, "bad")
        base = request.find_service(IDisk).path(last_of(context))
        return HTTPSeeOther(f"{base}/trash")
    name = request.find_service(IDisk).name(context)
    notices.give(request, _("“${name}” is back.", mapping={"name": name}))
    return HTTPSeeOther(request.find_service(IDisk).path(folder))


@view_config(context=Disk, name="put-back", permission=OWN, request_method="POST")
def put_back(context: Disk, request: Request) -> HTTPSeeOther:
    """Put several things back, each where it was; what has gone on meanwhile stays as it is."""
    folder: Any = context
    items = request.POST.get("items")
    try:
        for name in items.split()[:MOST] if isinstance(items, str) else ():
            node = context.node(number_in(name))
            if node is not None and node.trash and permits(request, node, RESTORE):
                folder = request.find_service(ITrash).restore(node)
    except Refused as error:
        notices.give(request, error.reason, "bad")
    else:
        notices.give(request, _("Everything is back."))
    return HTTPSeeOther(request.find_service(IDisk).path(folder))


@view_config(context=Node, name="destroy", permission=DELETE, request_method="POST")
def destroy(context: Node, request: Request) -> HTTPSeeOther:
    """Destroy what is in the trash, for good."""
    if not context.trash:
        raise HTTPNotFound
    base = request.find_service(IDisk).path(last_of(context))
    request.find_service(ITrash).destroy(context)
    notices.give(request, _("It is gone for good."))
    return HTTPSeeOther(f"{base}/trash")


@view_config(context=Disk, name="empty", permission=OWN, request_method="POST")
def empty(context: Disk, request: Request) -> HTTPSeeOther:
    """Destroy what is in the trash, all of it."""
    service = request.find_service(ITrash)
    for where in list(context.trashed.values())[:MOST]:
        node = context.node(where)
        if node is not None:
            service.destroy(node)
    notices.give(request, _("The trash is empty."))
    return HTTPSeeOther(f"{request.find_service(IDisk).path(context)}/trash")


@view_config(context=Node, name="show", permission=MODERATE, request_method="POST")
def show(context: Node, request: Request) -> HTTPSeeOther:
    """Show again, for a moderator, what was hidden."""
    request.find_service(ITrash).set_hidden(context, False)
    notices.give(request, _("It is shown again."))
    return HTTPSeeOther(request.find_service(IDisk).path(context))
