"""What comes in: its beginning is looked at, and it ends where there is no more room."""

from collections.abc import Callable
from typing import Any

from communicate.sealing.content import SealedBlob
from communicate_vdisk.kinds import HEAD


class Whole:
    """What came in parts: sealed and counted already, with its beginning."""

    def __init__(self, blob: SealedBlob, head: bytes) -> None:
        self.blob = blob
        self.head = head


class Incoming:
    """A stream that remembers its beginning; *full* is called where more than *most* comes."""

    def __init__(self, stream: Any, most: int | None, full: Callable[[int], None]) -> None:
        self._stream, self._most, self._full = stream, most, full
        self.head = b""
        self.size = 0

    def read(self, size: int, /) -> bytes:
        """Return at most *size* bytes, none at the end."""
        data: bytes = self._stream.read(size)
        if len(self.head) < HEAD:
            self.head += data[: HEAD - len(self.head)]
        self.size += len(data)
        if self._most is not None and self.size > self._most:
            self._full(self.size)
        return data


class Pieces:
    """Pieces of bytes as a stream."""

    def __init__(self, pieces: Any) -> None:
        self._pieces = iter(pieces)
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        """Return at most *size* bytes, none at the end."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        found, self._rest = self._rest[:size], self._rest[size:]
        return found
