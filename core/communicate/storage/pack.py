"""Packing: afterwards no file of the three stores holds what was deleted before."""

import logging
import time
from typing import Protocol

from ZODB.FileStorage.FileStorage import FileStorageError

from communicate.storage.blobs import remove_leftovers
from communicate.storage.errors import PackBusy
from communicate.storage.retry import pause
from communicate.storage.sitedb import SiteDB

log = logging.getLogger(__name__)

PATIENCE = 60.0  # seconds to wait for readers of a SQLite store
DAY = 86_400  # seconds


class Checkpointed(Protocol):
    """A store of SQL tables whose log can be folded into its file and emptied."""

    def checkpoint(self) -> bool:
        """Write the log into the file and empty it; return False where a reader prevents it."""


class Optimized(Checkpointed, Protocol):
    """A store whose text index keeps deleted words until it is merged."""

    def optimize(self) -> None:
        """Merge the index, so that it holds no word of a deleted row."""


class Packable(Protocol):
    """The three stores of a site."""

    @property
    def database(self) -> SiteDB:
        """The object tree."""

    @property
    def catalog(self) -> Optimized:
        """What crosses containers."""

    @property
    def keyring(self) -> Checkpointed:
        """The members' keys."""


def pack(stores: Packable, days: float = 0, *, patience: float = PATIENCE) -> None:
    """Drop what was deleted or replaced more than *days* days ago, from memory of the disk too.

    Readers and writers go on meanwhile.  Raises PackBusy where another pack runs, or a reader
    holds a SQLite store for longer than *patience* seconds; what was done until then stays done.
    """
    pack_tree(stores.database, days)
    stores.catalog.optimize()
    for name, store in (("catalog", stores.catalog), ("key ring", stores.keyring)):
        checkpoint(name, store, patience)


def pack_tree(database: SiteDB, days: float = 0) -> None:
    """Pack the object tree alone."""
    began = time.monotonic()
    try:
        database.pack(time.time() - days * DAY)
    except FileStorageError as error:
        raise PackBusy(f"the tree cannot be packed now ({error}): try again later") from error
    removed = remove_leftovers(database.storage, database.blobs) if database.blobs else 0
    if database.compact is not None:
        database.compact()
    took = time.monotonic() - began
    log.info("packed the tree in %.1f s; %d left-over blobs removed", took, removed)


def checkpoint(name: str, store: Checkpointed, patience: float) -> None:
    """Empty the log of *store* once no reader needs it; raise PackBusy after *patience* s."""
    deadline = time.monotonic() + patience
    tried = 0
    while not store.checkpoint():
        if time.monotonic() >= deadline:
            raise PackBusy(
                f"the {name}'s log still holds deleted words, because something has been reading "
                f"it for {patience:g} seconds: pack again later"
            )
        tried += 1
        pause(tried)
