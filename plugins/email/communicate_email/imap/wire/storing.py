"""Flags, and ``STORE`` with its modifiers (RFC 9051, section 6.4.6; RFC 7162)."""

import re
from typing import Any, NamedTuple

from communicate_email.imap.wire.errors import BadCommand
from communicate_email.imap.wire.scanner import U63, Scanner
from communicate_email.imap.wire.sequences import numbers

_FLAG = re.compile(rb'\\?[^\x00-\x20(){%*"\\\]\x7f-\xff]{1,100}')
_ITEM = re.compile(rb"([+-]?)FLAGS(\.SILENT)?(?= )", re.IGNORECASE)
HOW = {b"": "set", b"+": "add", b"-": "remove"}


class Store(NamedTuple):
    """``STORE``: *how* is add, remove or set; where *silent*, what came of it is not told."""

    numbers: Any
    how: str
    flags: tuple[str, ...]
    silent: bool
    unchanged_since: int | None


def flag(scanner: Scanner) -> str:
    r"""Return a flag, ``\Seen`` or a keyword."""
    return scanner.take(_FLAG, "a flag")[0].decode("ascii")


def store(scanner: Scanner) -> Store:
    """Read ``STORE``."""
    scanner.space()
    found = numbers(scanner)
    scanner.space()
    since = None
    if scanner.skip(b"("):
        if scanner.word("UNCHANGEDSINCE") != "UNCHANGEDSINCE":
            raise BadCommand("UNCHANGEDSINCE is expected")
        scanner.space()
        since = scanner.number(U63)
        scanner.expect(b")")
        scanner.space()
    item = scanner.take(_ITEM, "FLAGS, +FLAGS or -FLAGS")
    scanner.space()
    return Store(found, HOW[item[1]], _flags(scanner), item[2] is not None, since)


def _flags(scanner: Scanner) -> tuple[str, ...]:
    if scanner.peek() == b"(":
        return tuple(scanner.items(lambda: flag(scanner), empty=True))
    found = [flag(scanner)]
    while scanner.skip(b" "):
        found.append(flag(scanner))
    return tuple(found)
