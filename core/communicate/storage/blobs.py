"""Files of blobs that no record names any more."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from ZODB.blob import FilesystemHelper, remove_committed
from ZODB.interfaces import IMVCCStorage
from ZODB.POSException import POSKeyError

IN_USE = timedelta(days=1)  # what is younger may belong to a commit that is under way


def remove_leftovers(storage: Any, folder: Path, age: timedelta = IN_USE) -> int:
    """Remove files in *folder* that no record of *storage* names; return how many.

    They stay after a crash and, where no history is kept, after each new version.  A file with
    no later version of its own is left alone until it is older than *age*.
    """
    helper = FilesystemHelper(str(folder))
    before = time.time() - age.total_seconds()
    found = list(old_uploads(Path(helper.temp_dir), before))
    with present(storage) as records:
        found.extend(unnamed(helper, records, before))
    for path in found:
        with suppress(FileNotFoundError):
            remove_committed(str(path))
    return len(found)


def old_uploads(folder: Path, before: float) -> Iterator[Path]:
    """Yield the files in *folder* that were last changed before the Unix time *before*."""
    for path in folder.glob("*"):
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < before:
                yield path


def unnamed(helper: Any, records: Any, before: float) -> Iterator[Path]:
    """Yield the files of versions that are not in *records*, and not younger than *before*."""
    for oid, folder in helper.listOIDs():
        current = current_tid(records, oid)
        for path in Path(folder).glob("*.blob"):
            tid = helper.splitBlobFilename(str(path))[1]
            if tid == current or has_version(records, oid, tid):
                continue
            if (current and tid < current) or path.stat().st_mtime < before:
                yield path


@contextmanager
def present(storage: Any) -> Iterator[Any]:
    """Yield *storage* as it is now: RelStorage reads through instances with a moment each."""
    if not IMVCCStorage.providedBy(storage):
        yield storage
        return
    instance = storage.new_instance()
    try:
        instance.poll_invalidations()
        yield instance
    finally:
        instance.release()


def current_tid(records: Any, oid: bytes) -> bytes | None:
    """Return the transaction that last wrote *oid*, or None where there is no such object."""
    try:
        tid: bytes = records.load(oid, "")[1]
    except POSKeyError:
        return None
    return tid


def has_version(records: Any, oid: bytes, tid: bytes) -> bool:
    """Tell whether *records* still hold what *tid* wrote to *oid*, where history is kept."""
    if IMVCCStorage.providedBy(records):
        return False  # RelStorage, which we open without history, might answer from its cache
    try:
        records.loadSerial(oid, tid)
    except POSKeyError:
        return False
    return True
