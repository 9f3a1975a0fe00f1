"""The three stores of an application: opened, attached to its registry, closed together."""

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from zope.interface import Interface, implementer

from communicate.backup.marker import refuse_unfinished
from communicate.catalog import Catalog, make_catalog
from communicate.catalog.sealed import words_sealer
from communicate.interfaces import ICatalog, IDatabase, IKeyRing, IPlugins
from communicate.plugins import PluginFailed
from communicate.privacy import versions
from communicate.sealing.keyring import KeyRing, open_keyring
from communicate.sealing.master import master_key
from communicate.storage.database import open_database
from communicate.storage.evolve import CORE, Chain, pending, read_chain
from communicate.storage.site import prepare
from communicate.storage.sitedb import SiteDB
from communicate.storage.work import work


class IStores(Interface):
    """The `Stores` of an application."""


@implementer(IStores)
@dataclass(frozen=True)
class Stores:
    """Object tree, catalog and key ring."""

    database: SiteDB
    catalog: Catalog
    keyring: KeyRing

    def close(self) -> None:
        """Close all three; what was committed is on disk."""
        self.database.close()
        self.catalog.close()
        self.keyring.close()


def open_stores(registry: Any) -> Stores:
    """Open what the settings name, attach it to *registry*, and make the site where there is none.

    The tree comes first: where another process holds it, nothing else is touched.  Raise
    `communicate.backup.errors.Unfinished` where a restore was cut short.
    """
    values = registry.settings
    refuse_unfinished(values["communicate.var"])
    with ExitStack() as opened:
        database = open_database(
            values["communicate.database"],
            values["communicate.var"],
            registry.getUtility(IPlugins).packages(),
            blobs=values["communicate.blobs"],
        )
        opened.callback(database.close)
        keyring = open_keyring(values["communicate.keyring"], master_key(values))
        opened.callback(keyring.close)
        catalog = make_catalog(values["communicate.catalog"])
        opened.callback(catalog.close)
        stores = attach(registry, Stores(database, catalog, keyring))
        make_site(registry)
        opened.pop_all()
    return stores


def attach(registry: Any, stores: Stores) -> Stores:
    """Let *registry* answer for *stores*, together and one by one; return them."""
    registry.registerUtility(stores.database, IDatabase)
    registry.registerUtility(stores.keyring, IKeyRing)
    registry.registerUtility(stores.catalog, ICatalog)
    registry.registerUtility(stores, IStores)
    stores.catalog.engine.seal = words_sealer(stores.keyring)
    return stores


def stores_of(registry: Any) -> Stores:
    """Return the stores attached to *registry*."""
    stores: Stores = registry.getUtility(IStores)
    return stores


def evolve_chains(registry: Any) -> list[Chain]:
    """Return the evolve steps of core and of each plugin in use; raise PluginFailed."""
    plugins = registry.getUtility(IPlugins)
    found = [read_chain(CORE, CORE)]
    for name, package in zip(plugins.enabled, plugins.packages(), strict=True):
        try:
            found.append(read_chain(name, package))
        except Exception as error:
            raise PluginFailed(name, error, "its evolve steps were read") from error
    return found


def make_site(registry: Any) -> None:
    """Make a missing site, stamped with the newest steps, and what the plugins hang under it.

    Raise `communicate.plugins.PluginFailed` for the first that cannot hang what it mounts.
    """
    steps = evolve_chains(registry)
    work(registry, lambda request: prepare(request.root_map, steps, ()))
    for name, mounts in registry.getUtility(IPlugins).duty("communicate_mounts"):
        hang(registry, name, mounts, steps)
    if not work(registry, lambda request: pending(request.root_map, steps)):
        versions.record(registry)


def hang(registry: Any, name: str, mounts: Any, steps: list[Chain]) -> None:
    """Hang the *mounts* of the plugin *name* under the site; raise PluginFailed.

    *mounts* is what it answered, or the exception that it raised instead.
    """
    try:
        if isinstance(mounts, Exception):
            raise mounts
        if mounts:
            work(registry, lambda request: prepare(request.root_map, steps, mounts))
    except Exception as error:
        raise PluginFailed(name, error, "its mounts were hung") from error
