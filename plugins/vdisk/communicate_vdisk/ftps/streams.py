"""Files on their way: out in pieces, in through a spool that is sealed as it fills.

What comes in is nowhere before `Upload.keep`: a transfer that is cut off leaves nothing.
"""

import errno
from collections.abc import Callable, Iterator
from typing import Any

Opener = Callable[[int], Any]  # from a position to pieces that can be closed


class Download:
    """A file that is read, as pyftpdlib asks for one."""

    def __init__(self, name: str, open_at: Opener) -> None:
        self.name, self._open_at = name, open_at
        self._pieces, self._rest, self.closed = open_at(0), b"", False

    def seek(self, position: int) -> None:
        """Go on from *position*."""
        self._pieces.close()
        self._pieces, self._rest = self._open_at(position), b""

    def read(self, size: int) -> bytes:
        """Return at most *size* bytes, none at the end."""
        if not self._rest:
            self._rest = next(self._pieces, b"")
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def close(self) -> None:
        """Let the file go."""
        self.closed = True
        self._pieces.close()


class Upload:
    """A file that comes in; *keep* puts the spool where it belongs, *left* is the room there.

    Where it goes on from what is there (``REST``, ``APPE``), that is read first: it becomes part
    of what is kept, and what came after the position of ``REST`` does not.
    """

    def __init__(
        self,
        name: str,
        spool: Any,
        left: int | None,
        keep: Callable[[Any], None],
        before: Opener | None = None,
    ) -> None:
        self.name, self.closed = name, False
        self._spool, self._left, self._keep, self._before = spool, left, keep, before

    def write(self, data: bytes) -> int:
        """Take *data*; raise OSError (ENOSPC) where there is no room."""
        if self._left is not None and self._spool.size + len(data) > self._left:
            raise NoRoom()
        size: int = self._spool.write(data)
        return size

    def seek(self, position: int) -> None:
        """Begin with the first *position* bytes of what is there."""
        for piece in self._pieces(position):
            self.write(piece)

    def _pieces(self, position: int) -> Iterator[bytes]:
        if self._before is None:
            return
        pieces, left = self._before(0), position
        try:
            while left > 0 and (piece := next(pieces, b"")):
                yield piece[:left]
                left -= len(piece)
        finally:
            pieces.close()

    def keep(self) -> None:
        """Put all that came where it belongs."""
        self._spool.finish()
        self._keep(self._spool)

    def close(self) -> None:
        """Let the spool go, whether it was kept or not."""
        self.closed = True
        self._spool.close()


class NoRoom(OSError):
    """More comes than there is room for."""

    def __init__(self) -> None:
        super().__init__(errno.ENOSPC, "there is no room")
