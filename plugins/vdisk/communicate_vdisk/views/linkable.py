"""Files and folders to which their owner puts links into what is written elsewhere on the site."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.accounts.limits import count_act
from communicate.declarations import Linkable
from communicate.ids import encode
from communicate.security import permits
from communicate.writing.linking import CannotLink, Made, Shelf, Thing, Wish
from communicate_vdisk.content import NAME, Directory, Disk, Node, number_in
from communicate_vdisk.errors import Refused
from communicate_vdisk.interfaces import IDisk, ILinks
from communicate_vdisk.permissions import OWN
from communicate_vdisk.views.linking import address_of
from communicate_vdisk.views.rows import page_of, row_of

_ = TranslationStringFactory("communicate_vdisk")

SIZE = 50  # things of a page


def offered(request: Any) -> bool:
    """Tell whether the member keeps anything here to which there may be links."""
    if request.member is None or not request.registry.settings["vdisk.links"]:
        return False
    disk = request.member.get(NAME)
    return isinstance(disk, Disk) and len(disk) > 0


def own(request: Any, number: str) -> Node | None:
    """Return what the member owns under that id, or None."""
    node: Node | None = request.find_service(IDisk).find(number_in(number))
    if node is None or isinstance(node, Disk) or not offered(request):
        return None
    return node if permits(request, node, OWN) else None


def thing_of(request: Any, node: Node) -> Thing:
    """Return *node* as one chooses it."""
    row = row_of(request, node)
    size = node.size if row.is_file else None
    return Thing(encode(node.id), row.name, row.kind.icon, size, opens=not row.is_file)


def find(request: Any, number: str) -> Thing | None:
    """Return the thing of the member's with that id, or None."""
    node = own(request, number)
    return None if node is None else thing_of(request, node)


def browse(request: Any, number: str, after: str) -> Shelf | None:
    """Return a page of what the member keeps in a folder, or in the disk itself."""
    folder = own(request, number) if number else None
    if number and not isinstance(folder, Directory):
        return None
    place: Any = folder or request.find_service(IDisk).disk(request.member.uid)
    found = page_of(request, place, "name", SIZE, number_in(after))
    things = [thing_of(request, row.node) for row in found.rows]
    trail = [] if folder is None else list(folder.lineage())[1:-1][::-1]
    return Shelf(
        None if folder is None else thing_of(request, folder),
        [thing_of(request, each) for each in trail],
        things,
        found.forth or "",
    )


def make(request: Any, number: str, wish: Wish) -> Made:
    """Return a new link to the thing with that id; raise CannotLink."""
    node = own(request, number)
    if node is None:
        raise CannotLink(_("This is not there any more."))
    count_act(request, "vdisk.uploads")
    try:
        secret = request.find_service(ILinks).make(node, until=wish.until, password=wish.password)
    except Refused as error:
        raise CannotLink(error.reason) from error
    return Made(request.find_service(IDisk).name(node), address_of(request, secret))


LINKABLES = [
    Linkable(
        NAME,
        _("Disk"),
        _("Link to a file of my disk"),
        "hdd",
        _("You can end it at any moment, on the page of links of your disk."),
        offered,
        browse,
        find,
        make,
    )
]
