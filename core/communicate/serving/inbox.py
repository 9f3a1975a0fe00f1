"""Where the bodies of requests lie until all of each has come.

Waitress puts what is larger than half a megabyte into a file.  For the parts of a large upload
that is a way to the disk and back, which costs as much as sealing them: a few of them, of those
who bring a sign of an account, lie in memory instead.
"""

import threading
import weakref
from typing import Any

from waitress.buffers import OverflowableBuffer

ROOM = 64 * 2**20  # bytes in memory, of all requests together
MOST = 17 * 2**20  # bytes of one body: a part of an upload, as pages send them


class Inbox:
    """The memory of a process for bodies."""

    def __init__(self, room: int = ROOM, most: int = MOST) -> None:
        self.left = room
        self.most = most
        self._lock = threading.Lock()

    def settle(self, receiver: Any, size: int) -> None:
        """Let *size* bytes, which *receiver* is about to get, lie in memory if there is room.

        The room is free again once the request is forgotten.
        """
        body = None if receiver is None else receiver.getbuf()
        if isinstance(body, OverflowableBuffer) and size >= body.overflow and self._take(size):
            body.overflow = size + 1
            weakref.finalize(body, self._give_back, size)

    def _take(self, size: int) -> bool:
        with self._lock:
            taken = size <= min(self.left, self.most)
            if taken:
                self.left -= size
            return taken

    def _give_back(self, size: int) -> None:
        with self._lock:
            self.left += size
