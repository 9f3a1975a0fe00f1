"""Blobs in a backup: an encrypted file each, written once, because a blob never changes."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ZODB.blob import FilesystemHelper
from ZODB.utils import p64

from communicate.backup import age
from communicate.backup.age import Say, Written
from communicate.backup.manifest import blob_file
from communicate.backup.target import Target
from communicate.sealing.master import sync_folder
from communicate.storage.folders import make_private

TOLD = 1000  # blobs between two words of progress
Known = Mapping[str, tuple[int, str]]


def names(folder: Path, tid: str) -> Iterator[tuple[str, Path]]:
    """Yield name and file of each blob in *folder* that is not younger than *tid*."""
    helper = FilesystemHelper(str(folder))
    for oid, place in helper.listOIDs():
        for path in sorted(Path(place).glob("*.blob")):
            written = path.stem.removeprefix("0x").rjust(16, "0")
            if written <= tid:  # of a commit that was done before the tree was read
                yield f"{oid.hex()}-{written}", path


def back_up(
    folder: Path, tid: str, target: Target, before: Known, keys: Sequence[Any], say: Say
) -> dict[str, tuple[int, str]]:
    """Encrypt what is new in *folder* into *target*; return length and digest of every blob."""
    found: dict[str, tuple[int, str]] = {}
    new = 0
    for name, path in names(folder, tid):
        known = before.get(name)
        if known is None or not target.has(blob_file(name), known[0]):
            new += 1
            with path.open("rb") as file:
                written = age.write(target.path(blob_file(name)), file, keys)
            known = (written.size, written.sha256)
            if new % TOLD == 0:
                say(f"blobs: {new} written")
        found[name] = known
    say(f"blobs: {len(found)}, {new} of them new")
    return found


def restore(
    blobs: Known, target: Target, folder: Path, identities: Sequence[Any], say: Say
) -> None:
    """Decrypt *blobs* into *folder*, laid out as the storage does it."""
    make_private(folder)
    helper = FilesystemHelper(str(folder), layout_name="bushy")
    helper.create()
    for number, (name, (size, digest)) in enumerate(sorted(blobs.items()), start=1):
        oid, tid = (p64(int(part, 16)) for part in name.split("-"))
        helper.createPathForOID(oid)
        path = Path(helper.getBlobFilename(oid, tid))
        with path.open("wb") as file:
            source = target.folder / blob_file(name)
            age.read(source, file, Written(size, digest), identities)
        path.chmod(0o400)
        if number % TOLD == 0:
            say(f"blobs: {number} of {len(blobs)}")
    sync_folder(folder)
    say(f"blobs: {len(blobs)}")
