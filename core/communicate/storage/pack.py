"""Packing: afterwards no file of the three stores holds what was deleted before."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Protocol

from ZODB.FileStorage.FileStorage import FileStorageError

from communicate.storage.blobs import remove_leftovers
from communicate.storage.errors import PackBusy
from communicate.storage.postgresql import locked
from communicate.storage.sitedb import SiteDB

log = logging.getLogger(__name__)

DAY = 86_400  # seconds


class Tables(Protocol):
    """A store of SQL tables."""

    def checkpoint(self) -> None:
        """Leave nothing of what was deleted in the files; raise where readers prevent it."""


class Packable(Protocol):
    """The three stores of a site."""

    @property
    def database(self) -> SiteDB:
        """The object tree."""

    @property
    def catalog(self) -> Tables:
        """What crosses containers."""

    @property
    def keyring(self) -> Tables:
        """The members' keys."""


def pack(stores: Packable, days: float = 0) -> None:
    """Drop what was deleted or replaced more than *days* days ago, and the bytes it lay in.

    Readers and writers go on meanwhile.  Raises PackBusy where another pack runs, and what
    catalog and key ring raise where something reads them for too long: each store is tried, and
    what was done stays done.
    """
    pack_tree(stores.database, days)
    try:
        stores.catalog.checkpoint()
    finally:
        stores.keyring.checkpoint()


def pack_tree(database: SiteDB, days: float = 0) -> None:
    """Pack the object tree alone; raise PackBusy while a backup or another pack goes on."""
    with alone(database):
        _pack_tree(database, days)


@contextmanager
def alone(database: SiteDB, patience: float = 0) -> Iterator[None]:
    """Keep packs and backups of *database* out, in every process; raise PackBusy.

    Wait *patience* seconds for one that is under way in this process.
    """
    if not database.rewriting.acquire(timeout=patience):
        raise PackBusy("a backup or a pack is under way: try again once it has ended")
    try:
        with locked(database.dsn) if database.dsn else nullcontext():
            yield
    finally:
        database.rewriting.release()


def _pack_tree(database: SiteDB, days: float) -> None:
    began = time.monotonic()
    sums = database.sums
    if sums is not None:
        sums.forget()  # before: the new file might get the number of one that is gone
    try:
        database.pack(time.time() - days * DAY)
    except FileStorageError as error:
        raise PackBusy(f"the tree cannot be packed now ({error}): try again later") from error
    removed = remove_leftovers(database.storage, database.blobs) if database.blobs else 0
    if database.compact is not None:
        database.compact()
    if sums is not None:
        sums.record()
    took = time.monotonic() - began
    log.info("packed the tree in %.1f s; %d left-over blobs removed", took, removed)
