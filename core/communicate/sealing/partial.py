"""A sealed file that comes in parts, perhaps over days, and is whole at the end without a copy.

What has come is sealed at once, in the format of `communicate.sealing.files`: whole chunks go
into the file, and what does not fill one is given back to the caller to be kept: the rest.  How
much counts is the caller's to know, and to say each time.

A chunk's nonce is its index, so a chunk that was written must never be written with other bytes.
What lies behind what counts, because a server was killed, is compared: the same bytes go on,
others begin the file anew under another salt, which `Anew` tells.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from os import urandom
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Self

from communicate.sealing.errors import SealBroken
from communicate.sealing.files import (
    CHUNK,
    HEADER_SIZE,
    SALT_SIZE,
    SEALED_CHUNK,
    VERSION,
    FileCipher,
    Source,
    read,
)
from communicate.sealing.keys import TAG_SIZE, MemberKey, associated
from communicate.storage.folders import make_private

TOGETHER = 16  # chunks written at once


class Busy(Exception):
    """Somebody else writes this file at the moment."""


class Anew(Exception):
    """What had come is of no use: the file is empty now, and everything is to be sent again."""


class PartialFile:
    """The file at *path*, of *size* bytes once it is whole, held by nobody else meanwhile.

    Use it in a ``with`` block; raise Busy where another one has it.
    """

    def __init__(self, path: Path, key: MemberKey, uid: int, kind: str, size: int) -> None:
        self.path, self.uid, self.kind, self.size = path, uid, kind, size
        self._key = key
        self._taken = False  # whether it is whole, and has another name
        self._last = max(size - 1, 0) // CHUNK
        make_private(path.parent)
        if path.exists():
            path.chmod(0o600)  # a commit that was undone had made it a blob that never changes
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._cipher = self._begun() or self.begin()
        except BlockingIOError:
            os.close(self._file)
            raise Busy from None
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        failed: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let others have the file; done again, change nothing.

        Of one that is whole the disk begins to write what it has not yet; as with every blob,
        nobody waits for that.
        """
        if self._file >= 0:
            if self._taken:
                os.posix_fadvise(self._file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(self._file)
            self._file = -1

    def _begun(self) -> FileCipher | None:
        """Return the cipher of what the file holds, None where it holds nothing of use."""
        header = os.pread(self._file, HEADER_SIZE, 0)
        if len(header) < HEADER_SIZE or header[:-SALT_SIZE] != VERSION + self._key.id:
            return None
        return self._cipher_of(header[-SALT_SIZE:])

    def _cipher_of(self, salt: bytes) -> FileCipher:
        return FileCipher(self._key, salt, associated(self.uid, self.kind))

    def begin(self) -> FileCipher:
        """Let the file be empty, under a salt of its own; return its cipher."""
        salt = urandom(SALT_SIZE)
        os.ftruncate(self._file, 0)
        self._write(VERSION + self._key.id + salt, 0)
        self._cipher = self._cipher_of(salt)
        return self._cipher

    def holds(self, count: int) -> bool:
        """Tell whether the file is as long as *count* bytes, but for the rest, make it."""
        return os.fstat(self._file).st_size >= _place(count // CHUNK)

    def is_sound(self, count: int) -> bool:
        """Tell whether the first *count* bytes, but for the rest, are there as they were sealed.

        All of it is read: ask where the machine may have lost what it had not written yet.
        """
        try:
            for index in range(count // CHUNK):
                self._cipher.open(index, self._sealed(index), final=index == self._last)
        except SealBroken:
            return False
        return True

    def _sealed(self, index: int) -> bytes:
        return os.pread(self._file, SEALED_CHUNK, _place(index))

    def append(self, count: int, rest: bytes, source: Source, length: int) -> bytes:
        """Seal *length* bytes of *source* behind the first *count*, the last of which are *rest*.

        Return the rest that is to be kept now: nothing once the file is whole.  Raise Anew where
        other bytes than these had begun to come before.
        """
        if count + length > self.size or len(rest) != count % CHUNK:
            raise ValueError("this does not follow what came before")
        index, sealed = count // CHUNK, list[bytes]()
        at = _place(index)
        for data in _chunks(rest, source, length):
            if len(data) < self._length(index):  # the end of what came, but not of the file
                rest = data
                break
            sealed.append(self._cipher.seal(index, data, final=index == self._last))
            index += 1
            if len(sealed) == TOGETHER:
                at = self._put(b"".join(sealed), at)
                sealed.clear()
        else:
            rest = b""
        self._put(b"".join(sealed), at)
        return rest

    def _length(self, index: int) -> int:
        """Return how much the chunk *index* holds."""
        return self.size - index * CHUNK if index == self._last else CHUNK

    def _put(self, data: bytes, at: int) -> int:
        """Write *data* at the place *at*; return where it ends."""
        there = os.pread(self._file, len(data), at)
        if there and there != data[: len(there)]:
            self.begin()
            raise Anew
        self._write(data[len(there) :], at + len(there))
        return at + len(data)

    def _write(self, data: bytes, at: int) -> None:
        left = memoryview(data)
        while left:
            count = os.pwrite(self._file, left, at)
            left, at = left[count:], at + count

    def linked(self) -> Path:
        """Return another name of the whole file, for who takes it over; this one stays.

        So a transaction that is undone and tried again finds it.
        """
        whole = _place(self._last) + self._length(self._last) + TAG_SIZE
        if os.fstat(self._file).st_size != whole:
            raise SealBroken("a sealed file is not whole yet")
        name = self.path.with_name(f"{self.path.name}.{token_hex(8)}")
        try:
            name.hardlink_to(self.path)
        except OSError:  # this disk knows no second names
            shutil.copyfile(self.path, name)
        self._taken = True
        return name


def _chunks(rest: bytes, source: Source, length: int) -> Iterator[bytes]:
    """Yield *rest* and *length* bytes of *source* a chunk at a time, the last one shorter."""
    while length or rest:
        wanted = min(CHUNK - len(rest), length)
        data = read(source, wanted)
        if len(data) < wanted:
            raise ValueError("less came than was said")
        length -= wanted
        yield rest + data if rest else data
        rest = b""


def _place(index: int) -> int:
    """Return where the chunk *index* begins."""
    return HEADER_SIZE + index * SEALED_CHUNK
