"""A sealed file read as any file is: from anywhere, in bounded memory."""

import io
from typing import Any


class SealedFile(io.RawIOBase):
    """The plaintext of a `SealedBlob`; *opens* is `ISeals.open_range`."""

    def __init__(self, opens: Any, blob: Any) -> None:
        super().__init__()
        self._opens, self._blob = opens, blob
        self._at = 0
        self._pieces: Any = None
        self._rest = b""

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that one can go back in it."""
        return True

    def tell(self) -> int:
        """Return how many bytes stand before what is read next."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go on reading from there."""
        base: int = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._blob.size}[whence]
        place = max(0, base + offset)
        if place != self._at:
            self._drop()
            self._at = place
        return place

    def readinto(self, buffer: Any, /) -> int:
        """Fill *buffer* with what comes next; return how many bytes that are, 0 at the end."""
        if not self._rest:
            self._rest = self._next()
        taken = self._rest[: len(buffer)]
        buffer[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        self._at += len(taken)
        return len(taken)

    def close(self) -> None:
        """Read no more."""
        self._drop()
        super().close()

    def _next(self) -> bytes:
        if self._at >= self._blob.size:
            return b""
        if self._pieces is None:
            self._pieces = self._opens(self._blob, self._at, None)
        found: bytes = next(self._pieces, b"")
        return found

    def _drop(self) -> None:
        if self._pieces is not None:
            self._pieces.close()
        self._pieces, self._rest = None, b""
