"""Logins that are addresses of the site: names of its views, of its services, of its folders."""

from typing import Any

from communicate.accounts.content import Member, Members
from communicate.content import Site
from communicate.interfaces import IPlugins

_FOLDERS = """
    account members forums articles messages mail email sms disk search help static privacy
    cookies terms appearance language stranger member
"""


def reserved_logins(registry: Any) -> frozenset[str]:
    """Return the names that no member may take, collected once for each application."""
    known: frozenset[str] | None = getattr(registry, "communicate_reserved_logins", None)
    if known is None:
        mounts = registry.getUtility(IPlugins).gather("communicate_mounts")
        known = frozenset(mount.name for mount in mounts) | frozenset(_FOLDERS.split())
        routes = registry.introspector.get_category("routes") or ()
        paths = (route["introspectable"]["pattern"].lstrip("/") for route in routes)
        known |= {path.partition("/")[0] for path in paths}
        for class_ in (Site, Members, Member):
            known |= class_.reserved_names
        registry.communicate_reserved_logins = known
    return known
