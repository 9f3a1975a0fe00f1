"""Plugins: found by entry point, enabled by the ini file, called one at a time.

Core imports none of them: `Plugins.load` imports what the operator enabled, and nothing else.
"""

import logging
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
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


class PluginFailed(Exception):
    """The plugin *name* raised *error* while a site was booted with it."""

    def __init__(self, name: str, error: BaseException, moment: str) -> None:
        super().__init__(f"plugin {name!r} failed while {moment}: {type(error).__name__}: {error}")
        self.name = name


def installed() -> dict[str, EntryPoint]:
    """Return the entry points of every installed plugin, by name."""
    return {point.name: point for point in entry_points(group=GROUP)}


def package_of(point: EntryPoint) -> str:
    """Return the top-level package that *point* belongs to, without importing it."""
    return point.module.partition(".")[0]


def load(name: str, points: Mapping[str, EntryPoint] | None = None) -> ModuleType:
    """Import the plugin *name* of *points*, by default of all that are installed.

    Raise PluginError where it is absent, broken or of another API.
    """
    point = (installed() if points is None else points).get(name)
    if point is None:
        raise PluginError(
            f"plugin {name!r} is not installed: install it, or take it out of communicate.plugins"
        )
    try:
        module: ModuleType = point.load()
    except (Exception, SystemExit) as error:  # whatever it does, the site is not its to end
        raise PluginError(
            f"plugin {name!r} cannot be imported: {type(error).__name__}: {error}"
        ) from error
    api = getattr(module, "communicate_api", None)
    if api != hookspecs.API:
        raise PluginError(
            f"plugin {name!r} states communicate_api = {api!r}; "
            f"this version offers {hookspecs.API}"
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

    @cached_property
    def points(self) -> dict[str, EntryPoint]:
        """What was installed when first asked: looking takes long where there is much."""
        return installed()

    @property
    def enabled(self) -> list[str]:
        """The names of the plugins in use, in the order in which they were enabled."""
        return [name for name in self.names() if name != CORE]

    def add(self, name: str) -> ModuleType:
        """Import and enable the plugin *name*; raise PluginError."""
        module = load(name, self.points)
        try:
            self.manager.register(module, name)
            self.manager.check_pending()
        except pluggy.PluginValidationError as error:
            self.manager.unregister(name=name)
            raise PluginError(f"plugin {name!r}: {error}") from error
        return module

    def drop(self, name: str, reason: str) -> None:
        """Go on without the plugin *name*, and keep the *reason* for operators."""
        self.failed[name] = reason
        if self.manager.has_plugin(name):
            self.manager.unregister(name=name)

    def packages(self) -> list[str]:
        """Return the top-level packages of the plugins in use."""
        return [module.__name__.partition(".")[0] for _name, module in self.modules()]

    def modules(self) -> Iterator[tuple[str, ModuleType]]:
        """Yield name and module of each plugin in use, core's duties left out."""
        for name in self.enabled:
            module: ModuleType = self.manager.get_plugin(name)  # type: ignore[assignment]
            yield name, module

    def call(self, name: str, hook: str, **arguments: Any) -> Any:
        """Return the answer of the plugin *name* alone; None where it has nothing to say."""
        module = self.manager.get_plugin(name)
        if module is None or not hasattr(module, hook):
            return None
        others = [other for other in self.manager.get_plugins() if other is not module]
        answers = self.manager.subset_hook_caller(hook, others)(**arguments)
        return answers[0] if answers else None

    def duty(
        self, hook: str, only: Iterable[str] | None = None, **arguments: Any
    ) -> Iterator[tuple[str, Any]]:
        """Yield the name and the answer of each plugin in turn, core first.

        One that fails yields its exception, is logged, and keeps no other from its duty.
        *only* restricts the call to the plugins named.
        """
        for name in list(only) if only is not None else self.names():
            try:
                yield name, self.call(name, hook, **arguments)
            except Exception as error:
                log.exception("plugin %s failed in %s", name, hook)
                yield name, error

    def gather(self, hook: str, **arguments: Any) -> list[Any]:
        """Return what every plugin declares through *hook*, in one list; failures are logged."""
        found: list[Any] = []
        for _name, answer in self.duty(hook, **arguments):
            if not isinstance(answer, Exception):
                found.extend(answer or ())
        return found

    def names(self) -> list[str]:
        """Return the names of all that implement hooks, core's first."""
        return [name for name, _module in self.manager.list_name_plugin()]
