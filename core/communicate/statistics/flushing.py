"""The thread that adds what this process counted to the tree, every few minutes and at its end."""

import logging
import threading
from typing import Any

log = logging.getLogger(__name__)

EVERY = 300.0  # seconds: what a crash may lose


class Flusher:
    """Flush the counter of *registry* between `start` and `stop`."""

    def __init__(self, registry: Any, every: float = EVERY) -> None:
        self.counter = registry.communicate_counter
        self.every = every
        self._ended = threading.Event()
        self._thread = threading.Thread(
            target=self._run, name="communicate-statistics", daemon=True
        )

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Add what is left, and end."""
        self._ended.set()
        self._thread.join(10.0)

    def _run(self) -> None:
        while not self._ended.wait(self.every):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        try:
            self.counter.flush()
        except Exception:  # a store that is away for a while must not end the thread
            log.exception("pages opened could not be counted: trying again")
