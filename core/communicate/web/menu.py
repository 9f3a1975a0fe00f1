"""The menu of services: the mounts of the enabled plugins that the viewer may open."""

from typing import Any, NamedTuple

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
    known: list[Mount] | None = getattr(registry, "communicate_site_mounts", None)
    if known is None:
        mounts = registry.getUtility(IPlugins).gather("communicate_mounts")
        known = [mount for mount in mounts if mount.where == "site"]
        known.sort(key=lambda mount: (mount.weight, mount.name))
        registry.communicate_site_mounts = known
    return known


def services(request: Any) -> list[Entry]:
    """Return the services that the viewer of *request* may open."""
    first = _first_element(request)
    return [
        Entry(
            f"/{mount.name}",
            request.localizer.translate(mount.title),
            mount.icon,
            mount.name == first,
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


def _first_element(request: Any) -> str:
    try:
        path: str = request.path_info
    except UnicodeDecodeError:
        return ""
    return path.lstrip("/").partition("/")[0]
