"""Let one process at a time have the data of a site open."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

PAUSE = 0.05  # seconds between two tries

NAME = "site.lock"
LEFT = ("serve.pid", "control.sock")  # what a server that was cut off could not take away


class Busy(Exception):
    """Another process has the data of this site open."""


class SiteLock:
    """The right to open the data whose folder for running things is *run*.

    The kernel lets go of it when its holder ends, however that comes about. The file says
    who holds it, ``serve 1234`` or ``command 1234``, and is empty when nobody does: words left
    in it by a holder that is gone mean that it was cut off (`unclean`).
    """

    unclean = False

    def __init__(self, run: Path) -> None:
        run.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = run / NAME
        self._held = False
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def acquire(self, kind: str) -> bool:
        """Take the lock as *kind*, without waiting; return whether it was free."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self._held = True
        self.unclean = bool(os.pread(self._file, 1, 0))
        if self.unclean:
            for name in LEFT:
                self.path.with_name(name).unlink(missing_ok=True)
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{kind} {os.getpid()}".encode(), 0)
        return True

    def holder(self) -> tuple[str, str]:
        """Return kind and process of whoever took the lock last."""
        kind, _blank, process = os.pread(self._file, 100, 0).decode().partition(" ")
        return kind, process

    def take_to_serve(self, patience: float = 30.0) -> None:
        """Take the lock; wait *patience* seconds for a command, not at all for a server."""
        until = time.monotonic() + patience
        while not self.acquire("serve"):
            kind, process = self.holder()
            if kind == "serve":
                raise Busy(f"This site is served already, by process {process}: stop it first.")
            if time.monotonic() > until:
                raise Busy(f"Process {process} works on this site: wait for it, or stop it.")
            time.sleep(PAUSE)

    def release(self) -> None:
        """Let others have the data, which are in good order."""
        if self._held:
            os.ftruncate(self._file, 0)
        os.close(self._file)

    def __enter__(self) -> "SiteLock":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
