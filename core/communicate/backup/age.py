"""Files in the format of age (age-encryption.org/v1), written and read as streams."""

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyrage
from pyrage import x25519

from communicate.backup.errors import BackupError, CannotOpen, Damaged

CHUNK = 64 * 1024


class Source(Protocol):
    """What is read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most *size* bytes, none at the end."""


@dataclass(frozen=True)
class Written:
    """An encrypted file: its length in bytes and its SHA-256 in hexadecimal."""

    size: int
    sha256: str


def recipients(keys: Iterable[str]) -> list[Any]:
    """Return the public keys that *keys* spell."""
    return [x25519.Recipient.from_str(key) for key in keys]


def identities(paths: Iterable[Path]) -> list[Any]:
    """Return the identities in the files *paths*, as ``age-keygen`` writes them."""
    found = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                found.append(_identity(line.strip(), path))
    if not found:
        raise CannotOpen(
            "no identity is given that opens the backup: name its file with --identity"
        )
    return found


def _identity(line: str, path: Path) -> Any:
    try:
        return x25519.Identity.from_str(line)
    except pyrage.IdentityError:
        raise CannotOpen(f"{path} is no file of identities of age (AGE-SECRET-KEY-…)") from None


def new_identity(path: Path) -> str:
    """Write a new identity to the new file *path* (0600); return its public key."""
    identity = x25519.Identity.generate()
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise BackupError(f"{path} is there already: choose another file") from None
    public = str(identity.to_public())
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"# public key: {public}\n{identity}\n")
        file.flush()
        os.fsync(file.fileno())
    return public


class Counted:
    """Pass bytes on, and know how many there were and their SHA-256."""

    def __init__(self, *, source: Source | None = None, sink: Any = None, most: int = -1) -> None:
        self._source, self._sink, self._left = source, sink, most
        self._hash = hashlib.sha256()
        self.size = 0

    def read(self, size: int = CHUNK) -> bytes:
        """Return the next bytes of the source, *most* of them in all."""
        assert self._source is not None  # noqa: S101 (for mypy)
        if self._left >= 0:
            size = min(size, self._left)
        data = self._source.read(size)
        self._left -= len(data) if self._left >= 0 else 0
        self._note(data)
        return data

    def write(self, data: bytes) -> int:
        """Write *data* to the sink, all of it."""
        self._sink.write(data)
        self._note(data)
        return len(data)

    def flush(self) -> None:
        """Have the sink write what it holds."""
        self._sink.flush()

    def _note(self, data: bytes) -> None:
        self._hash.update(data)
        self.size += len(data)

    @property
    def sha256(self) -> str:
        """The SHA-256 of what has passed, in hexadecimal."""
        return self._hash.hexdigest()


def write(path: Path, source: Any, keys: Sequence[Any]) -> Written:
    """Encrypt what *source* holds into the file *path* (0600), which is on disk on return."""
    descriptor = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb", buffering=CHUNK) as file:
        out = Counted(sink=file)
        try:
            pyrage.encrypt_io(source, out, keys)
        except pyrage.EncryptError as error:
            raise BackupError(f"{path} cannot be written ({error})") from error
        file.flush()
        os.fsync(descriptor)
    return Written(out.size, out.sha256)


def read(path: Path, sink: Any, known: Written | None, opened_by: Sequence[Any]) -> None:
    """Decrypt the file *path* into *sink*.

    Raise Damaged unless the file is the *known* one, CannotOpen if no identity opens it.
    """
    try:
        with path.open("rb") as file:
            source = Counted(source=file)
            pyrage.decrypt_io(source, sink, opened_by)
            while source.read():  # what might follow the end
                pass
    except FileNotFoundError:
        raise Damaged(f"{path} is missing from the backup") from None
    except pyrage.DecryptError as error:
        raise refusal(path, known, error) from None
    except OSError as error:
        if error.errno is not None:  # of reading or writing; age's own have none
            raise
        raise refusal(path, known, error) from None
    if known is not None and (source.size, source.sha256) != (known.size, known.sha256):
        raise Damaged(f"{path} is not the file that the backup wrote")


def refusal(path: Path, known: Written | None, error: Exception) -> BackupError:
    """Return why *path* does not open: it was changed, or these are not its identities."""
    if known is not None and digest(path) != known:
        return Damaged(f"{path} is not the file that the backup wrote ({error})")
    return CannotOpen(f"{path} does not open with the identities that were given ({error})")


def digest(path: Path) -> Written:
    """Return length and SHA-256 of the file *path*."""
    with path.open("rb") as file:
        source = Counted(source=file)
        while source.read():
            pass
    return Written(source.size, source.sha256)


Say = Callable[[str], None]
