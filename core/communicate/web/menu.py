"""The menu of services: the mounts of the enabled plugins that the viewer may open."""

from typing import Any, NamedTuple

from communicate.accounts.content import Member
from communicate.declarations import Mount
from communicate.interfaces import IPlugins
from communicate.permissions import VIEW

MANY = 100  # what is not counted any more
ON_THE_BAR = 4  # on phones; the others are behind "more"


class Entry(NamedTuple):
    """One service: its address, name and icon, whether the page is part of it.

    *waiting* says how many things wait there for the viewer, empty where nothing does.
    """

    url: str
    title: str
    icon: str
    current: bool
    waiting: str = ""


def site_mounts(registry: Any) -> list[Mount]:
    """Return the mounts under the site in their order, asked once for each application."""
    return [mount for mount in _mounts(registry) if mount.where == "site"]


def _below_members(registry: Any) -> dict[str, str]:
    """Return to which service each container belongs that hangs under members."""
    below = (mount for mount in _mounts(registry) if mount.where == "member")
    return {mount.name: mount.service or mount.name for mount in below}


def begins_at(request: Any) -> str:
    """Return where the viewer begins to have what the address names, a page of their own.

    Empty where it names nothing that a member has, somebody else's, or what is there.
    """
    context, name = request.context, request.view_name
    own = isinstance(context, Member) and request.member is not None
    if not own or request.member.uid != context.uid:
        return ""
    if request.subpath or request.method not in ("GET", "HEAD"):
        return ""
    service = _below_members(request.registry).get(name, "")
    return f"/{service}" if service and _may_open(request, service) else ""


def _mounts(registry: Any) -> list[Mount]:
    known: list[Mount] | None = getattr(registry, "communicate_mounts_known", None)
    if known is None:
        known = registry.getUtility(IPlugins).gather("communicate_mounts")
        known.sort(key=lambda mount: (mount.weight, mount.name))
        registry.communicate_mounts_known = known
    return known


def services(request: Any) -> list[Entry]:
    """Return the services that the viewer of *request* may open."""
    here = _service_of(request)
    return [
        Entry(
            f"/{mount.name}",
            request.localizer.translate(mount.title),
            mount.icon,
            mount.name == here,
            _counted(request, mount),
        )
        for mount in site_mounts(request.registry)
        if _may_open(request, mount.name)
    ]


def _counted(request: Any, mount: Mount) -> str:
    number = 0 if mount.count is None or request.member is None else mount.count(request)
    return counted(number)


def counted(number: int) -> str:
    """Return how a small round mark shows *number*, empty for none."""
    if number <= 0:
        return ""
    return str(number) if number < MANY else f"{MANY - 1}+"


def _may_open(request: Any, name: str) -> bool:
    container = request.site.get(name)
    return container is not None and bool(request.has_permission(VIEW, container))


def _service_of(request: Any) -> str:
    """Return the name of the service to which the page belongs; of none, any other word.

    What a service keeps for one member, under ``/members/<login>/<name>``, is part of it.
    """
    try:
        first, *rest = request.path_info.lstrip("/").split("/", 3)
    except UnicodeDecodeError:
        return ""
    if first == "members" and len(rest) > 1:
        return str(_below_members(request.registry).get(rest[1], first))
    return str(first)
