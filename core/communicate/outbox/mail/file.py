"""Keep mail instead of sending it, each one sealed in a file of its own.

A file is the owner's uid (8 bytes, big-endian; 0 is the site) and the envelope of the message.
``communicate outbox show`` reads them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from pathlib import Path
from typing import Any

from communicate.ids import decode, encode, time_of
from communicate.interfaces import ISeals
from communicate.outbox.mail.message import Mail
from communicate.sealing import SITE, Destroyed, Sealed

KIND = "communicate.mail"
ENDING = ".sealed"
_UID = 8


class NoSuchMail(Exception):
    """No mail of that id is kept."""


@dataclass(frozen=True)
class Kept:
    """One kept mail: its id as it is typed, when it was queued, and whose key seals it."""

    id: str
    queued: datetime
    owner: int


@dataclass(frozen=True)
class FileTransport:
    """Mail kept in *folder*, which is made when the first one comes."""

    folder: Path

    def send(self, request: Any, mail: Mail, message: EmailMessage, owner: int | None) -> None:
        """Keep *message*, sealed under *owner*'s key or the site's; it is on disk on return.

        Kept twice, it is still one file: the name is the mail's id.
        """
        uid = SITE if owner is None else owner
        sealed = request.find_service(ISeals).seal(uid, KIND, message.as_bytes(policy=SMTP))
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_durably(self._path(encode(mail.id)), uid.to_bytes(_UID, "big") + sealed.envelope)

    def kept(self) -> Iterator[Kept]:
        """Yield what is kept, the newest first."""
        for path in sorted(self.folder.glob(f"*{ENDING}"), reverse=True):
            with path.open("rb") as file:
                owner = int.from_bytes(file.read(_UID), "big")
            yield Kept(path.stem, time_of(decode(path.stem)), owner)

    def read(self, request: Any, mail_id: str) -> EmailMessage:
        """Return the kept message; raise NoSuchMail, or Destroyed where its owner was erased."""
        try:
            number = decode(mail_id)
            data = self._path(encode(number)).read_bytes()
        except (ValueError, FileNotFoundError):
            raise NoSuchMail(f"no mail {mail_id!r} is kept: list them with outbox show") from None
        sealed = Sealed(int.from_bytes(data[:_UID], "big"), KIND, data[_UID:])
        return message_from_bytes(request.find_service(ISeals).open(sealed), policy=default)

    def readable(self, request: Any) -> Iterator[tuple[Kept, EmailMessage]]:
        """Yield every kept mail that can still be read, the newest first."""
        for kept in self.kept():
            try:
                yield kept, self.read(request, kept.id)
            except Destroyed:
                continue

    def drop(self, owner: int) -> int:
        """Remove every mail of member *owner*; return how many."""
        paths = [self._path(kept.id) for kept in self.kept() if kept.owner == owner]
        for path in paths:
            path.unlink(missing_ok=True)
        return len(paths)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{ENDING}"


def write_durably(path: Path, data: bytes) -> None:
    """Write *data* to *path*, mode 0600, so that after a crash all of it is there or nothing."""
    draft = path.with_suffix(".part")
    with open(draft, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in *folder* durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
