"""Sealed files, version 1: written as a stream, read in ranges.

Header: version (1 byte) ‖ key id (4) ‖ salt (32, random).  Then chunks of 64 KiB of plaintext,
the last one shorter (and empty for an empty file only), each AES-256-GCM ciphertext and tag under
a key derived for this file from the owner's key and the salt.  A chunk's nonce is its index
(11 bytes, big-endian) ‖ 1 for the last chunk, 0 for the others: the STREAM construction (Hoang,
Reyhanitabar, Rogaway, Vizár 2015), so a chunk that was changed, moved, dropped or added is found.
The associated data are those of an envelope.
"""

import io
from collections.abc import Callable, Iterator
from os import urandom
from types import TracebackType
from typing import Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from communicate.sealing.errors import Destroyed, SealBroken
from communicate.sealing.keys import KEY_ID_SIZE, TAG_SIZE, MemberKey, associated, derive

VERSION = b"\x01"
SALT_SIZE = 32
HEADER_SIZE = len(VERSION) + KEY_ID_SIZE + SALT_SIZE
CHUNK = 64 * 1024
SEALED_CHUNK = CHUNK + TAG_SIZE


class Source(Protocol):
    """What a file to be sealed is read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most *size* bytes, none at the end."""


class Sink(Protocol):
    """What a sealed file is written to."""

    def write(self, data: memoryview, /) -> int:
        """Write *data* or its beginning; return how many bytes."""


class SeekableSource(Source, Protocol):
    """What a sealed file is read from."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to *offset* and return the position from the beginning."""

    def close(self) -> None:
        """Let the file go."""


class FileCipher:
    """Seal and open the chunks of one file."""

    def __init__(self, key: MemberKey, salt: bytes, bound_to: bytes) -> None:
        self._aead = AESGCM(derive(key.secret, "file/v1", salt))
        self._bound_to = bound_to

    def seal(self, index: int, data: bytes, *, final: bool) -> bytes:
        """Return the sealed chunk *index* that holds *data*."""
        return self._aead.encrypt(_nonce(index, final), data, self._bound_to)

    def open(self, index: int, sealed: bytes, *, final: bool) -> bytes:
        """Return what the chunk *index* holds, or raise SealBroken."""
        try:
            return self._aead.decrypt(_nonce(index, final), sealed, self._bound_to)
        except InvalidTag:
            raise SealBroken(f"chunk {index} of a sealed file is not what was sealed") from None


def _nonce(index: int, final: bool) -> bytes:
    return index.to_bytes(11, "big") + (b"\x01" if final else b"\x00")


class SealedWriter:
    """Seal what is written, into *out*; hold one chunk in memory.

    The file is whole only after `finish`, which leaving a ``with`` block without an error calls;
    before that, readers refuse it.
    """

    def __init__(self, out: Sink, key: MemberKey, uid: int, kind: str) -> None:
        salt = urandom(SALT_SIZE)
        self._cipher = FileCipher(key, salt, associated(uid, kind))
        self._out = out
        self._waiting = bytearray()
        self._index = 0
        self._finished = False
        self.size = 0
        self._put(VERSION + key.id + salt)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        failed: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if failed is None:
            self.finish()

    def write(self, data: bytes) -> int:
        """Seal *data* after what was written before; return its length."""
        if self._finished:
            raise ValueError("this sealed file is finished: nothing can follow its last chunk")
        for start in range(0, len(data), CHUNK):
            self._waiting += data[start : start + CHUNK]
            # A full chunk waits until more comes: only then is it known not to be the last.
            if len(self._waiting) > CHUNK:
                self._seal(bytes(self._waiting[:CHUNK]), final=False)
                del self._waiting[:CHUNK]
        self.size += len(data)
        return len(data)

    def finish(self) -> None:
        """Write the last chunk; done again, change nothing."""
        if not self._finished:
            self._finished = True
            self._seal(bytes(self._waiting), final=True)
            self._waiting.clear()

    def _seal(self, data: bytes, *, final: bool) -> None:
        self._put(self._cipher.seal(self._index, data, final=final))
        self._index += 1

    def _put(self, data: bytes) -> None:
        # Raw files may take less than they are given, on a disk that is nearly full for one.
        left = memoryview(data)
        while left:
            left = left[self._out.write(left) :]


class SealedReader:
    """Read a sealed file in ranges.

    Opening authenticates the last chunk, so a file that was cut or lengthened is refused before
    anything of it is shown.  `size` is the length of the plaintext in bytes.
    """

    def __init__(self, file: SeekableSource, key: MemberKey, uid: int, kind: str) -> None:
        self._file = file
        self._cipher = FileCipher(key, self._salt(key, uid), associated(uid, kind))
        body = file.seek(0, io.SEEK_END) - HEADER_SIZE
        self._last, rest = divmod(max(body - 1, 0), SEALED_CHUNK)
        if rest + 1 < TAG_SIZE:
            raise SealBroken("a sealed file is cut short")
        self.size = body - (self._last + 1) * TAG_SIZE
        self._final = self._open(self._last)

    def _salt(self, key: MemberKey, uid: int) -> bytes:
        self._file.seek(0)
        header = read(self._file, HEADER_SIZE)
        if len(header) < HEADER_SIZE or header[:1] != VERSION:
            raise SealBroken("this is no sealed file of version 1")
        if header[1 : 1 + KEY_ID_SIZE] != key.id:
            raise Destroyed(uid)
        return header[1 + KEY_ID_SIZE :]

    def chunk(self, index: int) -> bytes:
        """Return the plaintext of the chunk *index*."""
        return self._final if index == self._last else self._open(index)

    def _open(self, index: int) -> bytes:
        self._file.seek(HEADER_SIZE + index * SEALED_CHUNK)
        sealed = read(self._file, SEALED_CHUNK)
        return self._cipher.open(index, sealed, final=index == self._last)

    def pieces(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Yield the bytes from *start* up to *stop* (None: the end), 64 KiB at most at a time.

        What lies past the end is left out, as in a slice; raise ValueError if *start* is
        negative.
        """
        if start < 0:
            raise ValueError("a range cannot begin before the file does")
        stop = self.size if stop is None else min(stop, self.size)
        return self._pieces(start, stop)

    def _pieces(self, start: int, stop: int) -> Iterator[bytes]:
        while start < stop:
            index, offset = divmod(start, CHUNK)
            piece = self.chunk(index)[offset : offset + stop - start]
            start += len(piece)
            yield piece

    def close(self) -> None:
        """Let the file go."""
        self._file.close()


def read(file: Source, size: int) -> bytes:
    """Return *size* bytes, or what there is before the end: raw files may answer with less."""
    parts = []
    while size > 0 and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def seal_file(source: Source, writer: SealedWriter) -> int:
    """Seal all that *source* holds and finish; return its length in bytes."""
    while data := source.read(CHUNK):
        writer.write(data)
    writer.finish()
    return writer.size


class Range(Iterator[bytes]):
    """Pieces of an opened file that is closed after the last, on an error, or by `close`.

    It is fit to be the ``app_iter`` of a response: the server calls `close`.
    """

    def __init__(self, pieces: Iterator[bytes], close: Callable[[], None]) -> None:
        self._pieces = pieces
        self.close = close

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self.close()
            raise
