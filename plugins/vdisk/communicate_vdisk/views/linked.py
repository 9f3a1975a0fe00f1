"""What whoever has a link sees, without an account: a page, the files, a ZIP.

The secret is in the query of each address, which no log holds.  There is no cookie but that of the
forms at the foot of every page: that a password was right travels in the addresses of the page,
and so does a download that was counted.
"""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate.permissions import OPEN, VIEW
from communicate.security import permits
from communicate.web import files
from communicate_vdisk.content import NAME, Directory, Disks, File, Link, Node, number_in
from communicate_vdisk.errors import Spent
from communicate_vdisk.interfaces import IDisk, ILinks
from communicate_vdisk.kinds import kind_of
from communicate_vdisk.links import seen
from communicate_vdisk.views import looks, zipping
from communicate_vdisk.views.file import pages_of, preview_of, text_of
from communicate_vdisk.views.rows import page_of
from communicate_vdisk.waiting import later, waits

_ = TranslationStringFactory("communicate_vdisk")

PAGE = "communicate_vdisk:templates/link.pt"
CLOSED = "communicate_vdisk:templates/link_closed.pt"
READ_ONLY = ("GET", "HEAD")


class Come(NamedTuple):
    """Who came by a link: the link, what of it is asked for, and what the addresses carry on."""

    link: Link
    node: Node
    carried: dict[str, str]

    def address(self, view: str, node: Node, **more: str | None) -> str:
        """Return the address of *view* for *node*."""
        query = {**self.carried, "item": str(node.__name__), **more}
        if node.id == self.link.node:
            del query["item"]
        shown = {name: value for name, value in query.items() if value is not None}
        return f"/{NAME}/{view}?{urlencode(shown)}"


def quiet(response: Any) -> Any:
    """Return *response*, of which neither other sites nor search engines nor caches learn."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def link_in(request: Request) -> Link | None:
    """Return the link whose secret the address has, or None; answer quietly either way."""
    quiet(request.response)
    found: Link | None = request.find_service(ILinks).find(request.GET.get("key"))
    return found


def come(request: Request, *, proven: bool = False) -> Come:
    """Return who came by the link in the address; raise HTTPNotFound.

    What is asked for is seen by whoever has the link, and nothing of a link that is locked, but
    where it is *proven* otherwise that its password was known.
    """
    service, link = request.find_service(ILinks), link_in(request)
    node = None if link is None else service.node(link)
    proof = request.GET.get("proof")
    if link is None or node is None or not (proven or service.is_open(link, proof)):
        raise HTTPNotFound
    if "item" in request.GET:
        node = inside(request, link, number_in(request.GET["item"]))
    return Come(link, node, carried(link, request.GET["key"], proof))


def inside(request: Request, link: Link, number: int) -> Node:
    """Return the thing with that id, which lies in what *link* leads to; raise HTTPNotFound."""
    found: Node | None = request.find_service(IDisk).find(number)
    with seen(request, link):
        if found is None or not permits(request, found, VIEW):
            raise HTTPNotFound
    if link.node not in {each.id for each in found.lineage()}:
        raise HTTPNotFound  # something public that lies elsewhere has an address of its own
    return found


def reached(request: Request, node: Node) -> str | None:
    """Return the address at which the link of this request's query shows *node*, or None."""
    service, given = request.find_service(ILinks), request.GET
    link, proof = service.find(given.get("key")), given.get("proof")
    if link is None or service.node(link) is None or not service.is_open(link, proof):
        return None
    try:
        inside(request, link, node.id)
    except HTTPNotFound:
        return None
    return Come(link, node, carried(link, given["key"], proof)).address("link", node)


def carried(link: Link, key: str, proof: str | None) -> dict[str, str]:
    """Return what the addresses of a page carry on."""
    return {"key": key, **({"proof": proof} if link.password and proof else {})}


def report_of(request: Request, here: Come) -> str | None:
    """Return the address at which what is shown is reported; its owner does not."""
    if request.member is not None and request.member.uid == here.node.owner:
        return None
    kind = "vdisk.folder" if here.node.is_folder else "vdisk.file"
    return f"/report/{kind}/{here.node.__name__}?{urlencode(here.carried)}"


def closed(request: Request, *, wrong: Any = None, asks: bool) -> dict[str, Any]:
    """Return the page that asks for a password, or says that a link opens nothing."""
    request.override_renderer = CLOSED
    request.response.status = 200 if asks and wrong is None else 400 if asks else 404
    title = _("This link asks for a password") if asks else _("This link opens nothing")
    return {"title": title, "asks": asks, "wrong": wrong, "key": request.GET.get("key", "")}


@view_config(context=Disks, name="link", permission=OPEN, request_method=READ_ONLY, renderer=PAGE)
def page(context: Disks, request: Request) -> dict[str, Any]:
    """Show what the link leads to."""
    service, link = request.find_service(ILinks), link_in(request)
    if link is None or service.node(link) is None:
        return closed(request, asks=False)
    if not service.is_open(link, request.GET.get("proof")):
        return closed(request, asks=True)
    try:
        here = come(request)
    except HTTPNotFound:
        return closed(request, asks=False)
    with seen(request, link):
        return shown(request, here)


