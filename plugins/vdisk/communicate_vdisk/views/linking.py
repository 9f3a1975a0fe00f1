"""The owner's pages about links: those of one thing, with a form for another, and all of them."""

from datetime import timedelta
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.accounts.passwords import WeakPassword, check_strength
from communicate.clock import milliseconds, now
from communicate.ids import RANDOM_BITS, encode
from communicate.permissions import OPEN
from communicate.security import permits
from communicate.web import fields, notices, once
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.i18n import PluralFactory
from communicate_vdisk.content import NAME, Disk, Link, Node, number_in
from communicate_vdisk.errors import Refused
from communicate_vdisk.interfaces import IDisk, ILinks
from communicate_vdisk.permissions import OWN
from communicate_vdisk.views.folder import crumbs
from communicate_vdisk.views.rows import row_of

_ = TranslationStringFactory("communicate_vdisk")
_n = PluralFactory("communicate_vdisk")

LINKS = "communicate_vdisk:templates/links.pt"
DAYS = (
    ("1", _("for one day")),
    ("7", _("for a week")),
    ("30", _("for 30 days")),
    ("365", _("for a year")),
    ("0", _("until you end it")),
)
DOWNLOADS = _n("${n} download", "${n} downloads")
PASSWORD_HELP = _("Whoever has the link is asked for it. Tell it by another way than the link.")
MOST_HELP = _("After as many it opens no more. Leave it empty for any number.")


def link_form(request: Request) -> Form:
    """Return the form that makes a link."""
    schema = Schema()
    schema.add(fields.choice(_("It works"), DAYS, folded=True, name="days"))
    schema.add(
        fields.integer(
            _("Downloads"), low=1, high=1_000_000, name="most", missing=None, help=MOST_HELP
        )
    )
    schema.add(
        fields.password(
            _("Password"), new=True, name="password", required=False, help=PASSWORD_HELP
        )
    )
    return Form(
        schema, request, [Button("make", _("Make a link"))], values={"days": "30"}, name="link"
    )


@view_config(
    context=Node, name="links", permission=OWN, request_method=("GET", "POST"), renderer=LINKS
)
def links(context: Node, request: Request) -> dict[str, Any]:
    """Show the links to a thing, and make one, whose address is shown this once."""
    if isinstance(context, Disk) or not request.registry.settings["vdisk.links"]:
        raise HTTPNotFound
    form, address = link_form(request), None
    if request.method == "POST":
        once.check(request)
        try:
            address = made(request, context, form)
        except FormInvalid:
            request.response.status = 400
        else:
            form = link_form(request)
    service = request.find_service(IDisk)
    return {
        "title": _("Links to “${name}”", mapping={"name": service.name(context)}),
        "crumbs": crumbs(request, context, itself=True),
        "form": form,
        "address": address,
        "folder": context.is_folder,
        "links": [link_row(request, one) for one in request.find_service(ILinks).of(context)],
        "path": service.path(context),
        "base": service.path(request.find_service(IDisk).disk(context.owner)),
    }


def made(request: Request, node: Node, form: Form) -> str:
    """Return the address of the link that *form* asks for; raise FormInvalid."""
    values = form.validate()
    days, password = int(values["days"]), values.get("password") or ""
    until = milliseconds(now(request) + timedelta(days=days)) if days else 0
    try:
        if password:
            check_strength(password)
        count_act(request, "vdisk.uploads")
        secret = request.find_service(ILinks).make(
            node, until=until, most=values.get("most") or 0, password=password
        )
    except WeakPassword as error:
        form.fail("password", error.reason)
    except Refused as error:
        form.fail("days", error.reason)
    return address_of(request, secret)


def address_of(request: Request, secret: str) -> str:
    """Return the address that opens the link with that *secret*."""
    return f"{request.registry.settings['communicate.url']}/{NAME}/link?key={secret}"


def link_row(request: Request, link: Link) -> dict[str, Any]:
    """Return what a list shows of *link*."""
    node = request.find_service(IDisk).find(link.node)
    return {
        "number": encode(link.id),
        "made": link.id >> RANDOM_BITS,
        "said": said(request, link),
        "password": link.password is not None,
        "thing": None if node is None else row_of(request, node),
    }


def said(request: Request, link: Link) -> list[str]:
    """Return until when *link* works and how often it was used, in words."""
    page, until = request.page, _("until you end it")
    if request.find_service(ILinks).is_over(link):
        until = _("its day has passed")
    elif link.until:
        until = _("until ${when}", mapping={"when": page.exact(link.until)})
    if link.most:
        numbers = {"n": page.number(link.fetched), "most": page.number(link.most)}
        used = page.say(_("${n} of ${most} downloads", mapping=numbers))
    else:
        used = page.plural(DOWNLOADS, link.fetched)
    return [page.say(until), used]


@view_config(
    context=Disk,
    name="links",
    permission=OWN,
    request_method="GET",
    renderer="communicate_vdisk:templates/my_links.pt",
)
def my_links(context: Disk, request: Request) -> dict[str, Any]:
    """Show all links of the member."""
    found = request.find_service(ILinks).of_member(int(context.owner or 0))
    return {
        "title": _("My links"),
        "links": [link_row(request, link) for link in found],
        "base": request.find_service(IDisk).path(context),
    }


@view_config(context=Disk, name="end-link", permission=OPEN, request_method="POST")
def end(context: Disk, request: Request) -> HTTPSeeOther:
    """End one link, at once."""
    if not permits(request, context, OWN):
        raise HTTPNotFound
    service = request.find_service(ILinks)
    link = service.links.by_id.get(number_in(request.POST.get("link", "")))
    if link is None or link.owner != context.owner:
        raise HTTPNotFound
    node = request.find_service(IDisk).find(link.node)
    service.end(link)
    notices.give(request, _("The link is ended: it opens nothing any more."))
    path = request.find_service(IDisk).path(context)
    if node is None or "all" in request.POST:
        return HTTPSeeOther(f"{path}/links")
    return HTTPSeeOther(f"{request.find_service(IDisk).path(node)}/links")
