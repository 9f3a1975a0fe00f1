"""The containers that enabled plugins hang under the site, and under a member."""

from collections.abc import Iterable
from typing import Any

from communicate.content import Site
from communicate.declarations import Mount
from communicate.interfaces import IPlugins


def ensure_mounts(site: Site, mounts: Iterable[Mount]) -> list[str]:
    """Make the containers of *mounts* that *site* lacks; return their names.

    A name that is there is never replaced, even if what it holds cannot be loaded: it may be the
    data of a plugin that is off.
    """
    return [mount.name for mount in mounts if mount.where == "site" and ensure(site, mount)]


def ensure(site: Site, mount: Mount) -> bool:
    """Hang *mount* under *site* unless its name is taken; return whether it was made."""
    try:
        site.raw(mount.name)
    except KeyError:
        site[mount.name] = mount.factory()
        return True
    return False


def member_mount(request: Any, member: Any, name: str) -> Any:
    """Return the container *name* of *member*, made and made the member's where there is none.

    It is what a plugin mounts with ``where="member"``: nothing hangs under a member who has not
    used it.  Raise KeyError where no enabled plugin mounts that name, or what is there belongs to
    one that is off.
    """
    try:
        member.raw(name)
    except KeyError:
        made = _mounted(request, name).factory()
        made.owner = member.uid
        member[name] = made
    return member[name]


def _mounted(request: Any, name: str) -> Mount:
    mounts: Iterable[Mount] = request.registry.getUtility(IPlugins).gather("communicate_mounts")
    for mount in mounts:
        if mount.where == "member" and mount.name == name:
            return mount
    raise KeyError(name)
