"""Mail as mbox (RFC 4155) in the variant called mboxrd: nothing of a message is lost."""

from collections.abc import Iterable, Iterator
from datetime import datetime

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
