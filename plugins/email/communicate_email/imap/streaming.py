"""What is large of a message goes to the client piece by piece, never whole in memory.

Each piece is read in a transaction of its own, in a thread, once the client has taken those
before.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from communicate.storage.work import work
from communicate_email import mime
from communicate_email.imap.connection import HungUp
from communicate_email.imap.telling import NUL_FREE, Piece, Stretch
from communicate_email.interfaces import IMailStore

if TYPE_CHECKING:
    from communicate_email.imap.session import Session

PIECE = 256 * 1024  # octets


async def sent(session: "Session", pieces: Sequence[Piece]) -> bytes:
    """Send *pieces*; return what comes after the last that is large, which is not sent yet."""
    held: list[bytes] = []
    for piece in pieces:
        if isinstance(piece, Stretch):
            await session.say(b"".join(held))
            held.clear()
            await _stream(session, piece)
        else:
            held.append(piece)
    return b"".join(held)


async def _stream(session: "Session", stretch: Stretch) -> None:
    """Send the octets of *stretch*; raise HungUp where the message goes meanwhile."""
    desk, signed = session.desk, session.signed
    if signed is None:
        raise HungUp("nobody has signed in")
    said = mime.stream(_read(desk.registry, signed.uid, stretch), stretch.kind)
    skip, left = stretch.skip, stretch.size
    while left:
        async with desk.members.share(signed.uid, long=False):
            octets = await desk.apart(partial(_next, said))
        told = octets[skip : skip + left]
        skip = max(0, skip - len(octets))
        left -= len(told)
        await session.say(told.translate(NUL_FREE) if stretch.nul_free else told)


def _next(said: Iterator[bytes]) -> bytes:
    """Return the next octets; raise HungUp: what was announced has to come, or nothing more."""
    try:
        return next(said)
    except Exception as error:
        raise HungUp("the message is there no more") from error


def _read(registry: Any, uid: int, stretch: Stretch) -> Iterator[bytes]:
    for start in range(stretch.start, stretch.stop, PIECE):
        stop = min(start + PIECE, stretch.stop)
        yield work(registry, partial(_piece, uid, stretch.id, start, stop))


def _piece(uid: int, number: int, start: int, stop: int, request: Any) -> bytes:
    store = request.find_service(IMailStore)
    return b"".join(store.reading(store.opened(uid)).pieces(number, start, stop))
