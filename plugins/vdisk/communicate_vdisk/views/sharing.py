"""The page on which an owner says who may see, add and change; and what others share."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.audience import PRIVATE
from communicate.interfaces import IAudiences
from communicate.permissions import VIEW
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.i18n import PluralFactory
from communicate_vdisk.content import NAME, Disk, Disks, Node
from communicate_vdisk.errors import Refused
from communicate_vdisk.interfaces import IDisk, ILinks
from communicate_vdisk.keeping import count_change
from communicate_vdisk.permissions import OWN
from communicate_vdisk.sharing import counting, inherit, share, shared_with
from communicate_vdisk.views.folder import THINGS, crumbs
from communicate_vdisk.views.rows import row_of

_ = TranslationStringFactory("communicate_vdisk")
_n = PluralFactory("communicate_vdisk")

SHARE = "communicate_vdisk:templates/share.pt"
NO_LINK = _("No link")
LINKS = _n("${n} link", "${n} links")
GIVEN = ("private", "contacts", "chosen", "members")


def share_form(request: Request, node: Node) -> Form:
    """Return the form with who may see, add to and change *node*, on what counts."""
    now = counting(node)
    schema = Schema()
    schema.add(fields.audience(_("Who can see it"), name="see"))
    if node.is_folder:
        schema.add(
            fields.audience(_("Who can also add files and folders"), levels=GIVEN, name="add")
        )
    schema.add(
        fields.audience(
            _("Who can also replace, rename, move and throw away"), levels=GIVEN, name="change"
        )
    )
    values = {"see": now.see, "add": now.add, "change": now.change}
    return Form(schema, request, [Button("share", _("Save"))], values=values, name="share")


@view_config(
    context=Node, name="share", permission=OWN, request_method=("GET", "POST"), renderer=SHARE
)
def sharing(context: Node, request: Request) -> Any:
    """Ask who may do what; store it, and have it count at once."""
    if isinstance(context, Disk):
        raise HTTPNotFound
    service = request.find_service(IDisk)
    form = share_form(request, context)
    if request.method == "POST":
        try:
            values = form.validate()
            try:
                count_change(request)
                share(
                    request, context, values["see"], values.get("add", PRIVATE), values["change"]
                )
            except Refused as error:
                form.fail("change", error.reason)
        except FormInvalid:
            request.response.status = 400
        else:
            notices.give(request, _("Saved: it counts from now on."))
            return form.done(service.path(context))
    return {
        "title": _("Share “${name}”", mapping={"name": service.name(context)}),
        "form": form,
        "crumbs": crumbs(request, context, itself=True),
        "path": service.path(context),
        "name": service.name(context),
        "node": context,
        "inherits": context.audience is None and not context.grants,
        "folder": service.name(context.__parent__),
        "readers": request.find_service(IAudiences).readers(context),
        "counts": counting(context),
        "links": links_of(request, context),
    }


def links_of(request: Request, node: Node) -> str | None:
    """Return how many links lead to *node*, in words; None where there can be none."""
    if not request.registry.settings["vdisk.links"]:
        return None
    count = len(request.find_service(ILinks).of(node))
    if not count:
        return str(request.localizer.translate(NO_LINK))
    return str(request.page.plural(LINKS, count))


@view_config(context=Node, name="inherit", permission=OWN, request_method="POST")
def as_folder(context: Node, request: Request) -> HTTPSeeOther:
    """Let it be as the folder that holds it."""
    if isinstance(context, Disk):
        raise HTTPNotFound
    count_change(request)
    inherit(request, context)
    notices.give(request, _("It is as its folder from now on."))
    return HTTPSeeOther(request.find_service(IDisk).path(context))


@view_config(
    context=Disks,
    permission=VIEW,
    request_method=("GET", "HEAD"),
    renderer="communicate_vdisk:templates/begin.pt",
)
def own(context: Disks, request: Request) -> Any:
    """Lead a member to the disk that is theirs; say what it is to who has none yet."""
    if request.member is None:
        raise HTTPNotFound
    if request.member.get(NAME) is None:
        return {"title": _("My disk")}
    return HTTPSeeOther(f"/members/{request.page.login}/{NAME}")


@view_config(context=Disks, name="begin", permission=VIEW, request_method="POST")
def begin(context: Disks, request: Request) -> HTTPSeeOther:
    """Make the member's disk, and lead to where files are sent."""
    if request.member is None:
        raise HTTPNotFound
    service = request.find_service(IDisk)
    return HTTPSeeOther(f"{service.path(service.disk(request.member.uid))}/upload")


@view_config(
    context=Disks,
    name="shared",
    permission=VIEW,
    request_method="GET",
    renderer="communicate_vdisk:templates/shared.pt",
)
def shared(context: Disks, request: Request) -> dict[str, Any]:
    """Show what others share with the viewer."""
    return {
        "title": _("Shared with me"),
        "rows": [row_of(request, node) for node in shared_with(request)],
        "own": True,
        "things": THINGS,
    }
