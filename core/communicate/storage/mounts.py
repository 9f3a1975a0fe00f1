"""The containers that enabled plugins hang under the site."""

from collections.abc import Iterable

from communicate.content import Site
from communicate.declarations import Mount


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
