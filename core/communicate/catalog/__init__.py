"""The catalog: what crosses containers, in SQL, as hints that the tree confirms.

A row says what a thing is, where it is, and which object's audience governs it.  Rights are terms
of every question and come before counting; whatever is found is loaded from the tree and asked
for permission before it is shown.  Words are kept only for what members or everybody may read.
The whole catalog can be made anew from the tree, and is in no backup.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import make_url

from communicate.catalog.bound import RequestCatalog
from communicate.catalog.datamanager import CatalogBusy
from communicate.catalog.engine import open_engine
from communicate.catalog.entries import Count, Entry, Hit
from communicate.catalog.rights import entry_for, governor, principals_for, set_audience
from communicate.catalog.service import Catalog
from communicate.interfaces import ICatalog

if TYPE_CHECKING:
    from pyramid.config import Configurator

__all__ = [
    "Catalog",
    "CatalogBusy",
    "Count",
    "Entry",
    "Hit",
    "RequestCatalog",
    "entry_for",
    "governor",
    "make_catalog",
    "principals_for",
    "set_audience",
]


def make_catalog(url: str) -> Catalog:
    """Open the catalog at the SQLAlchemy *url*, its tables made where they are missing.

    Raises ValueError for an engine other than SQLite in a file or PostgreSQL.
    """
    return Catalog(open_engine(make_url(url.replace("postgres://", "postgresql://", 1))))


def bound_catalog(_context: Any, request: Any) -> RequestCatalog:
    """Return the catalog as *request* sees it."""
    return RequestCatalog(request.registry.getUtility(ICatalog), request)


def includeme(config: "Configurator") -> None:
    """Offer `ICatalog` to requests; the registry's utility of that interface is the `Catalog`."""
    config.register_service_factory(bound_catalog, ICatalog)
