"""Whose turn it is to write: requests that write into one disk would only meet, and try again.

Nobody waits for a body: it is here before a turn is asked for.  Writers on other ways, and in
other processes, are met all the same, and then the transaction is tried again.
"""

import threading
import zlib
from contextlib import AbstractContextManager, nullcontext

from communicate_vdisk.dav.exchange import Exchange

READING = ("GET", "HEAD", "OPTIONS", "PROPFIND")
KINDS = 64  # disks that have the same remainder wait for each other


class Turns:
    """The turns of one process."""

    def __init__(self) -> None:
        self._locks = [threading.Lock() for _kind in range(KINDS)]

    def of(self, exchange: Exchange, tried: int) -> AbstractContextManager[object]:
        """Return the turn of *exchange*, which was *tried* before; none where it needs none.

        A copy takes long, and waits for its turn only once it has met another.
        """
        method = exchange.method
        waits = method not in READING and exchange.is_here
        if not waits or (method == "COPY" and not tried):
            return nullcontext()
        disk = exchange.path.partition("/")[2].partition("/")[0]
        return self._locks[zlib.crc32(disk.encode()) % KINDS]
