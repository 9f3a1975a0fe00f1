"""A folder that holds one backup, whole at any moment, or one copy of the key ring."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from communicate.backup.errors import BackupError, Damaged, NoBackup
from communicate.backup.manifest import Manifest, parse
from communicate.sealing.master import sync_folder
from communicate.storage.folders import make_private

MANIFEST = "manifest.json"
FOLDERS = ("tree", "blobs")


class Target:
    """The folder *folder*."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other writer out, of this and other processes; make a missing folder."""
        make_private(self.folder)
        descriptor = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise BackupError(
                f"another backup is being written to {self.folder}: wait for it to end"
            ) from None
        try:
            yield
        finally:
            os.close(descriptor)

    def manifest(self) -> Manifest:
        """Return what the backup consists of; raise NoBackup, Damaged."""
        return parse(self.text(), self.folder / MANIFEST)[0]

    def text(self) -> str:
        """Return the text of the manifest; raise NoBackup."""
        try:
            return (self.folder / MANIFEST).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise NoBackup(self.folder) from None
        except UnicodeDecodeError as error:
            raise Damaged(f"{self.folder / MANIFEST} is not what a backup writes") from error

    def finish(self, manifest: Manifest, key: bytes) -> None:
        """Let *manifest* be the backup from now on; until then it is the one before."""
        for place in {self.path(name).parent for name in manifest.files()}:
            sync_folder(place)
        replace(self.folder / MANIFEST, manifest.text(key).encode())

    def path(self, name: str) -> Path:
        """Return where the encrypted file *name* lies, its folder made."""
        path = self.folder / name
        make_private(path.parent)
        return path

    def has(self, name: str, size: int) -> bool:
        """Tell whether the file *name* is there with that length in bytes."""
        try:
            return (self.folder / name).stat().st_size == size
        except FileNotFoundError:
            return False

    def sweep(self, manifest: Manifest | None) -> None:
        """Remove the files that are not of *manifest*: of a backup cut short, or outdated."""
        kept = manifest.files() if manifest is not None else set()
        for folder in FOLDERS:
            for path in (self.folder / folder).rglob("*"):
                if path.is_file() and path.relative_to(self.folder).as_posix() not in kept:
                    path.unlink()
        for draft in self.folder.glob(f"{MANIFEST}.*"):
            draft.unlink()


def replace(path: Path, data: bytes) -> None:
    """Put *data* in the place of the file *path* (0600), whole or not at all, and on disk."""
    draft = path.with_name(f"{path.name}.{token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