@view_config(
    context=Disks,
    name="link",
    permission=OPEN,
    request_method="POST",
    renderer=PAGE,
    require_csrf=False,  # it changes nothing, and a token would need a cookie
)
def unlock(context: Disks, request: Request) -> Any:
    """Open a link whose password was typed."""
    service, link = request.find_service(ILinks), link_in(request)
    if link is None or service.node(link) is None:
        return closed(request, asks=False)
    typed = request.POST.get("password")
    proof = service.unlock(link, typed[:1000] if isinstance(typed, str) else "")
    if proof is None:
        return closed(request, asks=True, wrong=_("That is not the password of this link."))
    query = urlencode({"key": request.GET["key"], "proof": proof})
    return quiet(HTTPSeeOther(f"/{NAME}/link?{query}"))


def shown(request: Request, here: Come) -> dict[str, Any]:
    """Return what the page shows to who may see it: a file, or a page of a folder."""
    service, node, link = request.find_service(IDisk), here.node, here.link
    values: dict[str, Any] = {
        "title": service.name(node),
        "node": node,
        "is_file": isinstance(node, File),
        "waiting": False,
        "spent": bool(link.most) and link.fetched >= link.most,
        "until": link.until,
        "report": report_of(request, here),
        "crumbs": [(here.address("link", each), service.name(each)) for each in way(here)],
        "rows": [],
        "back": None,
        "forth": None,
        "kind": None,
        "preview": "",
        "text": None,
        "source": None,
        "pages": [],
        "by": node.owner if request.member is not None else None,
    }
    if isinstance(node, File):
        values["kind"] = kind_of(node.media)
        values["waiting"] = waits(request, node)
        values["fetch"] = here.address("link-download", node)
        if not link.most:  # where downloads are counted, a page shows none
            ticket = request.find_service(ILinks).ticket(link, node)
            values["preview"] = "" if values["waiting"] else preview_of(node)
            values["text"] = text_of(request, node)
            values["source"] = here.address("link-file", node, ticket=ticket, show="1")
            values["pages"] = pages_of(
                request, node, lambda n: here.address("link-page", node, n=str(n))
            )
        return values
    assert isinstance(node, Directory)  # noqa: S101  # there is no third kind
    after, before = (number_in(request.GET.get(name, "")) for name in ("after", "before"))
    size: int = request.registry.settings["vdisk.page_size"]
    found = page_of(request, node, "name", size, after, before)
    values["fetch"] = here.address("link-zip", node)
    values["rows"] = [(here.address("link", row.node), row) for row in found.rows]
    values["back"] = here.address("link", node, before=found.back) if found.back else None
    values["forth"] = here.address("link", node, after=found.forth) if found.forth else None
    return values


def way(here: Come) -> list[Node]:
    """Return the folders from what the link leads to down to what holds what is shown."""
    found = []
    for each in here.node.lineage():
        if each is not here.node:
            found.append(each)
        if each.id == here.link.node:
            return found[::-1]
    return []


def file_in(request: Request, *, proven: bool = False) -> tuple[Come, File]:
    """Return who came, and the file that is asked for; raise HTTPNotFound."""
    here = come(request, proven=proven)
    if not isinstance(here.node, File) or here.node.blob is None:
        raise HTTPNotFound
    return here, here.node


@view_config(context=Disks, name="link-download", permission=OPEN, request_method=READ_ONLY)
def download(context: Disks, request: Request) -> Response:
    """Count a download, and lead to where its bytes are, whole or in ranges, for a while."""
    here, file = file_in(request)
    if waits(request, file):
        return quiet(later(request))
    if request.method == "HEAD":
        return bytes_of(request, file, inline=False)  # which says what there is, and counts none
    try:
        ticket = request.find_service(ILinks).begin(here.link, file)
    except Spent:
        return quiet(HTTPSeeOther(here.address("link", file)))
    return quiet(HTTPSeeOther(here.address("link-file", file, ticket=ticket)))


@view_config(context=Disks, name="link-file", permission=OPEN, request_method=READ_ONLY)
def content(context: Disks, request: Request) -> Response:
    """Answer with the bytes of a download that was counted: of the file as it was then.

    Who had to know a password did so when it began: it may outlast the proof of that.
    """
    here, file = file_in(request, proven=True)
    if waits(request, file):
        return quiet(later(request))
    if not request.find_service(ILinks).goes_on(here.link, file, request.GET.get("ticket")):
        file_in(request)
        return quiet(HTTPSeeOther(here.address("link", file)))
    return bytes_of(request, file, inline="show" in request.GET)


def bytes_of(request: Request, file: File, *, inline: bool) -> Response:
    """Answer with what *file* holds."""
    name, tag = request.find_service(IDisk).name(file), file.tag
    return quiet(
        files.serve(request, file.blob, name=name, media=file.media, tag=tag, inline=inline)
    )


@view_config(context=Disks, name="link-page", permission=OPEN, request_method=READ_ONLY)
def page_of_file(context: Disks, request: Request) -> Response:
    """Answer with a page of a file, where downloads are not counted."""
    here, file = file_in(request)
    if here.link.most:
        raise HTTPNotFound
    return quiet(looks.page_of(file, request))


@view_config(context=Disks, name="link-zip", permission=OPEN, request_method=READ_ONLY)
def archive(context: Disks, request: Request) -> Response:
    """Count a download, and answer with the folder as a ZIP: what the link shows of it."""
    here = come(request)
    if not isinstance(here.node, Directory):
        raise HTTPNotFound
    name = request.find_service(IDisk).name(here.node)
    with seen(request, here.link):
        try:
            made = zipping.answer(request, [here.node], name)
        except zipping.TooMany:
            return quiet(zipping.refused(request))
    if request.method == "GET":
        try:
            request.find_service(ILinks).begin(here.link, here.node)
        except Spent:
            return quiet(HTTPSeeOther(here.address("link", here.node)))
    return quiet(made)
