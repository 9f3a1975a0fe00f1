"""The embedded storage: one file and a folder of blobs, without copies of what was deleted."""

import logging
import shutil
from pathlib import Path
from typing import Any

from zc.lockfile import LockError, LockFile

from communicate.storage.errors import AlreadyOpen, MissingTree
from communicate.storage.folders import make_private
from communicate.storage.settling import Storage

log = logging.getLogger(__name__)


def open_filestorage(path: Path, blobs: Path) -> Any:
    """Return the storage in *path*, its blobs in *blobs*; raise AlreadyOpen, MissingTree.

    What a process that was killed left behind is cleared away first.
    """
    make_private(path.parent)
    make_private(blobs)
    try:
        lock = LockFile(f"{path}.lock")
        try:
            recover(path, blobs)
            new = not path.exists()
            refuse_blobs_alone(path, blobs)
        finally:
            lock.close()
        storage = Storage(str(path), blob_dir=str(blobs), pack_keep_old=False)
    except LockError:
        raise AlreadyOpen(
            f"another process has {path} open: stop it, or let it do the work "
            "by giving this command the same --var"
        ) from None
    if new:
        blobs.chmod(0o700)  # ZODB makes the folder of blobs anew for a new file
    return storage


def refuse_blobs_alone(path: Path, blobs: Path) -> None:
    """Raise MissingTree where there are blobs without their tree: ZODB would remove them all."""
    if not path.exists() and any(blobs.rglob("*.blob")):
        raise MissingTree(
            f"{path} is missing, while {blobs} holds its blobs: put the file back, or move the "
            "blobs away to begin an empty site"
        )


def recover(path: Path, blobs: Path) -> None:
    """Undo or finish a pack that was cut short, and remove what never became part of a commit.

    ZODB packs into ``.pack``, renames the file to ``.old`` and ``.pack`` to the file: between the
    two renames the ``.old`` file is the only one that is whole, and ZODB would begin an empty one.
    """
    old = sibling(path, ".old")
    if old.exists() and not path.exists():
        log.warning("%s: a pack was cut short; the tree is as it was before it", path)
        old.rename(path)
    for leftover in (old, sibling(path, ".pack"), sibling(path, ".index_tmp")):
        leftover.unlink(missing_ok=True)
    shutil.rmtree(sibling(blobs, ".old"), ignore_errors=True)
    for leftover in (blobs / "tmp").glob("*"):
        leftover.unlink()


def scrub(storage: Any) -> None:
    """Free what a pack leaves: the buffer of past commits, and tails cut off after a crash."""
    path = Path(storage.getName())
    # Nobody is between the phases of a commit while this lock is held.
    with storage._commit_lock:
        storage._tfile.seek(0)
        storage._tfile.truncate()
    for tail in path.parent.glob(f"{path.name}.tr[0-9]*"):
        tail.unlink()


def sibling(path: Path, suffix: str) -> Path:
    """Return the path whose name is that of *path* and *suffix*."""
    return path.with_name(path.name + suffix)
