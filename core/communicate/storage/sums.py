"""Sums of the tree's file, by which a byte that changed by itself is found.

The file only grows, and what a transaction has written never changes until a pack writes another
file.  Beside it lies, in ``Data.fs.sums``, a sum of 8 bytes for each 4 KiB that were there when
the sums were last brought up to date: when the site stops, after a pack, and hourly.  They tell
of failing disks, not of people: whoever can write the one file can write the other.
"""

import hashlib
import logging
import os
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ZODB.utils import u64

BLOCK = 4096
SIZE = 8
HEAD = struct.Struct("!8sQQ8s")  # what this is, number of the file, bytes covered, the last sum
MAGIC = b"2c-sums1"
AT_ONCE = 256  # blocks
NOTHING = (0, b"\0" * SIZE)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sums:
    """The sums of the file of *storage*."""

    storage: Any

    @property
    def path(self) -> Path:
        """Where they lie."""
        return Path(f"{self.storage.getName()}.sums")

    def record(self) -> None:
        """Bring the sums up to date with all that has been committed.

        What has changed by itself is left to be found: the sums stay as they are.
        """
        stop = self.storage.getSize()
        with Path(self.storage.getName()).open("rb") as file:
            inode = os.fstat(file.fileno()).st_ino
            covered, last = self.covered(inode)
            file.seek(covered // BLOCK * BLOCK)
            if covered % BLOCK and sum_of(file.read(covered % BLOCK)) != last:
                log.error("%s has changed by itself: run communicate doctor --deep", file.name)
                return
            if covered > stop:
                log.error("%s is shorter than it was: its sums begin anew", file.name)
                covered = 0
            self._write(file, inode, covered // BLOCK, stop)

    def _write(self, file: Any, inode: int, first: int, stop: int) -> None:
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            last = NOTHING[1]
            offset = HEAD.size + first * SIZE
            for sums in self.computed(file, first * BLOCK, stop):
                whole = sums if sums[-1][1] else sums[:-1]
                os.pwrite(descriptor, b"".join(one for one, _whole in whole), offset)
                offset += len(whole) * SIZE
                last = sums[-1][0]
            os.fsync(descriptor)
            # The head comes last: until then the sums are those of before.
            os.pwrite(descriptor, HEAD.pack(MAGIC, inode, stop, last), 0)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def computed(self, file: Any, start: int, stop: int) -> Iterator[list[tuple[bytes, bool]]]:
        """Yield the sums of the blocks from *start* to *stop*, and whether each is a whole one."""
        file.seek(start)
        while start < stop:
            data = memoryview(file.read(min(AT_ONCE * BLOCK, stop - start)))
            if not data:
                return
            blocks = [data[i : i + BLOCK] for i in range(0, len(data), BLOCK)]
            yield [(sum_of(block), len(block) == BLOCK) for block in blocks]
            start += len(data)

    def covered(self, inode: int) -> tuple[int, bytes]:
        """Return how many bytes of the file *inode* have sums, and the last sum."""
        try:
            with self.path.open("rb") as file:
                magic, of, covered, last = HEAD.unpack(file.read(HEAD.size))
        except (FileNotFoundError, struct.error):
            return NOTHING
        return (covered, last) if magic == MAGIC and of == inode else NOTHING

    def changed(self) -> Iterator[tuple[int, int]]:
        """Yield start and stop of each block that is not what it was."""
        with Path(self.storage.getName()).open("rb") as file:
            stop, last = self.covered(os.fstat(file.fileno()).st_ino)
            kept = self.path.read_bytes()[HEAD.size :] if stop else b""
            start = 0
            for sums in self.computed(file, 0, stop):
                for sum_, whole in sums:
                    at = start // BLOCK * SIZE
                    if sum_ != (kept[at : at + SIZE] if whole else last):
                        yield start, min(start + BLOCK, stop)
                    start += BLOCK
            if start < stop:
                yield start, stop  # the file is cut short

    def forget(self) -> None:
        """Have no sums: the file is about to become another one."""
        self.path.unlink(missing_ok=True)

    def objects(self, start: int, stop: int) -> list[int]:
        """Return the numbers of the objects whose record may lie between *start* and *stop*."""
        places = sorted((place, u64(oid)) for oid, place in self.storage._index.items())
        first = max(0, bisect_right(places, (start, 0)) - 1)
        return [oid for place, oid in places[first:] if place < stop]


def sum_of(block: bytes | memoryview) -> bytes:
    """Return the sum of *block*."""
    return hashlib.blake2b(block, digest_size=SIZE).digest()
