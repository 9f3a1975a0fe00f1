"""Who waits for something in this process is woken when a transaction has committed it.

A runner that sends adds what wakes it to the `bells_of` its queue; whoever queues something has
them rung, by `ring_after_commit`.  Other processes look into their queues by themselves, later.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

KEY = "communicate.bells"


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


def bells_of(registry: Any, queue: str) -> Bells:
    """Return the bells of the queue of that name in this process."""
    found: Bells = registry.setdefault(f"{KEY}.{queue}", Bells())
    return found


def ring_after_commit(request: Any, queue: str) -> None:
    """Ring for *queue* once the transaction of *request* has committed, and not if it does not."""
    bells = bells_of(request.registry, queue)
    request.tm.get().addAfterCommitHook(lambda committed: bells.ring() if committed else None)
