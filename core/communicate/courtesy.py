"""Whose turn it is in this process: requests go first, long work that nobody waits for gives way.

All threads share one interpreter.  A page hands it back whenever it reads or waits for something,
up to two hundred times, and gets it again half a millisecond later each time if a job computes
meanwhile: a page of 5 ms took 50.  So whoever works in batches lets requests go by inside
`giving_way`: before the transaction begins, before it loads an object, and before it commits.

Short jobs do not: the moment at which no request is on its way is the one at which the next comes,
and what both write would conflict each time.
"""

import threading
import time
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

LONGEST = 0.02  # seconds for which a thread waits at one place
TURN = 0.002  # seconds that it works after such a wait, however many requests there are
PATIENCE = 0.25  # seconds after which a request, such as a long download, holds up nobody


class Courtesy:
    """The requests of a process that are not answered yet, and the threads that give way."""

    def __init__(self) -> None:
        self._asked: dict[Hashable, float] = {}  # request -> when it arrived
        self._lock = threading.Lock()
        self._quiet = threading.Event()
        self._quiet.set()
        self._turn = threading.local()

    def arrived(self, request: Hashable) -> None:
        """Count *request*, which is to be answered."""
        with self._lock:
            self._asked[request] = time.monotonic()
            self._quiet.clear()

    def answered(self, request: Hashable) -> None:
        """Count it no more."""
        with self._lock:
            self._asked.pop(request, None)
            if not self._asked:
                self._quiet.set()

    @contextmanager
    def giving_way(self) -> Iterator[None]:
        """Have the calling thread give way where it may, for a block."""
        self._turn.until = 0.0
        try:
            yield
        finally:
            del self._turn.until

    def give_way(self) -> None:
        """Let requests go by, for LONGEST at most; does nothing outside `giving_way`.

        Not to be called by who holds what a request may need.
        """
        if self._quiet.is_set():
            return
        until: float | None = getattr(self._turn, "until", None)
        if until is None or time.monotonic() < until or not self._is_asked():
            return
        if not self._quiet.wait(LONGEST):
            self._turn.until = time.monotonic() + TURN

    def linger(self, seconds: float) -> None:
        """Return once no request is on its way, or after *seconds*."""
        self._quiet.wait(seconds)

    def _is_asked(self) -> bool:
        """Tell whether any request arrived a short time ago."""
        since = time.monotonic() - PATIENCE
        with self._lock:
            return any(arrived > since for arrived in self._asked.values())


courtesy = Courtesy()
