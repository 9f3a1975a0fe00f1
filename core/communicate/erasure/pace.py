"""Batches of an erasure, with pauses between them, so that others are not kept waiting."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from communicate.courtesy import courtesy
from communicate.storage.work import work

LONGEST = 0.1  # seconds of pause between two batches
Result = TypeVar("Result")


def batch(registry: Any, action: Callable[[Any], Result]) -> Result:
    """Return what *action* does in a transaction of its own; then pause.

    It lets requests go by.  The pause is as long as others had to wait.
    """
    began = time.monotonic()
    with courtesy.giving_way():
        done = work(registry, action)
    time.sleep(min(LONGEST, time.monotonic() - began))
    return done
