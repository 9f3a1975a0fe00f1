"""IDLE (RFC 2177): a client is told what is new as it comes; while it waits it costs nothing."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from communicate_email.imap.folders import Folders
from communicate_email.imap.wire.commands import Command
from communicate_email.imap.wire.errors import BadCommand

if TYPE_CHECKING:
    from communicate_email.imap.session import Session

PACE = 0.1  # seconds between two looks for one client, however much comes


async def idle(session: "Session", _command: Command) -> None:
    """Tell what is new as it comes, until the client says ``DONE``."""
    oids = await session.work(lambda folders: _watched(session, folders))
    await session.say(b"+ Tell me when you are done\r\n" + session.news())
    event = asyncio.Event()
    line = asyncio.ensure_future(session.stream.line(session.desk.idle))
    line.add_done_callback(lambda _line: event.set())
    try:
        with session.desk.rounds.told(oids, event):
            await _tell(session, line, event)
    finally:
        if not line.done():
            line.cancel()
            with suppress(asyncio.CancelledError):
                await line
    if session.ended:
        return
    if line.result().upper() != b"DONE":
        raise BadCommand("DONE is expected")


async def _tell(session: "Session", line: "asyncio.Future[bytes]", event: asyncio.Event) -> None:
    """Tell what is new at once, and whenever *event* is set, until a *line* has come."""
    clock = asyncio.get_running_loop().time
    while not line.done() and not session.ended:
        event.clear()
        looked = clock()
        if session.view is not None:
            await session.work(lambda _folders: None)
        found = session.news()
        if found:
            await session.say(found)
        if not session.ended:
            await event.wait()
            await asyncio.wait([line], timeout=max(0.0, looked + PACE - clock()))


def _watched(session: "Session", folders: Folders) -> list[bytes]:
    """Return what is waited for: a change of the folder that is selected."""
    things: list[Any] = []
    if session.view is not None:
        things.append(folders.by_id(session.view.box))
    return [thing._p_oid for thing in things if thing is not None]
