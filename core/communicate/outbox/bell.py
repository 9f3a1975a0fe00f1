"""The bell that wakes sleeping workers when a transaction of this process has added a job."""

import threading
from typing import Any

KEY = "communicate.outbox.bell"


class Bell:
    """A counter of rings: whoever saw fewer has something to look at."""

    def __init__(self) -> None:
        self._rung = threading.Condition()
        self.rings = 0

    def ring(self) -> None:
        """Wake everybody who waits."""
        with self._rung:
            self.rings += 1
            self._rung.notify_all()

    def wait(self, seen: int, seconds: float) -> None:
        """Return at the first ring after the *seen*-th, or when *seconds* have passed."""
        with self._rung:
            self._rung.wait_for(lambda: self.rings > seen, seconds)


def bell_of(registry: Any) -> Bell:
    """Return the one bell of the application."""
    bell: Bell = registry[KEY]
    return bell


def ring_after_commit(request: Any) -> None:
    """Ring once the transaction of *request* has committed, and not at all if it does not."""
    bell = bell_of(request.registry)
    request.tm.get().addAfterCommitHook(lambda committed: bell.ring() if committed else None)
