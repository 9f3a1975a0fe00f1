"""The kinds of page: a short closed list, so that no count can be about one thing or person."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.interfaces import IPlugins

_ = TranslationStringFactory("communicate")

HOME, MEMBERS, SEARCH, ACCOUNT, SIGNING, NOTICES, OPERATE, TEXTS, OTHER = (
    "home", "members", "search", "account", "signing", "notices", "operate", "texts", "other",
)  # fmt: skip
TITLES: dict[str, Any] = {
    HOME: _("Home"),
    MEMBERS: _("Members and spaces"),
    SEARCH: _("Searching"),
    ACCOUNT: _("Settings"),
    SIGNING: _("Signing in and joining"),
    NOTICES: _("Notices"),
    OPERATE: _("Operating and moderating"),
    TEXTS: _("Privacy, terms, help"),
    OTHER: _("Other pages"),
}
# The first element of an address; what is mounted under the site has its own name besides.
FIRST = {
    "": HOME,
    "members": MEMBERS,
    "contacts": MEMBERS,
    "search": SEARCH,
    "account": ACCOUNT,
    "notices": NOTICES,
    "login": SIGNING,
    "join": SIGNING,
    "confirm": SIGNING,
    "reset": SIGNING,
    "operate": OPERATE,
    "moderate": OPERATE,
    "privacy": TEXTS,
    "cookies": TEXTS,
    "terms": TEXTS,
    "help": TEXTS,
}


def mounts(registry: Any) -> dict[str, Any]:
    """Return name and title of what plugins hang under the site."""
    plugins = registry.getUtility(IPlugins)
    return {
        mount.name: mount.title
        for mount in plugins.gather("communicate_mounts")
        if mount.where == "site"
    }


def titles(registry: Any) -> dict[str, Any]:
    """Return each kind with its title, those of plugins first."""
    return {**mounts(registry), **TITLES}
