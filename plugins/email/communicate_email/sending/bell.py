"""Who waits for letters in this process is woken when a transaction has queued some."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

KEY = "communicate_email.sending"


class Bells:
    """What is to be called when something was queued."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Callable[[], object]] = []

    def add(self, wake: Callable[[], object]) -> None:
        """Have *wake* called, from any thread."""
        with self._lock:
            self._waiting.append(wake)

    def remove(self, wake: Callable[[], object]) -> None:
        """Call *wake* no more."""
        with self._lock, suppress(ValueError):
            self._waiting.remove(wake)

    def ring(self) -> None:
        """Wake everybody."""
        with self._lock:
            for wake in self._waiting:
                wake()


def bells_of(registry: Any) -> Bells:
    """Return the bells of the application."""
    found: Bells = registry.setdefault(KEY, Bells())
    return found


def ring_after_commit(request: Any) -> None:
    """Ring once the transaction of *request* has committed, and not at all if it does not."""
    bells = bells_of(request.registry)
    request.tm.get().addAfterCommitHook(lambda committed: bells.ring() if committed else None)
