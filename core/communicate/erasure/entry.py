"""Writing the ledger together with the transaction that closes the account."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from transaction.interfaces import IDataManager, IDataManagerSavepoint, ISavepointDataManager
from zope.interface import implementer

from communicate.erasure.ledger import Ledger
from communicate.erasure.steps import CLOSE, LEDGER


@implementer(IDataManagerSavepoint)
class _Unchanged:
    def rollback(self) -> None:
        """Change nothing: nothing is written before the vote."""


@implementer(ISavepointDataManager, IDataManager)
class LedgerEntry:
    """Add a line to the ledger when every store has agreed to commit, just before they do.

    So a line is never written for an erasure that was undone, and no account is closed without
    its line.  Killed in between, the line alone is left: `communicate.erasure.replay` goes on.
    """

    def __init__(
        self, manager: Any, ledger: Ledger, uid: int, when: datetime, after: Callable[[str], None]
    ) -> None:
        self.transaction_manager = manager
        self._ledger, self._uid, self._when, self._after = ledger, uid, when, after

    def tpc_vote(self, transaction: Any) -> None:
        """Write the line; raise LedgerUnusable, which undoes the transaction."""
        self._ledger.add(self._uid, self._when)
        self._after(LEDGER)

    def tpc_finish(self, transaction: Any) -> None:
        """Tell that the account is closed: every other store has committed."""
        self._after(CLOSE)

    def sortKey(self) -> str:
        """Come after every store, so that their refusals leave no line."""
        return "~~~~communicate.ledger"

    def savepoint(self) -> Any:
        """Return a savepoint with nothing to roll back."""
        return _Unchanged()

    def _nothing(self, transaction: Any) -> None:
        """Do nothing in this phase."""

    abort = tpc_begin = commit = tpc_abort = _nothing
