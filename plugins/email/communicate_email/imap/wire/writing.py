"""Answers as octets: strings quoted or as literals, lists, flags, moments."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from communicate_email.imap.wire.appending import MONTHS

NIL = b"NIL"
_PLAIN = re.compile(rb"[\x20\x21\x23-\x5b\x5d-\x7e]*")
_QUOTABLE = re.compile(rb"[\x20-\x7e]*")
_ESCAPE = re.compile(rb'(["\\])')
_ATOM = re.compile(rb'[^\x00-\x20(){%*"\\\]\x7f-\xff]+')
LONGEST = 1_000  # octets of a quoted string


def string(octets: bytes) -> bytes:
    """Return *octets*, which hold no NUL, as a quoted string, or as a literal where they must."""
    if len(octets) <= LONGEST:
        if _PLAIN.fullmatch(octets):
            return b'"' + octets + b'"'
        if _QUOTABLE.fullmatch(octets):
            return b'"' + _ESCAPE.sub(rb"\\\1", octets) + b'"'
    return literal(octets)


def nstring(octets: bytes | None) -> bytes:
    """Return *octets* as a string, NIL where there is none."""
    return NIL if octets is None else string(octets)


def literal(octets: bytes) -> bytes:
    """Return *octets* as a literal, one that may hold NUL where it does (RFC 3516)."""
    mark = b"~" if b"\0" in octets else b""
    return b"%b{%d}\r\n%b" % (mark, len(octets), octets)


def mailbox(name: bytes, *, utf8: bool = False) -> bytes:
    """Return a name of a mailbox, as `names.encoded` has it, as an atom or a string."""
    if _ATOM.fullmatch(name):
        return name
    if utf8 and not _QUOTABLE.fullmatch(name):
        return b'"' + _ESCAPE.sub(rb"\\\1", name) + b'"'
    return string(name)


def listed(items: Iterable[bytes]) -> bytes:
    """Return *items* in brackets."""
    return b"(" + b" ".join(items) + b")"


def moment(milliseconds: int) -> bytes:
    """Return a moment as INTERNALDATE has it, in UTC; *milliseconds* since 1970."""
    found = datetime.fromtimestamp(milliseconds // 1000, UTC)
    return (
        f'"{found.day:2d}-{MONTHS[found.month - 1]}-{found.year:04d} '
        f'{found.hour:02d}:{found.minute:02d}:{found.second:02d} +0000"'
    ).encode("ascii")
