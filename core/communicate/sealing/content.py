"""What the tree holds of sealed things; path and names are an on-disk contract."""

from dataclasses import dataclass
from typing import Any

from persistent import Persistent
from ZODB.blob import Blob
from ZODB.interfaces import BlobError

from communicate.sealing.envelope import OVERHEAD
from communicate.sealing.files import Range, SealedReader, SealedWriter, Source, seal_file
from communicate.sealing.keys import MemberKey
from communicate.sealing.partial import PartialFile


@dataclass(frozen=True, slots=True, repr=False)
class Sealed:
    """A small sealed value, part of the object that holds it; immutable."""

    uid: int
    kind: str
    envelope: bytes

    def __reduce__(self) -> tuple[type["Sealed"], tuple[int, str, bytes]]:
        return Sealed, (self.uid, self.kind, self.envelope)

    def __repr__(self) -> str:
        return f"<Sealed {self.kind}, {self.size} bytes>"

    @property
    def size(self) -> int:
        """Length in bytes of what is sealed."""
        return len(self.envelope) - OVERHEAD


class SealedBlob(Persistent):
    """A sealed file of any size; `size` is the length of its plaintext in bytes."""

    def __init__(self, uid: int, kind: str) -> None:
        self.uid = uid
        self.kind = kind
        self.size = 0
        self.blob = Blob()

    def __repr__(self) -> str:
        return f"<SealedBlob {self.kind}, {self.size} bytes>"

    def fill(self, key: MemberKey, source: Source) -> None:
        """Seal all that *source* holds, in place of what was here before."""
        with self.blob.open("w") as out:
            self.size = seal_file(source, SealedWriter(out, key, self.uid, self.kind))

    def take(self, jar: Any, file: PartialFile) -> None:
        """Hold what *file*, which is whole, does, in place of what was here before.

        *jar* is the connection of the transaction that stores this: the bytes are on the disk of
        its blobs already, and nothing of them is copied.
        """
        for new in (self, self.blob):
            if new._p_jar is None:
                jar.add(new)
        self.blob.consumeFile(str(file.linked()))
        self.size = file.size

    def range(self, key: MemberKey, start: int, stop: int | None) -> Range:
        """Return the pieces of the plaintext from *start* up to *stop*; see `files.Range`.

        The file is opened and its end authenticated at once, so the pieces may be read after the
        transaction has ended.
        """
        file = self._open()
        try:
            pieces = SealedReader(file, key, self.uid, self.kind).pieces(start, stop)
        except BaseException:
            file.close()
            raise
        return Range(pieces, file.close)

    def _open(self) -> Any:
        try:
            # Committed files stay open when the connection goes back to its pool.
            return self.blob.open("c")
        except BlobError:
            return self.blob.open("r")
