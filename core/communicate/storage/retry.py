"""Trying again after a conflict: up to ten times, with growing pauses that differ.

Who works long on what others change quickly would lose each time.  So whoever has lost `OFTEN` has
the right of way in this process: until that is done others begin nothing, for a while.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from pyramid_retry import IBeforeRetry

if TYPE_CHECKING:
    from pyramid.config import Configurator

TRIES = 10
FIRST = 0.01  # seconds, at most, before the second try
LONGEST = 0.5  # seconds
OFTEN = 4  # tries that came to nothing
HELD = 0.5  # seconds for which others begin nothing, at most


def pause(tried: int) -> None:
    """Sleep before another try after *tried* of them.

    The pause is random, so that those who met do not meet again, between half and all of a span
    that doubles with each try.
    """
    span = min(LONGEST, FIRST * 2 ** (tried - 1))
    time.sleep(random.uniform(span / 2, span))  # noqa: S311 (nothing secret hangs on it)


class RightOfWay:
    """Who of the threads of a process goes first: one at a time."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._free = threading.Event()
        self._free.set()
        self._holder = 0

    def before(self, tried: int, held: ExitStack) -> None:
        """Give way, at most tries; at the one that comes after `OFTEN` have it until *held* ends.

        It is kept for further tries: what others had begun may be in the way of the first one.
        Whoever calls holds nothing that others need, neither a connection nor a transaction.
        """
        if tried == OFTEN + 1:
            held.enter_context(self._had())
        elif not self._free.is_set() and self._holder != threading.get_ident():
            self._free.wait(HELD)

    @contextmanager
    def _had(self) -> Iterator[None]:
        with self._lock:
            outer, self._holder = self._holder, threading.get_ident()
            self._free.clear()
            try:
                yield
            finally:
                self._holder = outer
                if not outer:
                    self._free.set()


right_of_way = RightOfWay()


def is_retryable(manager: Any, error: BaseException) -> bool:
    """Tell whether another try may succeed; ask before the transaction is aborted."""
    return isinstance(error, Exception) and bool(manager.get().isRetryableError(error))


def before_retry(event: Any) -> None:
    """Pause before `pyramid_retry` makes the next request."""
    pause(event.environ["retry.attempt"] + 1)


def includeme(config: "Configurator") -> None:
    """Have requests tried again."""
    config.registry.settings["retry.attempts"] = TRIES
    config.include("pyramid_retry")
    config.add_subscriber(before_retry, IBeforeRetry)
