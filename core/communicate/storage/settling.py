"""A file storage that readers need not wait for while a commit is on its way to the disk.

ZODB's own lets the disk confirm a commit (fsync) under the locks that every transaction takes to
begin and every object to be loaded: on each commit, whatever it is about, all pages of the site
stand still for as long as the disk takes.  Here the disk confirms it first, while nobody waits
but those who write, and only what memory knows of the file is then changed under the locks.
"""

import os
from typing import Any

from ZODB.FileStorage import FileStorage
from ZODB.utils import as_bytes

STATUS_AT = 16  # the place of a transaction's status in its header


class Storage(FileStorage):
    """ZODB's file storage, which commits in the same order and format, and as durably."""

    _unsettled: OSError | None = None  # why the disk did not confirm the present commit

    def tpc_finish(self, transaction: Any, f: Any = None) -> Any:
        """Commit *transaction*, and return its id; see `ZODB.interfaces.IStorage`."""
        if transaction is self._transaction:
            self._settle()
        return super().tpc_finish(transaction, f)

    def _settle(self) -> None:
        """Write that the transaction is committed, and wait until all of it is on the disk.

        Nobody reads it yet: nothing in memory leads there.  Nobody writes: that is for whoever
        holds the lock of commits.
        """
        try:
            with self._lock:  # those who read old states move in the same file
                self._file.seek(self._pos + STATUS_AT)
                self._file.write(as_bytes(self._tstatus))
                self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            self._unsettled = error

    def _finish_finish(self, tid: bytes) -> None:
        """Let what was committed be read; where the disk failed, ZODB closes the storage."""
        if self._unsettled is not None:
            raise self._unsettled
        self._file.flush()  # ZODB has just written the same status once more
        self._pos = self._nextpos
        self._index.update(self._tindex)
        self._ltid = tid
        self._blob_tpc_finish()
