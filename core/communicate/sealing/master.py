"""The master key, which wraps every key of the ring: 32 random bytes, base64 in a file of its own.

It lies in no backup.  The variable ``COMMUNICATE_MASTER_KEY`` takes the place of the file.
"""

import os
import stat
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Any

from communicate.sealing.errors import MasterKeyExposed, MasterKeyMalformed, MasterKeyMissing
from communicate.sealing.keys import KEY_SIZE

VARIABLE = "COMMUNICATE_MASTER_KEY"
MAKE = "head -c 32 /dev/urandom | base64"
LONGEST = 1024


def master_key(values: Mapping[str, Any], environ: Mapping[str, str] = os.environ) -> bytes:
    """Return the master key that the settings *values* name; make a missing one in development."""
    given = environ.get(VARIABLE)
    if given:
        return decode_key(given, f"The variable {VARIABLE}")
    path = values.get("communicate.master_key_file")
    if path is None:
        raise MasterKeyMissing(
            f"No master key is given. Make one with `{MAKE}` in a file that only the site's "
            f"account may read, and name it in communicate.master_key_file, or set {VARIABLE}."
        )
    if values.get("communicate.mode") == "production":
        return load_master_key(Path(path))
    return make_development_key(Path(path))


def load_master_key(path: Path) -> bytes:
    """Return the key in the file *path*, which only its owner may be able to read."""
    try:
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            text = file.read(LONGEST)
    except FileNotFoundError:
        raise MasterKeyMissing(
            f"There is no master key at {path}. Restore it from its printed copy; for a new site "
            f"make one: `umask 077; {MAKE} > {path}`."
        ) from None
    if mode & 0o077:
        raise MasterKeyExposed(
            f"Other accounts may read the master key {path} (mode {mode:03o}): "
            f"run `chmod 600 {path}`."
        )
    return decode_key(text, f"The file {path}")


def make_development_key(path: Path) -> bytes:
    """Return the key in the file *path*, made with mode 0600 if it was missing.

    Processes that do this at once all return the same key: whoever is first makes it.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            write_key(path, token_bytes(KEY_SIZE))
    return load_master_key(path)


def write_key(path: Path, key: bytes) -> None:
    """Write *key* to the new file *path*, whole or not at all; raise FileExistsError."""
    draft = path.with_name(f"{path.name}.{token_hex(8)}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(encode_key(key).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        # A link is as exclusive as O_EXCL, and nobody sees the file before it is whole.
        os.link(draft, path)
    finally:
        draft.unlink()
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in *folder* survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def encode_key(key: bytes) -> str:
    """Return *key* as it is written in the file: base64 (RFC 4648)."""
    return b64encode(key).decode()


def decode_key(text: str | bytes, origin: str) -> bytes:
    """Return the 32 bytes that *text* encodes; *origin* begins the sentence if it does not."""
    try:
        key = b64decode(text.strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_SIZE:
        raise MasterKeyMalformed(
            f"{origin} does not hold the base64 of 32 bytes. Restore the master key from its "
            f"printed copy; for a new site make one with `{MAKE}`."
        )
    return key
