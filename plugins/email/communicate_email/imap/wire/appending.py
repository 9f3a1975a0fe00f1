"""``APPEND``, of one message or of several (RFC 9051, section 6.3.12; RFC 3502)."""

import re
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from communicate_email.imap.wire import names
from communicate_email.imap.wire.errors import BadCommand
from communicate_email.imap.wire.framing import Kept, Literal
from communicate_email.imap.wire.scanner import Scanner
from communicate_email.imap.wire.storing import flag

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE_TIME = re.compile(
    rb'"([ 0-9][0-9])-([A-Za-z]{3})-([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) '
    rb'([+-])([0-9]{2})([0-9]{2})"'
)
MESSAGES = 1_000  # in one command
_WRAPPED = b"UTF8 ("


class Message(NamedTuple):
    """One message that is appended; *date* None: now."""

    flags: tuple[str, ...]
    date: datetime | None
    raw: Literal


class Append(NamedTuple):
    """``APPEND``."""

    mailbox: str
    messages: tuple[Message, ...]

    @property
    def is_large(self) -> bool:
        """Whether one of them lies elsewhere until it is kept."""
        return any(isinstance(one.raw, Kept) for one in self.messages)


def append(scanner: Scanner) -> Append:
    """Read ``APPEND``."""
    scanner.space()
    try:
        mailbox = names.decoded(scanner.astring(), utf8=scanner.utf8)
    except ValueError:
        raise BadCommand("the name of a mailbox is expected") from None
    found: list[Message] = []
    while not scanner.at_end and len(found) < MESSAGES:
        scanner.space()
        found.append(_message(scanner))
    if not found:
        raise BadCommand("a message is expected")
    return Append(mailbox, tuple(found))


def _message(scanner: Scanner) -> Message:
    flags: tuple[str, ...] = ()
    date = None
    if scanner.peek() == b"(":
        flags = tuple(scanner.items(lambda: flag(scanner), empty=True))
        scanner.space()
    if scanner.peek() == b'"':
        date = _date_time(scanner)
        scanner.space()
    if scanner.skip(_WRAPPED):  # RFC 6855
        raw = scanner.literal()
        scanner.expect(b")")
        return Message(flags, date, raw)
    return Message(flags, date, _bare(scanner.literal(), utf8=scanner.utf8))


def _bare(raw: Literal, *, utf8: bool) -> Literal:
    """Return a message without what Python's imaplib wraps it in, wrongly within the literal.

    No message begins so: a field's name holds no blank (RFC 5322, 2.2).
    """
    if utf8 and raw.startswith(_WRAPPED) and raw.endswith(b")"):
        return Literal(raw[len(_WRAPPED) : -1])
    return raw


def _date_time(scanner: Scanner) -> datetime:
    """Return a moment with its zone; raise BadCommand."""
    found = scanner.take(_DATE_TIME, "a date and a time").groups()
    day, month, year, hour, minute, second, sign, hours, minutes = found
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        return datetime(
            int(year),
            month_of(month),
            int(day),
            int(hour),
            int(minute),
            min(int(second), 59),  # of a leap second
            tzinfo=timezone(-offset if sign == b"-" else offset),
        )
    except ValueError:
        raise BadCommand("there is no such date") from None


def month_of(name: bytes) -> int:
    """Return the number of a month, from 1; raise ValueError."""
    return MONTHS.index(name.decode("ascii").capitalize()) + 1
