"""Messages of an mbox, whoever wrote it (RFC 4155)."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from communicate_email.importing.found import Skipped, Why
from communicate_email.mime import dates

FROM = b"From "
_DAYS = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_BEGIN = re.compile(rb"From (?:.{0,400} )?(" + _DAYS + rb",? +(?:\w{3} +\d|\d{1,2} ).{0,60})\s*$")
_MARKED = re.compile(rb">+From ")


def messages(
    chunks: Iterable[bytes], most: int, where: str
) -> Iterator[tuple[bytes, datetime | None] | Skipped]:
    """Yield the messages of the mbox that *chunks* hold, lines ending in CRLF, and their moments.

    A line ``From `` with a moment begins one where it is first or follows an empty line.  One
    ``>`` is taken from lines that had it put before ``From ``.  Messages of more than *most* bytes
    are skipped.
    """
    held: list[bytes] = []
    when: datetime | None = None
    size, empty, begun = 0, True, False
    for line, whole in lines(chunks, most):
        if empty and line.startswith(FROM) and (not begun or is_begin(line)):
            if begun:
                yield _done(held, when, size, most, where)
            held, when, size, begun = [], moment(line), 0, True
        elif begun:
            size += len(line) + 2
            if size <= most and whole:
                held.append(line[1:] if _MARKED.match(line) else line)
            else:
                held, size = [], most + 1  # let memory go; the rest is passed over
        empty = not line
    if begun:
        yield _done(held, when, size, most, where)


def is_begin(line: bytes) -> bool:
    """Tell whether *line*, which begins with ``From ``, begins a message."""
    return _BEGIN.match(line) is not None


def moment(line: bytes) -> datetime | None:
    """Return the moment at the end of *line*, or None."""
    match = _BEGIN.match(line)
    return dates.date(match[1]) if match else None


def _done(
    held: list[bytes], when: datetime | None, size: int, most: int, where: str
) -> tuple[bytes, datetime | None] | Skipped:
    if size > most:
        return Skipped(where, Why.LARGE)
    if held and not held[-1]:
        held.pop()  # parts it from the next message
    return b"".join([line + b"\r\n" for line in held]), when


def lines(chunks: Iterable[bytes], most: int) -> Iterator[tuple[bytes, bool]]:
    """Yield the lines of *chunks* without their ends, and whether each is whole.

    Of a line of more than *most* bytes the begin is yielded, and the rest passed over.
    """
    rest: list[bytes] = []  # of a line whose end has not come
    size, passing = 0, False
    for chunk in chunks:
        first, *others = chunk.split(b"\n")
        for line in (first, *others)[: len(others)]:
            if not passing:
                yield b"".join([*rest, line]).removesuffix(b"\r"), True
            rest, size, passing = [], 0, False
        last = others[-1] if others else first
        size += len(last)
        if size > most and not passing:
            yield b"".join([*rest, last])[:100], False
            passing = True
        rest = [] if passing else [*rest, last] if not others else [last]
    if any(rest):
        yield b"".join(rest).removesuffix(b"\r"), True
