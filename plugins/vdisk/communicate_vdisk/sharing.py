"""Who may see, add to and change something besides its owner, and what others share with one."""

from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate.audience import PRIVATE, Audience
from communicate.interfaces import IAudiences, ICatalog, IMembers
from communicate.permissions import VIEW
from communicate.security import permits
from communicate_vdisk.content import NAME, Node, held
from communicate_vdisk.errors import VIRUS, Refused
from communicate_vdisk.indexing import FILE, FOLDER, governed, settle
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.permissions import ADD, CHANGE

_ = TranslationStringFactory("communicate_vdisk")

MOST = 50  # shown as shared
BY_PATH = 500  # that programs find, of all who share and of each
NARROW = _("Only who may see it can be given more: choose among those, or let more people see it.")


class Shares(NamedTuple):
    """What the owner said of one thing; None: as the folder that holds it."""

    see: Audience | None
    add: Audience | None
    change: Audience | None


def shares_of(node: Node) -> Shares:
    """Return what was said of *node* itself."""
    return Shares(node.audience, node.grants.get(str(ADD)), node.grants.get(str(CHANGE)))


def counting(node: Node) -> Shares:
    """Return what counts for *node*, said of it or of what holds it."""
    reading = node.effective_audience()
    wanted = (node.granted(str(each)) or PRIVATE for each in (ADD, CHANGE))
    add, change = (held(each, reading) for each in wanted)
    return Shares(reading, add, change)


def share(request: Any, node: Node, see: Audience, add: Audience, change: Audience) -> None:
    """Let *see* read *node*, *add* put things into it, *change* do all but own it.

    Whom somebody is given more than to read is added to a choice of people that lacks them; an
    audience that can hold no such person raises Refused.
    """
    if node.is_infected:
        raise Refused(VIRUS)
    for more in (add, change):
        see = widened(see, more)
    for more in (add, change):
        if held(more, see) != more:
            raise Refused(NARROW)
    node.grants = {str(ADD): add, str(CHANGE): change}
    request.find_service(IAudiences).choose(node, see)


def widened(see: Audience, more: Audience) -> Audience:
    """Return *see*, with the people of *more* where *see* is a choice of people, or nobody."""
    if more.level != "chosen" or see.level not in ("private", "chosen"):
        return see
    return Audience("chosen", {*see.chosen, *more.chosen})


def inherit(request: Any, node: Node) -> None:
    """Let *node* be as the folder that holds it."""
    if node.audience is None and not node.grants:
        return
    # Chosen first as what it inherits, so that the catalog and those who listen are told.
    above = node.__parent__.effective_audience()
    request.find_service(IAudiences).choose(node, above)
    node.audience = None
    node.grants = {}
    settle(request, node)
    governed(request, node)


def shared_with(request: Any, author: int | None = None, most: int = MOST) -> list[Node]:
    """Return what others share with the viewer, or only *author*, the latest *most* first.

    Listed is what has an audience of its own, not all that lies in it.
    """
    catalog, viewer = request.find_service(ICatalog), request.viewer
    terms: dict[str, Any] = {"container": request.site[NAME].id, "limit": most}
    if author is not None:
        terms["author"] = author
    found: dict[int, tuple[int, Node]] = {}
    for kind in (FOLDER, FILE):
        for hit, node in catalog.load(catalog.newest(viewer, kinds=(kind,), **terms)):
            if author is not None or node.owner != viewer.uid:
                found[node.id] = (hit.time, node)
    ordered = sorted(found.values(), key=lambda one: (-one[0], one[1].id))
    return [node for _time, node in ordered][:most]


def shared_by(request: Any, login: str) -> dict[str, Node]:
    """Return what *login* shares with the viewer, another member, by name.

    Where two are called alike, the name of each has its id.
    """
    found = request.find_service(IMembers).by_login(login)
    if found is None or found.uid == request.viewer.uid:
        return {}
    nodes = [
        node
        for node in shared_with(request, found.uid, most=BY_PATH)
        if permits(request, node, VIEW)
    ]
    names = [request.find_service(IDisk).name(node) for node in nodes]
    return {
        name if names.count(name) == 1 else f"{name} [{node.__name__}]": node
        for name, node in zip(names, nodes, strict=True)
    }


def sharers(request: Any) -> list[str]:
    """Return the logins of those who share something with the viewer, in order."""
    members = request.find_service(IMembers)
    owners = {node.owner for node in shared_with(request, most=BY_PATH)}
    found = (members.by_uid(uid) for uid in owners if uid is not None)
    return sorted(str(each.__name__) for each in found if each is not None)
