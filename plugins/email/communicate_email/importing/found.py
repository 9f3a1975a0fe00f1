"""What is found in files of mail, and what is not taken."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


@dataclass(frozen=True)
class Found:
    """One message: *raw* with lines that end in CRLF, and what the program it was in knew of it.

    *folder* has its levels parted by ``/``; empty where the file names none.  *flags* are as IMAP
    names them, labels among them as they were called.  *date* is when it came, if that is known.
    """

    raw: bytes
    folder: str = ""
    flags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    date: datetime | None = None


class Why(Enum):
    """Why something was not taken."""

    LARGE = "large"  # a message, or what unpacks to more than it may
    STRANGE = "strange"  # no mail
    BROKEN = "broken"  # a file that cannot be read to its end
    MANY = "many"  # more files than are looked at


@dataclass(frozen=True)
class Skipped:
    """Something that was not taken: where it lay, and why."""

    where: str
    why: Why
