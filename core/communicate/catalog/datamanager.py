"""The catalog's part in a transaction: nothing until the vote, all of it or nothing afterwards.

Rows written while a request runs would hold SQLite's only lock for as long as the request lasts.
So writes are gathered, written in the vote (``BEGIN IMMEDIATE``) and committed at the finish.

The sort key puts the catalog before the tree.  Its vote comes first, so that where the catalog
refuses, the tree has not voted; its commit comes an instant before the tree's, so that where the
commit fails, the tree is aborted too.  After a crash in that instant the catalog may know rows
that the tree does not: rows are hints, and `communicate.catalog.reindex.check_recent` mends them.
"""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from transaction.interfaces import (
    IDataManagerSavepoint,
    ISavepointDataManager,
    TransientError,
)
from zope.interface import implementer

from communicate.catalog.changes import Changes
from communicate.catalog.engine import Engine
from communicate.catalog.writing import write

SORT_KEY = "!communicate.catalog"  # "!" sorts before every path and name of a ZODB storage


class CatalogBusy(TransientError):
    """Another writer was in the catalog's way; another try may succeed."""


def translate(engine: Engine, error: DBAPIError) -> Exception:
    """Return what to raise for *error*: CatalogBusy where a retry may help, else itself."""
    if not engine.is_transient(error):
        return error
    return CatalogBusy("the catalog was busy: try again")


@implementer(ISavepointDataManager)
class CatalogDataManager:
    """Gather the changes of one transaction, and write them with it."""

    def __init__(self, engine: Engine, manager: Any) -> None:
        self.transaction_manager = manager
        self.changes = Changes()
        self.joined = False
        self._engine = engine
        self._connection: Connection | None = None

    def abort(self, transaction: Any) -> None:
        """Forget what was gathered; a later change joins the transaction again."""
        self._close()
        self.changes = Changes()
        self.joined = False

    def tpc_begin(self, transaction: Any) -> None:
        """Do nothing: the tree takes its lock here, and the catalog's comes after it."""

    def commit(self, transaction: Any) -> None:
        """Do nothing: a conflict in the tree shows here, before the catalog has written."""

    def tpc_vote(self, transaction: Any) -> None:
        """Write what was gathered; raise CatalogBusy where another writer is in the way."""
        if not self.changes:
            return
        try:
            self._connection = self._engine.begin()
            write(self._engine, self._connection, self.changes)
        except DBAPIError as error:
            raise translate(self._engine, error) from error

    def tpc_finish(self, transaction: Any) -> None:
        """Commit what the vote wrote."""
        if self._connection is None:
            return
        try:
            self._connection.commit()
        except DBAPIError as error:
            raise translate(self._engine, error) from error
        self._close()

    def tpc_abort(self, transaction: Any) -> None:
        """Undo what the vote wrote."""
        self._close()

    def sortKey(self) -> str:
        """Return a key that sorts before that of any storage of the tree."""
        return f"{SORT_KEY}:{id(self)}"

    def savepoint(self) -> "CatalogSavepoint":
        """Return what brings back the changes as they are gathered now."""
        return CatalogSavepoint(self)

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()  # rolls back what is not committed


@implementer(IDataManagerSavepoint)
class CatalogSavepoint:
    """The changes as they were gathered at one moment."""

    def __init__(self, manager: CatalogDataManager) -> None:
        self._manager = manager
        self._changes = manager.changes.snapshot()

    def rollback(self) -> None:
        """Forget what was gathered since."""
        self._manager.changes = self._changes.snapshot()


def changes_of(engine: Engine, manager: Any) -> Changes:
    """Return the queue of the current transaction of *manager*, joined to it."""
    transaction = manager.get()
    try:
        found: CatalogDataManager = transaction.data(engine)
    except KeyError:
        found = CatalogDataManager(engine, manager)
        transaction.set_data(engine, found)
    if not found.joined:  # new, or unjoined by a savepoint older than its first change
        transaction.join(found)
        found.joined = True
    return found.changes
