"""Which plugins there are, in what state, and how much of each is kept."""

from dataclasses import dataclass
from typing import Any

from communicate.interfaces import IAuthored, IPlugins
from communicate.plugins import installed, package_of

ON, OFF, FAILED, ABSENT = "on", "off", "failed", "absent"


@dataclass(frozen=True)
class PluginState:
    """One plugin: its state, why it failed, its mounts, and how many things it keeps."""

    name: str
    state: str
    version: str
    reason: str
    mounts: tuple[str, ...]
    kept: int


def plugin_states(request: Any) -> list[PluginState]:
    """Return the state of every plugin that is enabled, installed, or has content here."""
    plugins = request.registry.getUtility(IPlugins)
    points = installed()
    mounts = kept_mounts(request.site)
    totals = kept_things(request)
    names = {*plugins.enabled, *plugins.failed, *points, *mounts, *totals}
    return [
        PluginState(
            name=name,
            state=state_of(name, plugins, points),
            version=version_of(points.get(name)),
            reason=plugins.failed.get(name, ""),
            mounts=tuple(mounts.get(name, ())),
            kept=totals.get(name, 0),
        )
        for name in sorted(names)
    ]


def state_of(name: str, plugins: Any, points: Any) -> str:
    """Return ON, OFF, FAILED or ABSENT (its package is gone)."""
    if name in plugins.failed:
        return FAILED
    if name in plugins.enabled:
        return ON
    return OFF if name in points else ABSENT


def version_of(point: Any) -> str:
    """Return the version of the distribution that brings *point*."""
    return "" if point is None or point.dist is None else str(point.dist.version)


def kept_mounts(site: Any) -> dict[str, list[str]]:
    """Return the names under the site by the plugin whose classes they are of, loaded or not."""
    found: dict[str, list[str]] = {}
    for name in site:
        plugin = plugin_of(package(site.raw(name)))
        if plugin:
            found.setdefault(plugin, []).append(name)
    return found


def package(thing: Any) -> str:
    """Return the top-level package of the class of *thing*, or of the one it stands for."""
    return type(thing).__module__.partition(".")[0]


def plugin_of(name: str) -> str | None:
    """Return the plugin that the package *name* is; None for core's own."""
    if name == "communicate":
        return None
    by_package = {package_of(point): plugin for plugin, point in installed().items()}
    return by_package.get(name, name.removeprefix("communicate_"))


def kept_things(request: Any) -> dict[str, int]:
    """Return how many things members authored, by plugin: kinds are named ``<plugin>.<kind>``."""
    totals: dict[str, int] = {}
    for kind, count in request.find_service(IAuthored).totals().items():
        plugin = kind.partition(".")[0]
        if plugin != "communicate":
            totals[plugin] = totals.get(plugin, 0) + count
    return totals
