"""The ledger of erasures: who must stay erased even if an old backup is restored.

A text file outside the data and its backups, one line for each erasure: the number of the account
and the moment, ``4711 2031-03-04T09:30:00+00:00``.  Lines are only ever added, and are on disk
before anything else of the erasure happens.
"""

import logging
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

log = logging.getLogger(__name__)
_writing = threading.Lock()


class LedgerUnusable(Exception):
    """The ledger cannot be read or written: no account can be erased until it can."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"the ledger of erasures {path} cannot be used ({error.strerror}): see to it that the "
            "folder named in communicate.ledger_file exists and that the site's account may "
            "read and write the file, then try again"
        )


@dataclass(frozen=True)
class Line:
    """One erasure."""

    uid: int
    when: datetime


@dataclass(frozen=True)
class Ledger:
    """The ledger in the file *path*, made (0600) with the first line."""

    path: Path

    def check(self) -> None:
        """Raise LedgerUnusable unless a line can be added and all can be read."""
        os.close(self._open())

    def add(self, uid: int, when: datetime) -> None:
        """Add a line; it is on disk on return.  Raise LedgerUnusable."""
        with _writing:
            descriptor = self._open()
            try:
                self._append(descriptor, f"{uid} {when.isoformat(timespec='seconds')}\n".encode())
            except OSError as error:
                raise LedgerUnusable(self.path, error) from error
            finally:
                os.close(descriptor)

    def lines(self) -> Iterator[Line]:
        """Yield every line, the oldest first; what a crash left half written is left out.

        Raise LedgerUnusable where there is a ledger that cannot be read; none at all is empty.
        """
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return
        except OSError as error:
            raise LedgerUnusable(self.path, error) from error
        for number, line in enumerate(text.splitlines(), start=1):
            try:
                uid, when = line.split(" ")
                yield Line(int(uid), datetime.fromisoformat(when))
            except ValueError:
                log.warning("%s: line %d is not an erasure and is left out", self.path, number)

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        try:
            return os.open(self.path, flags, 0o600)
        except OSError as error:
            raise LedgerUnusable(self.path, error) from error

    def _append(self, descriptor: int, line: bytes) -> None:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            line = b"\n" + line  # a crash cut the last line short: it must not swallow this one
        while line:
            line = line[os.write(descriptor, line) :]
        os.fsync(descriptor)
        if not size:
            self._keep_name()

    def _keep_name(self) -> None:
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
