"""A file that is sealed as it comes in, outside any transaction, and then made part of one.

A transaction that meets another one is tried again, and a blob takes the file that it is given
away: each try gets a name of its own for the same bytes (a hard link), and the spool keeps its own
until it is closed.  So what somebody sent once is not lost with the first try.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from communicate.sealing.content import SealedBlob
from communicate.sealing.files import CHUNK, SealedReader, SealedWriter, Source
from communicate.sealing.keys import MemberKey


class SealedSpool:
    """What `write` is given, sealed in *folder*, which is on the file system of the blobs.

    ``size`` is how many bytes came, ``head`` the first HEAD of them.
    """

    HEAD = 4096

    def __init__(self, folder: Path, key: MemberKey, uid: int, kind: str) -> None:
        self.uid, self.kind = uid, kind
        self.path = folder / f"spool-{uuid4().hex}"
        self.head = b""
        self._key = key
        self._file = open(self.path, "xb", buffering=0, opener=private)  # noqa: SIM115
        self._writer = SealedWriter(self._file, key, uid, kind)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        failed: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def size(self) -> int:
        """How many bytes came."""
        return self._writer.size

    def write(self, data: bytes) -> int:
        """Seal *data* after what came before; return its length."""
        if len(self.head) < self.HEAD:
            self.head += data[: self.HEAD - len(self.head)]
        return self._writer.write(data)

    def fill(self, source: Source) -> None:
        """Take all that *source* holds, and finish."""
        while data := source.read(CHUNK):
            self.write(data)
        self.finish()

    def finish(self) -> None:
        """Let this be all of it."""
        self._writer.finish()
        self._file.close()

    def pieces(self) -> Iterator[bytes]:
        """Yield all that came, once it is finished."""
        with self.path.open("rb") as file:
            yield from SealedReader(file, self._key, self.uid, self.kind).pieces(0, None)

    def blob(self, connection: Any) -> SealedBlob:
        """Return a new blob of what came, in the transaction of *connection*; do so once a try."""
        made = SealedBlob(self.uid, self.kind)
        made.size = self.size
        # With a connection, the blob's own files lie where the storage has its.
        connection.add(made)
        connection.add(made.blob)
        name = f"{self.path}-{uuid4().hex}"
        os.link(self.path, name)
        try:
            made.blob.consumeFile(name)
        finally:
            Path(name).unlink(missing_ok=True)
        return made

    def close(self) -> None:
        """Let the spool go; the blobs that were made of it stay."""
        self._file.close()
        self.path.unlink(missing_ok=True)


def private(path: str, flags: int) -> int:
    """Open *path* for nobody else."""
    return os.open(path, flags, 0o600)
