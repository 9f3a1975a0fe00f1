"""What is made of files, made anew when they change, as certificates do while a site runs."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

Made = TypeVar("Made")
Marks = tuple[tuple[int, int, int] | None, ...]

LOOK = 1.0  # seconds between looks at the files
log = logging.getLogger(__name__)


class Renewed(Generic[Made]):
    """What *make* makes of *files*; threads may ask at once.

    Where a change cannot be used (half of it is there: a certificate without its key), what was
    made before stays, it is said once in the log, and the next look tries again.
    """

    def __init__(
        self, files: Sequence[Path], make: Callable[[], Made], *, look: float = LOOK
    ) -> None:
        self._files, self._make, self._look = tuple(files), make, look
        self._lock = threading.Lock()
        self._marks = self._read_marks()
        self._said: Marks = ()
        self._next = time.monotonic() + look
        self._made = make()

    def __call__(self) -> Made:
        """Return what the files hold now; raise nothing once it has been made."""
        with self._lock:
            if time.monotonic() >= self._next:
                self._next = time.monotonic() + self._look
                self._follow()
            return self._made

    def _follow(self) -> None:
        marks = self._read_marks()
        if marks == self._marks:
            return
        try:
            made = self._make()
        except Exception as error:  # whatever a library says of a file that is half there
            if marks != self._said:
                self._said = marks
                names = ", ".join(map(str, self._files))
                log.error("%s cannot be used, what was there before is: %s", names, error)
            return
        self._made, self._marks = made, marks

    def _read_marks(self) -> Marks:
        return tuple(mark(path) for path in self._files)


def mark(path: Path) -> tuple[int, int, int] | None:
    """Return what changes whenever *path* is written or replaced; None where it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
