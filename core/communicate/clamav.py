"""A client of clamd, the scanner of ClamAV: ``INSTREAM`` of clamd(8), for one stream at a time.

clamd speaks without encryption and knows nobody, so it is asked on this machine only.
"""

import socket
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

CLEAN, INFECTED, UNSCANNED = "clean", "infected", "unscanned"
PATIENCE = 120.0  # seconds for an answer: it looks into archives once it has everything
LONGEST = 4096  # bytes of an answer
# What it says it found where it only stopped looking, or could not look.
STOPPED = ("Heuristics.Limits.Exceeded", "Heuristics.Encrypted")


class Unavailable(OSError):
    """clamd cannot be reached, or did not answer as clamd does."""


class Verdict(NamedTuple):
    """What clamd said: a state, and the name of what it found."""

    state: str
    found: str = ""


def scan(address: str, pieces: Iterable[bytes], *, patience: float = PATIENCE) -> Verdict:
    """Return what clamd at *address* says of all *pieces*; raise Unavailable.

    Where that is more than it takes (``StreamMaxLength``), nothing was found out: UNSCANNED.
    """
    with connected(address, patience) as channel:
        channel.sendall(b"zINSTREAM\0")
        with suppress(BrokenPipeError, ConnectionResetError):  # it has heard enough, and says so
            for piece in pieces:
                if piece:
                    channel.sendall(struct.pack("!I", len(piece)) + piece)
            channel.sendall(struct.pack("!I", 0))
        return verdict(answer(channel))


def answers(address: str) -> bool:
    """Tell whether clamd listens at *address*."""
    try:
        with connected(address) as channel:
            channel.sendall(b"zPING\0")
            return answer(channel) == "PONG"
    except OSError:
        return False


def verdict(said: str) -> Verdict:
    """Return what the answer *said* means; raise Unavailable for an error."""
    words = said.removeprefix("stream: ")
    if words == "OK":
        return Verdict(CLEAN)
    if words.endswith(" FOUND"):
        name = words.removesuffix(" FOUND")
        return Verdict(UNSCANNED) if name.startswith(STOPPED) else Verdict(INFECTED, name)
    if "size limit exceeded" in words:
        return Verdict(UNSCANNED)
    raise Unavailable("clamd answered with an error")


@contextmanager
def connected(address: str, patience: float = PATIENCE) -> Iterator[socket.socket]:
    """Yield a connection to *address*, the path of a socket or host:port; raise Unavailable."""
    try:
        with opened(address, patience) as channel:
            yield channel
    except Unavailable:
        raise
    except OSError as error:
        raise Unavailable(f"clamd cannot be reached: {error.strerror or error}") from None


def opened(address: str, patience: float = PATIENCE) -> socket.socket:
    """Return a socket that is connected to *address*."""
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), patience)
    channel = socket.socket(socket.AF_UNIX)
    channel.settimeout(patience)
    try:
        channel.connect(address)
    except BaseException:
        channel.close()
        raise
    return channel


def answer(channel: socket.socket) -> str:
    """Return the answer, which ends with NUL or the connection."""
    said = b""
    while b"\0" not in said and len(said) < LONGEST:
        with suppress(ConnectionResetError):  # after the answer, where it had heard enough
            if part := channel.recv(LONGEST):
                said += part
                continue
        break
    if not said:
        raise Unavailable("clamd did not answer")
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()
