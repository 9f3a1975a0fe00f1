"""Trying again after a conflict: up to ten times, with growing pauses that differ."""

import random
import time
from typing import TYPE_CHECKING, Any

from pyramid_retry import IBeforeRetry

if TYPE_CHECKING:
    from pyramid.config import Configurator

TRIES = 10
FIRST = 0.01  # seconds, at most, before the second try
LONGEST = 0.5  # seconds


def pause(tried: int) -> None:
    """Sleep before another try after *tried* of them.

    The pause is random, so that those who met do not meet again, between half and all of a span
    that doubles with each try.
    """
    span = min(LONGEST, FIRST * 2 ** (tried - 1))
    time.sleep(random.uniform(span / 2, span))  # noqa: S311 (nothing secret hangs on it)


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
