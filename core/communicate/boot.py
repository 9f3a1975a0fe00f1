"""From an ini file to a WSGI application: settings, plugins, configuration, stores.

A plugin that fails stops the boot in development.  In production the application is built anew
without it, by a fresh Configurator: one that has included half of a plugin would go on serving
the views that were already registered.
"""

import importlib
import logging
import os
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pyramid.config import Configurator

from communicate import duties, requests, routes, services, settings, traversal
from communicate.interfaces import IPlugins
from communicate.plugins import PluginError, PluginFailed, Plugins
from communicate.serving.address import OwnAddress
from communicate.serving.bodies import ClosedBodies
from communicate.stores import open_stores

log = logging.getLogger(__name__)

# Nothing in these is found by a decorator.  They are not scanned, which would import all of each:
# a site on SQLite would load what the other database needs.
PLAIN = (
    "communicate.clock",
    "communicate.links",
    "communicate.security",
    "communicate.storage",
    "communicate.sealing",
    "communicate.catalog",
    "communicate.outbox",
    "communicate.quota",
)
PACKAGES = (
    "communicate.erasure",
    "communicate.accounts",
    "communicate.web",
    "communicate.writing",
    "communicate.disclosure",
    "communicate.contacts",
    "communicate.live",
    "communicate.notifications",
    "communicate.profile",
    "communicate.reports",
    "communicate.cases",
    "communicate.search",
    "communicate.factors",
    "communicate.privacy",
    "communicate.mydata",
    "communicate.operate",
    "communicate.statistics",
    "communicate.backup",
)


def make_app(global_config: Mapping[str, Any], ini: Mapping[str, Any]) -> Any:
    """Return the WSGI application that *ini* describes, its stores open and its site made."""
    values, plugins = read(global_config, ini)
    while True:
        config = configure(values, plugins)
        try:
            open_stores(config.registry)
        except PluginFailed as failure:
            leave_out(plugins, failure.name, failure, values)
        else:
            application = ClosedBodies(config.make_wsgi_app())
            return OwnAddress(application, values["communicate.url"])


def read(
    global_config: Mapping[str, Any], ini: Mapping[str, Any]
) -> tuple[dict[str, Any], Plugins]:
    """Return the typed settings and the plugins that could be imported.

    Raise `communicate.settings.BadSettings`, or in development the error of the first plugin that
    cannot be used.
    """
    plugins = Plugins(duties)
    errors: dict[str, Exception] = {}
    nodes = {}
    for name in settings.enabled_plugins(global_config, ini, os.environ):
        try:
            plugins.add(name)
            nodes[name] = settings_of(plugins, name)
        except (PluginError, PluginFailed) as error:
            errors[name] = error
    values = settings.load(
        global_config, ini, environ=os.environ, extra_nodes=nodes, enabled=list(nodes)
    )
    for name, reason in errors.items():
        leave_out(plugins, name, reason, values)
    return values, plugins


def settings_of(plugins: Plugins, name: str) -> list[Any]:
    """Return the nodes of the settings of the plugin *name*; raise PluginFailed."""
    try:
        return list(plugins.call(name, "communicate_settings") or ())
    except (Exception, SystemExit) as error:
        raise PluginFailed(name, error, "it was asked for its settings") from error


def leave_out(plugins: Plugins, name: str, error: Exception, values: Mapping[str, Any]) -> None:
    """Go on without the plugin *name*, as if not enabled; in development raise *error*."""
    if values["communicate.mode"] != "production":
        raise error
    log.error("the site runs without plugin %s: %s", name, error)
    plugins.drop(name, str(error))


def configure(values: dict[str, Any], plugins: Plugins) -> Configurator:
    """Return a committed Configurator with core and every plugin that does not fail."""
    while True:
        config = base(values, plugins)
        try:
            include_plugins(config, plugins)
        except PluginFailed as failure:
            leave_out(plugins, failure.name, failure, values)
        else:
            return config


def base(values: Mapping[str, Any], plugins: Plugins) -> Configurator:
    """Return a Configurator with core included, scanned and committed."""
    config = Configurator(settings=dict(values), root_factory=traversal.root_factory)
    config.registry.registerUtility(plugins, IPlugins)
    for library in ("pyramid_services", "pyramid_chameleon"):
        config.include(library)
    services.install(config)
    routes.install(config)
    # Includes before scans: decorators need the directives.
    for package in (*PLAIN, *PACKAGES):
        config.include(package)
    for package in PACKAGES:
        config.scan(package)
    requests.make_class_once(config)
    traversal.reserve_view_names(config)
    config.commit()
    return config


def include_plugins(config: Configurator, plugins: Plugins) -> None:
    """Include every plugin, then scan every one; raise PluginFailed with the first that fails.

    What a plugin names as ``communicate_apart`` in its module, names of packages or modules of its
    own, is not looked through: it holds no view, and may be slow to load and seldom wanted.
    """
    for name, _module in plugins.modules():
        attempt(name, partial(plugins.call, name, "communicate_configure", config=config))
    for name, module in plugins.modules():
        package = importlib.import_module(module.__name__.partition(".")[0])
        apart = [f".{each}" for each in getattr(module, "communicate_apart", ())]
        attempt(name, partial(config.scan, package, ignore=apart))
        attempt(name, config.commit)
    # After the plugins: a theme lays its files over theirs.
    config.include("communicate.web.theme")
    config.commit()


def attempt(name: str, action: Callable[[], Any]) -> None:
    """Do *action* for the plugin *name*; raise PluginFailed where it raises."""
    try:
        action()
    except (Exception, SystemExit) as error:
        raise PluginFailed(name, error, "it was included") from error
