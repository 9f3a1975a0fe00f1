"""What other programs noted of a message: in fields of its header, in the name of its file."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import PurePosixPath

from communicate_email import mime

_STATUS = {"R": "\\Seen"}
_X_STATUS = {"A": "\\Answered", "F": "\\Flagged", "T": "\\Draft", "D": "\\Deleted"}
_MOZILLA = {0x1: "\\Seen", 0x2: "\\Answered", 0x4: "\\Flagged", 0x8: "\\Deleted"}
_MAILDIR = {"S": "\\Seen", "R": "\\Answered", "F": "\\Flagged", "D": "\\Draft", "T": "\\Deleted"}
_OF_GMAIL = {
    "unread",
    "opened",
    "starred",
    "inbox",
    "sent",
    "spam",
    "trash",
    "drafts",
    "important",
}
_HEADER = 64 * 1024
MOST_LABELS = 30
_BOXES = {"cur", "new"}
_ENDINGS = (".mbox", ".mbx", ".eml", ".sbd", ".mbs")


_NOTES = re.compile(
    rb"(?:^|(?<=\n))(?:status|x-status|x-keywords):[^\n]*\n(?:[ \t][^\n]*\n)*", re.IGNORECASE
)


def without(raw: bytes) -> bytes:
    """Return *raw* without the fields in which an mbox notes flags: they are none of it."""
    ends = [at for at in (raw.find(b"\n\n"), raw.find(b"\n\r\n")) if at >= 0]
    stop = min([*ends, _HEADER]) + 1
    return _NOTES.sub(b"", raw[:stop]) + raw[stop:]


def notes(flags: Iterable[str]) -> bytes:
    """Return the fields in which an mbox notes *flags*, as IMAP names them, for `without`."""
    known = {name.lower(): name for name in flags}
    status = ("R" if known.pop("\\seen", None) else "") + "O"
    more = "".join(letter for letter, flag in _X_STATUS.items() if known.pop(flag.lower(), None))
    words = " ".join(name for name in known.values() if not name.startswith("\\"))
    lines = [f"Status: {status}"] + [f"X-Status: {more}"] * bool(more)
    lines += [f"X-Keywords: {words}"] * bool(words)
    return "".join(line + "\n" for line in lines).encode("ascii", "replace")


def fields_of(raw: bytes) -> mime.Fields:
    """Return the fields of the header of *raw*, as far as marks may stand there."""
    ends = [at for at in (raw.find(b"\n\n"), raw.find(b"\n\r\n")) if at >= 0]
    return mime.Fields(raw[: min([*ends, _HEADER])] + b"\n")


def flags_in(fields: mime.Fields) -> tuple[str, ...]:
    """Return the flags that *fields* note, as mbox programs, Thunderbird and Gmail write them."""
    status, more = _said(fields, b"status"), _said(fields, b"x-status")
    flags = [flag for letter, flag in _STATUS.items() if letter in status.upper()]
    flags += [flag for letter, flag in _X_STATUS.items() if letter in more.upper()]
    try:
        bits = int(_said(fields, b"x-mozilla-status")[:8] or "0", 16)
    except ValueError:
        bits = 0
    flags += [flag for bit, flag in _MOZILLA.items() if bits & bit]
    if fields.first(b"x-gmail-labels") is not None:
        said = {label.lower() for label in _gmail(fields)}
        flags += ["\\Seen"] if "unread" not in said else []
        flags += ["\\Flagged"] if "starred" in said else []
    return tuple(dict.fromkeys(flags))


def labels_in(fields: mime.Fields) -> tuple[str, ...]:
    """Return the labels that *fields* name."""
    keywords = _said(fields, b"x-keywords").split()
    labels = [label for label in _gmail(fields) if label.lower() not in _OF_GMAIL]
    return tuple(dict.fromkeys([*keywords, *labels]))[:MOST_LABELS]


def _gmail(fields: mime.Fields) -> list[str]:
    labels = mime.text(fields.first(b"x-gmail-labels") or b"").split(",")
    return [label.strip().strip('"') for label in labels if label.strip()]


def _said(fields: mime.Fields, name: bytes) -> str:
    return mime.text(fields.first(name) or b"")


def of_maildir(path: str) -> tuple[tuple[str, ...], datetime | None] | None:
    """Return the flags and the moment in the name of a Maildir's file; None if *path* is none."""
    parts = PurePosixPath(path).parts
    if len(parts) < 2 or parts[-2] not in _BOXES:
        return None
    # Windows takes no colon in names: programs there write one of these instead.
    letters = re.split(r"[:;!\uf03a]2,", parts[-1])[-1] if "2," in parts[-1] else ""
    flags = tuple(flag for letter, flag in _MAILDIR.items() if letter in letters)
    seconds = re.match(r"(\d{8,10})\.", parts[-1])
    return flags, datetime.fromtimestamp(int(seconds[1]), UTC) if seconds else None


def folder_of(path: str) -> str:
    """Return the folder that a file at *path* is, or lies in, as programs lay their mail out."""
    parts = [part for part in PurePosixPath(path).parts if part not in (".", "..", "/")]
    if of_maildir(path) is not None:
        parts = parts[:-2]
        # Maildir++ has all folders beside each other, their levels parted by dots.
        parts = [level for part in parts for level in _levels(part)]
    elif path.lower().endswith(".eml"):
        parts = parts[:-1]
    elif parts and parts[-1].lower() == "mbox" and len(parts) > 1:
        parts = parts[:-1]  # Apple Mail: Folder.mbox/mbox
    names = [_bare(part) for part in parts if part.lower() not in ("maildir", "mail", "files")]
    return "/".join(name for name in names if name)


def _levels(part: str) -> list[str]:
    return part[1:].split(".") if part.startswith(".") else [part]


def _bare(name: str) -> str:
    for ending in _ENDINGS:
        if name.lower().endswith(ending):
            name = name[: -len(ending)]
    return " ".join("".join(sign for sign in name if sign.isprintable()).split())[:200]
