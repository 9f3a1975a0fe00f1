"""Coroutines for those who cannot await: run by a loop of their own."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

Result = TypeVar("Result")


def alone(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Return what *coroutine* returns, run in a thread: the calling one may have a loop already.

    What is let through the gate by the caller is so in there.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(copy_context().run, asyncio.run, coroutine).result()
