"""``FETCH``: what is told of a message (RFC 9051, section 6.4.5; RFC 3516, 7162, 8474)."""

from typing import Any, NamedTuple

from communicate_email.imap.wire.errors import BadCommand
from communicate_email.imap.wire.scanner import U32, U63, Scanner
from communicate_email.imap.wire.sequences import numbers

PLAIN = frozenset(
    {
        "FLAGS",
        "INTERNALDATE",
        "RFC822.SIZE",
        "ENVELOPE",
        "BODYSTRUCTURE",
        "UID",
        "MODSEQ",
        "EMAILID",
        "THREADID",
        "RFC822",
        "RFC822.HEADER",
        "RFC822.TEXT",
    }
)
FAST = ("FLAGS", "INTERNALDATE", "RFC822.SIZE")
MACROS = {"FAST": FAST, "ALL": (*FAST, "ENVELOPE"), "FULL": (*FAST, "ENVELOPE", "BODY")}
WHOLE = ("HEADER", "TEXT")
FIELDS = ("HEADER.FIELDS", "HEADER.FIELDS.NOT")
DEPTH = 50  # of a part within parts
NAMES = 200  # header fields in one item
ITEMS = 100


class Item(NamedTuple):
    """One thing that is told: *name* is ``BODY``, ``BINARY``, ``BINARY.SIZE``, or of `PLAIN`.

    *section* is set where a part of the message is meant.  *start* and *most* are octets.
    """

    name: str
    section: "Section | None" = None
    peek: bool = True
    start: int | None = None
    most: int = 0


class Section(NamedTuple):
    """A part by its numbers, and what of it: HEADER, TEXT, MIME, HEADER.FIELDS with *fields*."""

    part: tuple[int, ...] = ()
    what: str = ""
    fields: tuple[bytes, ...] = ()


class Fetch(NamedTuple):
    """``FETCH``."""

    numbers: Any
    items: tuple[Item, ...]
    changed_since: int | None = None
    vanished: bool = False


def fetch(scanner: Scanner) -> Fetch:
    """Read ``FETCH``."""
    scanner.space()
    found = numbers(scanner)
    scanner.space()
    several = scanner.peek() == b"("
    items = scanner.items(lambda: _item(scanner)) if several else _items(scanner)
    if len(items) > ITEMS:
        raise BadCommand(f"at most {ITEMS} items are expected")
    since, vanished = _modifiers(scanner)
    return Fetch(found, tuple(dict.fromkeys(items)), since, vanished)


def _items(scanner: Scanner) -> list[Item]:
    """Return one item, or those that a macro stands for."""
    name = scanner.word("something to fetch")
    if name in MACROS:
        return [Item(one) for one in MACROS[name]]
    return [_named(scanner, name)]


def _item(scanner: Scanner) -> Item:
    return _named(scanner, scanner.word("something to fetch"))


def _named(scanner: Scanner, name: str) -> Item:
    if name in PLAIN:
        return Item(name, peek=name not in ("RFC822", "RFC822.TEXT"))
    base, peek = name.removesuffix(".PEEK"), name.endswith(".PEEK")
    if name == "BODY" and scanner.peek() != b"[":
        return Item(name)
    if base == "BODY":
        section = _section(scanner)
    elif base == "BINARY" or name == "BINARY.SIZE":
        section = _binary(scanner)
    else:
        raise BadCommand(f"{name} is nothing that can be fetched")
    if name == "BINARY.SIZE":
        return Item(name, section)
    start, most = _partial(scanner)
    return Item(base, section, peek, start, most)


def _part(scanner: Scanner) -> tuple[int, ...]:
    """Return the numbers of a part, ``1.2.3``, and leave the dot that follows them."""
    found: list[int] = []
    while scanner.peek().isdigit():
        found.append(scanner.number(U32, 1))
        if len(found) > DEPTH:
            raise BadCommand("no part lies this deep")
        if not scanner.skip(b"."):
            break
    return tuple(found)


def _section(scanner: Scanner) -> Section:
    scanner.expect(b"[")
    part = _part(scanner)
    if not scanner.after(b".") and scanner.skip(b"]"):
        return Section(part)
    what = scanner.word("a part of the message")
    known = what in (*WHOLE, *FIELDS) or (what == "MIME" and part)
    if not known:
        raise BadCommand(f"{what} is no part of a message")
    fields: tuple[bytes, ...] = ()
    if what in FIELDS:
        scanner.space()
        fields = tuple(scanner.items(scanner.astring))
        if len(fields) > NAMES:
            raise BadCommand(f"at most {NAMES} fields are expected")
    scanner.expect(b"]")
    return Section(part, what, fields)


def _binary(scanner: Scanner) -> Section:
    scanner.expect(b"[")
    part = _part(scanner)
    scanner.expect(b"]")
    return Section(part)


def _partial(scanner: Scanner) -> tuple[int | None, int]:
    """Return from which octet on how many are told; None: all."""
    if not scanner.skip(b"<"):
        return None, 0
    start = scanner.number(U63)
    scanner.expect(b".")
    most = scanner.number(U63, 1)
    scanner.expect(b">")
    return start, most


def _modifiers(scanner: Scanner) -> tuple[int | None, bool]:
    """Return since which change, and whether what has vanished is told (RFC 7162)."""
    if not scanner.skip(b" "):
        return None, False
    since, vanished = None, False
    for name, value in scanner.items(lambda: _modifier(scanner)):
        if name == "CHANGEDSINCE":
            since = value
        else:
            vanished = True
    if vanished and since is None:
        raise BadCommand("VANISHED is given with CHANGEDSINCE")
    return since, vanished


def _modifier(scanner: Scanner) -> tuple[str, int]:
    name = scanner.word("CHANGEDSINCE")
    if name == "CHANGEDSINCE":
        scanner.space()
        return name, scanner.number(U63)
    if name != "VANISHED":
        raise BadCommand(f"{name} is nothing that messages are fetched with")
    return name, 0
