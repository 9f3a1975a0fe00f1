"""``SEARCH``, ``SORT``, ``THREAD`` (RFC 9051, section 6.4.4; RFC 5256, 5267, 7162, 8474).

What is looked for is read with a stack of our own: however deep a stranger nests it, nothing here
calls itself, and there is an end to it.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from communicate_email.imap.wire.appending import month_of
from communicate_email.imap.wire.errors import BadCommand
from communicate_email.imap.wire.scanner import U63, Scanner
from communicate_email.imap.wire.sequences import Numbers, numbers
from communicate_email.imap.wire.storing import flag

DEPTH, KEYS = 50, 500
CHARSETS = {"US-ASCII": "ascii", "UTF-8": "utf-8"}
RETURNS = frozenset({"MIN", "MAX", "ALL", "COUNT", "SAVE"})
ORDERS = frozenset({"ARRIVAL", "CC", "DATE", "FROM", "SIZE", "SUBJECT", "TO"})
FLAGS = ("ANSWERED", "DELETED", "DRAFT", "FLAGGED", "SEEN")
ALONE = frozenset({"ALL", "NEW", "OLD", "RECENT", *FLAGS, *(f"UN{name}" for name in FLAGS)})
WORDS = frozenset({"BCC", "BODY", "CC", "FROM", "SUBJECT", "TEXT", "TO"})
DATES = frozenset({"BEFORE", "ON", "SINCE", "SENTBEFORE", "SENTON", "SENTSINCE"})
SIZES = frozenset({"LARGER", "SMALLER"})
KEYWORDS = frozenset({"KEYWORD", "UNKEYWORD"})
IDS = frozenset({"EMAILID", "THREADID"})
_DATE = re.compile(rb'("?)([0-9]{1,2})-([A-Za-z]{3})-([0-9]{4})\1')
_RETURN = re.compile(rb"RETURN (?=\()", re.IGNORECASE)
_CHARSET = re.compile(rb"CHARSET ", re.IGNORECASE)
_NESTED = re.compile(rb"(?:NOT|OR) ", re.IGNORECASE)
_ENTRY = re.compile(rb'"/flags/[^"\s]{1,100}" (?:priv|shared|all) ', re.IGNORECASE)


class Key(NamedTuple):
    """A condition: the *value* of AND and OR are keys, of NOT one, of others what they compare."""

    name: str
    value: Any = None

    def names(self, name: str) -> bool:
        """Tell whether *name* is looked for, here or in what this is made of."""
        left = [self]
        while left:
            key = left.pop()
            if key.name == name:
                return True
            if key.name in ("AND", "OR"):
                left += key.value
            elif key.name == "NOT":
                left.append(key.value)
        return False


class BadCharset(BadCommand):
    """Words in this encoding are not understood (answered with ``BADCHARSET``).

    *saves* is whether what is found was to be saved: then nothing is (RFC 9051, 6.4.4.1).
    """

    saves = False


class Search(NamedTuple):
    """``SEARCH``; *returns* is None where the answer is the one of IMAP4rev1."""

    key: Key
    returns: frozenset[str] | None = None


class Sort(NamedTuple):
    """``SORT``: *order* are names and whether each is the other way round."""

    order: tuple[tuple[str, bool], ...]
    key: Key
    returns: frozenset[str] | None = None


class Thread(NamedTuple):
    """``THREAD``."""

    algorithm: str
    key: Key


@dataclass
class _Frame:
    """Keys that belong together and are being read; *needs* is how many, 0: until its end."""

    name: str
    needs: int = 0
    bracket: bool = False
    keys: list[Key] = field(default_factory=list)

    @property
    def key(self) -> Key:
        if self.name == "AND" and len(self.keys) == 1:
            return self.keys[0]
        return Key(self.name, self.keys[0] if self.name == "NOT" else tuple(self.keys))


def search(scanner: Scanner) -> Search:
    """Read ``SEARCH``."""
    scanner.space()
    returns = None
    if scanner.match(_RETURN):
        returns = _returns(scanner)
        scanner.space()
    charset = "utf-8"
    if scanner.match(_CHARSET):
        charset = _charset(scanner, returns)
        scanner.space()
    return Search(_keys(scanner, charset), returns)


def sort(scanner: Scanner) -> Sort:
    """Read ``SORT``."""
    scanner.space()
    returns = None
    if scanner.match(_RETURN):
        returns = _returns(scanner)
        scanner.space()
    order: dict[str, bool] = {}
    for name, reverse in scanner.items(lambda: _order(scanner)):
        order.setdefault(name, reverse)  # what comes again orders nothing any more
    scanner.space()
    charset = _charset(scanner, returns)
    scanner.space()
    return Sort(tuple(order.items()), _keys(scanner, charset), returns)


def thread(scanner: Scanner) -> Thread:
    """Read ``THREAD``."""
    scanner.space()
    algorithm = scanner.word("REFERENCES")
    if algorithm != "REFERENCES":
        raise BadCommand(f"{algorithm} is not offered, REFERENCES is")
    scanner.space()
    charset = _charset(scanner)
    scanner.space()
    return Thread(algorithm, _keys(scanner, charset))


def _returns(scanner: Scanner) -> frozenset[str]:
    found = frozenset(scanner.items(lambda: scanner.word("MIN, MAX, ALL or COUNT"), empty=True))
    if found - RETURNS:
        raise BadCommand(f"{', '.join(sorted(found - RETURNS))} cannot be returned")
    return found or frozenset({"ALL"})


def _order(scanner: Scanner) -> tuple[str, bool]:
    name = scanner.word("what is sorted by")
    reverse = name == "REVERSE"
    if reverse:
        scanner.space()
        name = scanner.word("what is sorted by")
    if name not in ORDERS:
        raise BadCommand(f"{name} is nothing that messages are sorted by")
    return name, reverse


def _charset(scanner: Scanner, returns: frozenset[str] | None = None) -> str:
    name = scanner.astring().decode("ascii", "replace").upper()
    if name not in CHARSETS:
        error = BadCharset("words are expected in US-ASCII or UTF-8")
        error.saves = "SAVE" in (returns or ())
        raise error
    return CHARSETS[name]


def _keys(scanner: Scanner, charset: str) -> Key:
    """Return all that is looked for, as one key; raise BadCommand."""
    stack, count = [_Frame("AND")], 0
    while True:
        count += 1
        if len(stack) > DEPTH or count > KEYS:
            raise BadCommand("this is nested too deep" if count <= KEYS else "these are too many")
        opened = _opened(scanner)
        if opened is not None:
            stack.append(opened)
            continue
        done = _closed(scanner, stack, _key(scanner, charset))
        if done is not None:
            return done


def _opened(scanner: Scanner) -> _Frame | None:
    """Go into brackets, NOT or OR where they follow; return the frame of what is in there."""
    if scanner.skip(b"("):
        return _Frame("AND", bracket=True)
    found = scanner.match(_NESTED)
    if found is None:
        return None
    name = found[0][:-1].decode("ascii").upper()
    return _Frame(name, 1 if name == "NOT" else 2)


def _closed(scanner: Scanner, stack: list[_Frame], key: Key) -> Key | None:
    """Put *key* where it belongs, and close what has its end there; return all at its end."""
    while True:
        frame = stack[-1]
        frame.keys.append(key)
        is_whole = len(frame.keys) == frame.needs if frame.needs else False
        if not is_whole:
            if frame.bracket and scanner.skip(b")"):
                is_whole = True
            elif len(stack) == 1 and scanner.at_end:
                return frame.key
            else:
                scanner.space()
                return None
        key = stack.pop().key


def _key(scanner: Scanner, charset: str) -> Key:
    """Return the one condition that follows."""
    if scanner.peek().isdigit() or scanner.peek() in (b"*", b"$"):
        return Key("NUMBERS", numbers(scanner))
    name = scanner.word("what is looked for")
    if name in ALONE:
        return Key(name)
    if name not in _VALUES:
        raise BadCommand(f"{name} is nothing that can be looked for")
    scanner.space()
    return Key(name, _VALUES[name](scanner, charset))


def _words(scanner: Scanner, charset: str) -> str:
    try:
        return scanner.astring().decode(charset)
    except UnicodeDecodeError:
        raise BadCommand(f"words in {charset} are expected") from None


def _day(scanner: Scanner, _charset: str) -> date:
    found = scanner.take(_DATE, "a date, 1-Feb-2026,")
    try:
        return date(int(found[4]), month_of(found[3]), int(found[2]))
    except ValueError:
        raise BadCommand("there is no such date") from None


def _size(scanner: Scanner, _charset: str) -> int:
    return scanner.number(U63)


def _keyword(scanner: Scanner, _charset: str) -> str:
    return flag(scanner)


def _header(scanner: Scanner, charset: str) -> tuple[str, str]:
    name = scanner.astring().decode("latin-1")
    scanner.space()
    return name, _words(scanner, charset)


def _modseq(scanner: Scanner, _charset: str) -> int:
    scanner.match(_ENTRY)  # all entries of a message have one modseq here
    return scanner.number(U63)


def _uids(scanner: Scanner, _charset: str) -> Numbers:
    return numbers(scanner)


def _id(scanner: Scanner, _charset: str) -> str:
    return scanner.astring().decode("latin-1")


_VALUES: dict[str, Any] = {
    **dict.fromkeys(WORDS, _words),
    **dict.fromkeys(DATES, _day),
    **dict.fromkeys(SIZES, _size),
    **dict.fromkeys(KEYWORDS, _keyword),
    **dict.fromkeys(IDS, _id),
    "HEADER": _header,
    "MODSEQ": _modseq,
    "UID": _uids,
}
