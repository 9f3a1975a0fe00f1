"""Plugins: in which state, and what would change if one were switched off."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.operate.changes import changes
from communicate.operate.plugins import PluginState, plugin_states
from communicate.permissions import OPERATE

_ = TranslationStringFactory("communicate")
STATES = {
    "on": (_("On"), "tag tag-good"),
    "off": (_("Off in the ini file"), "tag"),
    "failed": (_("Failed, left out"), "tag tag-bad"),
    "absent": (_("Not installed"), "tag tag-warn"),
}


def row(plugin: PluginState) -> dict[str, Any]:
    """Return *plugin* as tables show it."""
    title, css = STATES[plugin.state]
    return {"plugin": plugin, "state": title, "css": css}


@view_config(
    route_name="operate_plugins",
    permission=OPERATE,
    renderer="communicate:templates/operate/plugins.pt",
)
def plugins(request: Any) -> dict[str, Any]:
    """Show every plugin, its state, and how much of it is kept."""
    return {"title": _("Plugins"), "rows": [row(plugin) for plugin in plugin_states(request)]}


@view_config(
    route_name="operate_plugin",
    permission=OPERATE,
    renderer="communicate:templates/operate/plugin.pt",
)
def plugin(request: Any) -> dict[str, Any]:
    """Show what would change if a plugin were switched off, or what it keeps while it is."""
    name = request.matchdict["name"]
    found = next((each for each in plugin_states(request) if each.name == name), None)
    if found is None:
        raise HTTPNotFound
    return {"title": name, **row(found), "groups": changes(request, found)}
