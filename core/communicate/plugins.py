"""Plugins: found by entry point, enabled by the ini file, called one at a time.

Core imports none of them: `Plugins.load` imports what the operator enabled, and nothing else.
"""

import logging
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any

import pluggy
from zope.interface import implementer

from communicate import hookspecs
from communicate.interfaces import IPlugins

GROUP = "communicate.plugins"
CORE = "communicate"
log = logging.getLogger(__name__)


class PluginError(Exception):
    """A plugin cannot be used; the message names it and says why."""


def installed() -> dict[str, EntryPoint]:
    """Return the entry points of every installed plugin, by name."""
    return {point.name: point for point in entry_points(group=GROUP)}


def package_of(point: EntryPoint) -> str:
    """Return the top-level package that *point* belongs to, without importing it."""
    return point.module.partition(".")[0]


def load(name: str) -> ModuleType:
    """Import the plugin *name*; raise PluginError where it is absent, broken, or of another API."""
    point = installed().get(name)
    if point is None:
        raise PluginError(f"plugin {name!r} is not installed: install it, or take it out of communicate.plugins")
    try:
        module: ModuleType = point.load()
    except Exception as error:
        raise PluginError(f"plugin {name!r} cannot be imported: {type(error).__name__}: {error}") from error
    api = getattr(module, "communicate_api", None)
    if api != hookspecs.API:
        raise PluginError(
            f"plugin {name!r} states communicate_api = {api!r}; this version offers {hookspecs.API}"
        )
    if not hasattr(module, "communicate_personal_data"):
        raise PluginError(f"plugin {name!r} lacks communicate_personal_data, which is mandatory")
    return module


@implementer(IPlugins)
class Plugins:
    """The enabled plugins of one application, core's own duties first."""

    def __init__(self, duties: ModuleType | None = None) -> None:
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        self.manager.add_hookspecs(hookspecs)
        self.failed: dict[str, str] = {}
        if duties is not None:
            self.manager.register(duties, CORE)

    @property
    def enabled(self) -> list[str]:
        """The names of the plugins in use, in the order in which they were enabled."""
        return [name for name, _module in self.manager.list_name_plugin() if name != CORE]

    def add(self, name: str) -> ModuleType:
        """Import and enable the plugin *name*; raise PluginError."""
        module = load(name)
        try:
            self.manager.register(module, name)
            self.manager.check_pending()
        except pluggy.PluginValidationError as error:
            self.manager.unregister(name=name)
            raise PluginError(f"plugin {name!r}: {error}") from error
        return module

    def packages(self) -> list[str]:
        """Return the top-level packages of the plugins in use."""
        return [module.__name__.partition(".")[0] for _name, module in self.modules()]

    def modules(self) -> Iterator[tuple[str, ModuleType]]:
        """Yield name and module of each plugin in use, core's duties left out."""
        for name, module in self.manager.list_name_plugin():
            if name != CORE and module is not None:
                yield name, module

    def each(self, hook: str, **arguments: Any) -> Iterator[tuple[str, Any]]:
        """Yield the name and the answer of each plugin that implements *hook*, core's first.

        The first failure is raised; for hooks whose failure must not hide another's, see `duty`.
        """
        for name, _module in self.manager.list_name_plugin():
            caller = self._caller(hook, name)
            if caller is not None:
                for answer in caller(**arguments):
                    yield name, answer

    def gather(self, hook: str, **arguments: Any) -> list[Any]:
        """Return the declarations of every plugin for *hook*, in one list."""
        found: list[Any] = []
        for _name, answer in self.duty(hook, **arguments):
            if not isinstance(answer, Exception):
                found.extend(answer or ())
        return found

    def duty(self, hook: str, only: Iterable[str] | None = None, **arguments: Any) -> Iterator[tuple[str, Any]]:
        """Yield the name and the answer of each plugin; a failing one yields its exception.

        *only* restricts the call to the plugins named.
        """
        for name in list(only) if only is not None else self._names():
            caller = self._caller(hook, name)
            if caller is None:
                continue
            try:
                for answer in caller(**arguments):
                    yield name, answer
            except Exception as error:
                log.exception("plugin %s failed in %s", name, hook)
                yield name, error

    def _names(self) -> list[str]:
        return [name for name, _module in self.manager.list_name_plugin()]

    def _caller(self, hook: str, name: str) -> Any:
        module = self.manager.get_plugin(name)
        if module is None or not hasattr(module, hook):
            return None
        others: Sequence[Any] = [other for other in self.manager.get_plugins() if other is not module]
        return self.manager.subset_hook_caller(hook, others)
