"""``LIST`` with what RFC 5258, 5819 and 6154 add, ``LSUB``, ``STATUS``."""

from typing import NamedTuple

from communicate_email.imap.wire import names
from communicate_email.imap.wire.errors import BadCommand
from communicate_email.imap.wire.patterns import Pattern
from communicate_email.imap.wire.scanner import PATTERN, Scanner

PATTERNS = 100  # in one command
SELECTS = frozenset({"SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "SPECIAL-USE"})
RETURNS = frozenset({"SUBSCRIBED", "CHILDREN", "SPECIAL-USE", "STATUS"})
STATUS = frozenset(
    {
        "MESSAGES",
        "RECENT",
        "UIDNEXT",
        "UIDVALIDITY",
        "UNSEEN",
        "DELETED",
        "DELETED-STORAGE",
        "SIZE",
        "HIGHESTMODSEQ",
        "MAILBOXID",
        "APPENDLIMIT",
    }
)


class List(NamedTuple):
    """``LIST``, ``LSUB``; *status* are the items that are told of each mailbox."""

    patterns: tuple[Pattern, ...]
    selects: frozenset[str] = frozenset()
    returns: frozenset[str] = frozenset()
    status: tuple[str, ...] = ()
    extended: bool = False
    root: bool = False  # what is asked for is the separator alone


class Status(NamedTuple):
    """``STATUS``."""

    mailbox: str
    items: tuple[str, ...]


def list_(scanner: Scanner) -> List:
    """Read ``LIST``."""
    scanner.space()
    selects: frozenset[str] = frozenset()
    extended = scanner.peek() == b"("
    if extended:
        selects = frozenset(scanner.items(lambda: _one_of(scanner, SELECTS), empty=True))
        scanner.space()
    if selects >= {"RECURSIVEMATCH"} and not selects & {"SUBSCRIBED", "SPECIAL-USE"}:
        raise BadCommand("RECURSIVEMATCH is given with another condition")
    reference = _name(scanner)
    scanner.space()
    if scanner.peek() == b"(":
        extended = True
        wanted = scanner.items(lambda: _pattern(scanner))
    else:
        wanted = [_pattern(scanner)]
    if len(wanted) > PATTERNS:
        raise BadCommand("these are too many patterns")
    returns, status = _returns(scanner)
    patterns = tuple(_whole(reference, pattern) for pattern in wanted)
    root = not extended and wanted == [""]
    return List(patterns, selects, returns, status, extended or bool(returns), root)


def lsub(scanner: Scanner) -> List:
    """Read ``LSUB``."""
    scanner.space()
    reference = _name(scanner)
    scanner.space()
    return List((_whole(reference, _pattern(scanner)),), frozenset({"SUBSCRIBED"}))


def _whole(reference: str, pattern: str) -> Pattern:
    try:
        return Pattern(reference + pattern)
    except ValueError as error:
        raise BadCommand(str(error)) from None


def _name(scanner: Scanner) -> str:
    return _decoded(scanner, scanner.astring())


def _pattern(scanner: Scanner) -> str:
    return _decoded(scanner, scanner.astring(PATTERN))


def _decoded(scanner: Scanner, octets: bytes) -> str:
    try:
        return names.decoded(octets, utf8=scanner.utf8)
    except ValueError:
        raise BadCommand("a name in modified UTF-7 is expected") from None


def _returns(scanner: Scanner) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return what is told of each mailbox, as ``RETURN`` asks."""
    if not scanner.skip(b" "):
        return frozenset(), ()
    if scanner.word("RETURN") != "RETURN":
        raise BadCommand("RETURN is expected")
    scanner.space()
    status: list[str] = []

    def one() -> str:
        name = _one_of(scanner, RETURNS)
        if name == "STATUS":
            scanner.space()
            status.extend(_items(scanner))
        return name

    return frozenset(scanner.items(one, empty=True)), tuple(dict.fromkeys(status))


def status(scanner: Scanner) -> Status:
    """Read ``STATUS``."""
    scanner.space()
    name = _name(scanner)
    scanner.space()
    return Status(name, tuple(_items(scanner)))


def _items(scanner: Scanner) -> list[str]:
    return list(dict.fromkeys(scanner.items(lambda: _one_of(scanner, STATUS))))


def _one_of(scanner: Scanner, known: frozenset[str]) -> str:
    found = scanner.word("a name")
    if found not in known:
        raise BadCommand(f"{found} is none of {', '.join(sorted(known))}")
    return found
