"""Whether the sessions of open pages still run: what ran out, or was ended by another process."""

import time
from collections.abc import Iterator
from itertools import islice
from typing import Any

from communicate.interfaces import ISessions
from communicate.storage.work import made_request

BATCH = 100  # sessions that are looked at before others go on
PAUSE = 0.02  # seconds


def over(registry: Any, keys: list[bytes]) -> list[bytes]:
    """Return those of *keys* under which no session lies that signs its member in."""
    found: list[bytes] = []
    waiting: Iterator[bytes] = iter(keys)
    while batch := list(islice(waiting, BATCH)):
        with made_request(registry) as request:
            request.tm.begin()
            sessions = request.find_service(ISessions)
            found += [key for key in batch if sessions.holder(key) is None]
        time.sleep(PAUSE)
    return found
