"""The copy of the key ring: apart from every other backup, and only ever its latest state.

A key that is destroyed in the site is gone from the copy with the next refresh, and with it
everything that it sealed, in every backup of the tree however old.
"""

import fcntl
import json
import logging
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyrage
from cryptography.exceptions import InvalidTag

from communicate.backup import age
from communicate.backup.content import Backups
from communicate.backup.errors import (
    BackupError,
    CannotOpen,
    Damaged,
    KeysUnreachable,
    NoRecipients,
)
from communicate.backup.target import replace
from communicate.clock import milliseconds, now
from communicate.interfaces import IKeyRing
from communicate.sealing.errors import WrongMasterKey
from communicate.sealing.keyring import fingerprint
from communicate.sealing.keys import SITE, MemberKey, unwrap
from communicate.storage.folders import make_private
from communicate.storage.work import work

NAME = "keyring.age"
FORGET = "if that copy is gone for good, run `communicate backup forget {0}`"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Copy:
    """What a copy holds: the master key's fingerprint, and the wrapped keys by uid."""

    master: bytes
    rows: list[tuple[int, bytes]]

    def text(self) -> bytes:
        """Return the copy as it is encrypted."""
        rows = [[uid, b64encode(wrapped).decode()] for uid, wrapped in self.rows]
        return json.dumps({"format": 1, "master": self.master.hex(), "keys": rows}).encode()

    def site_key(self, master: bytes, label: str) -> bytes:
        """Return the site's key for *label*; raise WrongMasterKey, Damaged."""
        if fingerprint(master) != self.master:
            raise WrongMasterKey("in the backup")
        wrapped = dict(self.rows).get(SITE, b"")
        try:
            return MemberKey(unwrap(master, SITE, wrapped)).for_use(label)
        except InvalidTag:
            raise Damaged("the copy of the key ring lacks the site's own key") from None


def read_copy(folder: Path, identities: Sequence[Any]) -> Copy:
    """Return what the copy in *folder* holds; raise CannotOpen, Damaged, BackupError."""
    path = folder / NAME
    try:
        text = pyrage.decrypt(path.read_bytes(), identities)
        body = json.loads(text)
        rows = [(int(uid), b64decode(wrapped)) for uid, wrapped in body["keys"]]
        return Copy(bytes.fromhex(body["master"]), rows)
    except FileNotFoundError:
        raise BackupError(
            f"{folder} holds no copy of the key ring: name its folder with --keys"
        ) from None
    except pyrage.DecryptError as error:
        raise CannotOpen(
            f"{path} does not open with the identities that were given, or was changed ({error})"
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{path} is not what a backup writes") from error


def refresh(registry: Any, folder: Path, *, first: bool = False) -> None:
    """Let the copy in *folder* be what the ring is now; with *first* make it where there is none.

    Raise KeysUnreachable where it cannot be written: also where the copy is missing, because a
    disk that is not mounted would leave the old copy, with its keys, on that disk.
    """
    keys = age.recipients(registry.settings["communicate.backup_recipients"])
    if not keys:
        raise NoRecipients
    try:
        with alone(folder, first=first):
            # Read once nobody else writes: a copy read before a key went never replaces one
            # that was read after.
            copy = Copy(*registry.getUtility(IKeyRing).copy())
            replace(folder / NAME, pyrage.encrypt(copy.text(), keys))
    except OSError as error:
        cure = FORGET.format(folder)
        raise KeysUnreachable(
            f"the copy of the key ring in {folder} cannot be renewed ({error.strerror}): "
            f"is its disk mounted? Otherwise, {cure}"
        ) from error


@contextmanager
def alone(folder: Path, *, first: bool) -> Iterator[None]:
    """Wait for every other process that renews the copy in *folder*."""
    if first:
        make_private(folder)
    elif not (folder / NAME).exists():
        raise FileNotFoundError(2, "there is no copy")
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def refresh_all(registry: Any) -> int:
    """Renew every copy that is known; return how many.

    All are tried; raise KeysUnreachable with what was wrong with the first that failed.
    """
    failed, done = None, []
    for folder in work(registry, known):
        try:
            refresh(registry, folder)
            done.append(folder)
        except BackupError as error:
            log.warning("%s", error)
            failed = failed or error
    if done:
        work(registry, partial(renewed, done))
    if failed is not None:
        raise failed
    return len(done)


def known(request: Any) -> list[Path]:
    """Return the folders that hold a copy."""
    folders = backups_of(request).keys.items()
    # Killed before its first copy was written, a backup leaves a folder that has none.
    return [Path(folder) for folder, when in folders if when or (Path(folder) / NAME).exists()]


def announce(folder: Path, request: Any) -> bool:
    """Remember that *folder* will hold a copy; return whether none has ever been there."""
    folders = backups_of(request).keys
    if folders.get(str(folder)):
        return False
    folders[str(folder)] = 0
    return True


def forget(folder: Path, request: Any) -> bool:
    """Forget *folder*; return whether it was known."""
    return backups_of(request).keys.pop(str(folder), None) is not None


def renewed(folders: Iterable[Path], request: Any) -> None:
    """Remember that the copies in *folders* have just been renewed."""
    for folder in folders:
        backups_of(request).keys[str(folder)] = milliseconds(now(request))


def backups_of(request: Any) -> Backups:
    """Return what the tree that *request* sees knows of backups."""
    backups: Backups = request.root_map["backups"]
    return backups
