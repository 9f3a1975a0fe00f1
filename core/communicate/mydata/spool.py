"""Bytes that are written now and read once, a moment later: at rest they are sealed.

The key is known to the object alone and goes with it; the file has no name.
"""

from collections.abc import Iterator
from os import urandom
from pathlib import Path
from tempfile import SpooledTemporaryFile

from communicate.sealing.files import SealedReader, SealedWriter
from communicate.sealing.keys import KEY_SIZE, SITE, MemberKey

IN_MEMORY = 256 * 1024  # bytes; what is longer goes to a file in *folder*
KIND = "communicate.spool"


class Spool:
    """What `write` was given, for `pieces` to give back."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = SpooledTemporaryFile(IN_MEMORY, dir=str(folder) if folder else None)  # noqa: SIM115
        self._key = MemberKey(urandom(KEY_SIZE))
        self._writer = SealedWriter(self._file, self._key, SITE, KIND)
        self.write = self._writer.write

    def pieces(self) -> Iterator[bytes]:
        """Yield all that was written, 64 KiB at most at a time; nothing can be written after."""
        self._writer.finish()
        reader = SealedReader(self._file, self._key, SITE, KIND)
        yield from reader.pieces()

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
