"""The three stores of an application, opened together and attached to its registry."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyramid.config import Configurator

from communicate.catalog import make_catalog
from communicate.catalog.service import Catalog
from communicate.interfaces import ICatalog, IDatabase, IKeyRing, IPlugins
from communicate.sealing.keyring import KeyRing, open_keyring
from communicate.sealing.master import master_key
from communicate.storage.database import open_database
from communicate.storage.sitedb import SiteDB


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
