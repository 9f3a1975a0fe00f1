"""Mail as mbox (RFC 4155) in the variant called mboxrd: nothing of a message is lost."""

import re
from collections.abc import Generator, Iterable, Iterator
from datetime import datetime

FROM = b"From "
_BEGIN = re.compile(rb"From \S+ .*\d\d:\d\d")  # many programs quote no line of a text
WAIT = 64 * 1024  # bytes of a line that are held at most


def message(sender: str, when: datetime, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the message that *chunks* hold as a part of an mbox, lines ending in LF.

    *sender* is the address of the envelope, *when* the moment at which it came, aware.
    """
    address = "".join(sender.split()) or "MAILER-DAEMON"
    stamp = when.strftime("%a %b %e %H:%M:%S %Y")
    yield f"From {address} {stamp}\n".encode("ascii", "replace")
    last = b"\n"
    for piece in quoted(chunks):
        last = piece or last
        yield piece
    yield b"\n" if last.endswith(b"\n") else b"\n\n"


def quoted(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of *chunks*; what looks like the beginning of a message gets a ``>``."""
    rest, begins = b"", True
    for chunk in chunks:
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        for line in lines:
            yield _line(line.removesuffix(b"\r"), begins) + b"\n"
            begins = True
        if len(rest) > WAIT:  # only how a line begins matters; the last byte may be half of CRLF
            yield _line(rest[:-1], begins)
            rest, begins = rest[-1:], False
    if rest:
        yield _line(rest, begins)


def _line(line: bytes, begins: bool) -> bytes:
    looks = begins and line.lstrip(b">").startswith(b"From ")
    return b">" + line if looks else line


class TooLong(ValueError):
    """A message of an mbox is larger than what is taken."""


def messages(chunks: Iterable[bytes], most: int) -> Generator[bytes, None, None]:
    """Yield the messages of the mbox that *chunks* hold, lines ending in CRLF, as `message` wrote.

    What other programs wrote is read as well: a message begins at a line with ``From ``, an
    address and a time that is the first, or follows an empty one.  Raise TooLong where one has
    more than *most* bytes.
    """
    held: list[bytes] | None = None
    size, empty = 0, True
    for line in lines(chunks, most):
        if empty and _BEGIN.match(line):
            if held is not None:
                yield _whole(held)
            held, size = [], 0
        elif held is not None:
            held.append(line[1:] if line.startswith(b">") and _quoted(line) else line)
            size += len(line) + 2
            if size > most:
                raise TooLong(f"a message has more than {most} bytes")
        empty = not line
    if held is not None:
        yield _whole(held)


def lines(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Yield the lines of *chunks* without what ends them; raise TooLong at *most* bytes of one."""
    rest: list[bytes] = []  # of a line whose end has not come: joined once
    size = 0
    for chunk in chunks:
        found = chunk.split(b"\n")
        if len(found) > 1:
            yield b"".join([*rest, found[0]]).removesuffix(b"\r")
            for line in found[1:-1]:
                yield line.removesuffix(b"\r")
            rest, size = [], 0
        rest.append(found[-1])
        size += len(found[-1])
        if size > most:
            raise TooLong(f"a line has more than {most} bytes")
    if size:
        yield b"".join(rest).removesuffix(b"\r")


def _quoted(line: bytes) -> bool:
    return line.lstrip(b">").startswith(FROM)


def _whole(held: list[bytes]) -> bytes:
    """Return the message of *held*, lines, the last of which parts it from the next message."""
    if held and not held[-1]:
        held.pop()
    return b"".join([line + b"\r\n" for line in held])
