"""The tree in a file: the method of ZODB's repozo, encrypted on the way.

The file only grows until it is packed: the first piece is the whole file, each further one what
was added since.  After a pack it is another file, and is backed up whole again.  The decrypted
pieces, one after the other, are the file.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from secrets import token_hex
from typing import Any

from communicate.backup import age
from communicate.backup.age import Counted, Say
from communicate.backup.manifest import Piece, Tree
from communicate.backup.target import Target
from communicate.storage.folders import make_private

KIND = "filestorage"
TAIL = 64 * 1024  # bytes by whose digest the file is known again
MOST = 400  # pieces, before it is written whole again


def back_up(
    storage: Any, target: Target, before: Tree | None, keys: Sequence[Any], say: Say
) -> Tree:
    """Encrypt what was added to the file of *storage* since *before*, or all of it."""
    path = Path(storage.getName())
    stop = storage.getSize()  # the end of the last transaction that is wholly there
    tid = storage.lastTransaction().hex()  # of that one or a later one
    with path.open("rb") as file:
        inode = os.fstat(file.fileno()).st_ino
        pieces = kept(before, target, file, inode, stop)
        start = pieces[-1].stop if pieces else 0
        if stop > start:
            pieces = (*pieces, write_piece(file, start, stop, target, keys))
        say(f"tree: {stop - start} bytes of {stop}{'' if start else ', all of it'}")
        return Tree(KIND, tid, pieces, inode, tail(file, stop))


def write_piece(file: Any, start: int, stop: int, target: Target, keys: Sequence[Any]) -> Piece:
    """Encrypt the bytes from *start* up to *stop* into a new file."""
    name = f"tree/{start:016x}-{token_hex(4)}.age"
    file.seek(start)
    source = Counted(source=file, most=stop - start)
    written = age.write(target.path(name), source, keys)
    return Piece(name, start, stop, written.size, written.sha256)


def kept(
    before: Tree | None, target: Target, file: Any, inode: int, stop: int
) -> tuple[Piece, ...]:
    """Return the pieces of *before* that still are the beginning of *file*, or none."""
    if before is None or before.kind != KIND or not before.pieces or len(before.pieces) >= MOST:
        return ()
    end = before.pieces[-1].stop
    grown = before.inode == inode and end <= stop and before.tail == tail(file, end)
    whole = all(target.has(piece.name, piece.size) for piece in before.pieces)
    return before.pieces if grown and whole else ()


def tail(file: Any, stop: int) -> str:
    """Return the SHA-256 of the last bytes of *file* before *stop*."""
    start = max(0, stop - TAIL)
    file.seek(start)
    return hashlib.sha256(file.read(stop - start)).hexdigest()


def restore(tree: Tree, target: Target, path: Path, identities: Sequence[Any], say: Say) -> None:
    """Decrypt *tree* into the new file *path*, which is whole and on disk on return."""
    make_private(path.parent)
    draft = path.with_name(f"{path.name}.restoring")
    descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in tree.pieces:
            age.read(target.folder / piece.name, file, piece.written, identities)
            say(f"tree: {piece.stop} of {tree.pieces[-1].stop} bytes")
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
