"""What a command works with: the settings, the stores and the services of one site.

What those are made of is loaded once a command asks for it: one that runs inside the serving site
never does, and has its answer sooner.
"""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click

from communicate.cli.config import Config

Result = TypeVar("Result")


class Console:
    """One command's hold on a site, open only once something of it is asked for.

    *cwd* is the folder from which the caller's relative paths start. Inside a serving site
    *registry* is that site's. *unclean* says that whoever had the data last was cut off.
    """

    def __init__(
        self, config: Config, cwd: Path, registry: Any = None, *, unclean: bool = False
    ) -> None:
        self.config = config
        self.cwd = cwd
        self.unclean = unclean
        self.inside = registry is not None
        if registry is not None:
            self.registry = registry

    @cached_property
    def registry(self) -> Any:
        """The registry of the site's application, its stores open."""
        return open_site(self.config, unclean=self.unclean).registry

    @property
    def settings(self) -> dict[str, Any]:
        """Every setting, typed."""
        values: dict[str, Any] = self.registry.settings
        return values

    @property
    def plugins(self) -> Any:
        """The plugins in use: see `communicate.plugins.Plugins`."""
        from communicate.interfaces import IPlugins

        return self.registry.getUtility(IPlugins)

    @property
    def stores(self) -> Any:
        """Object tree, catalog and key ring: see `communicate.stores.Stores`."""
        from communicate.stores import stores_of

        return stores_of(self.registry)

    def work(self, func: Callable[[Any], Result]) -> Result:
        """Return what *func* returns for a new request, once its transaction has committed."""
        from communicate.storage.work import work

        return work(self.registry, func)

    def close(self) -> None:
        """Close the stores that this command opened; those of a serving site stay open."""
        if not self.inside and "registry" in vars(self):
            self.stores.close()


def open_site(config: Config, *, unclean: bool) -> Any:
    """Return the application of *config*, its stores open and in agreement."""
    from communicate.boot import make_app
    from communicate.catalog.reindex import check_recent

    app = make_app(config.merged, config.ini)
    if unclean:
        check_recent(app.registry)
    return app


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
pass_console: Decorator = click.make_pass_decorator(Console)
