"""The listener: WebSockets (RFC 6455) in a thread and an event loop of their own.

A connection that waits costs memory and a ping now and then, nothing else.  Clients have nothing
to say: whoever sends a message is cut off.  Nothing of a handshake is logged, and cookies, which
browsers send to every port of a host, are not looked at.
"""

import asyncio
import logging
import math
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from communicate.live.hub import Hub
from communicate.live.tickets import BadTicket, Sign, Ticket, read

PATH = "/live"
PROTOCOL = Subprotocol("communicate.live")
HANDSHAKE = 10.0  # seconds
PING = 100.0  # seconds between two pings of one connection: less than what proxies allow
REVIEW = 60.0  # seconds within which a session that ran out is noticed
SAID = 16 * 1024  # bytes that a client may send between two pings, its handshake included
LARGEST = 125  # bytes of a pong: clients send nothing else
UNREAD = 64 * 1024  # bytes that may wait for a client that does not read
LATECOMERS = 500  # connections beyond those that are let in, while they shake hands
STOP = 5.0  # seconds
GONE, POLICY = 1001, 1008

log = logging.getLogger(__name__)
silent = logging.getLogger(f"{__name__}.connections")
silent.disabled = True  # its lines would hold what strangers send, and tickets

Review = Callable[[list[bytes]], Iterable[bytes]]


class Connection(ServerConnection):
    """One client; once its ticket has been read, a `communicate.live.hub.Wire`."""

    uid = 0
    session = b""
    ticket: Ticket
    said = 0
    pong: Any = None
    ending: Any = None

    def connection_made(self, transport: Any) -> None:
        """Begin, unless there are too many."""
        if len(self.server.connections) > self.server.most:  # type: ignore[attr-defined]
            transport.abort()
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Take *data* in, unless this client talks too much."""
        self.said += len(data)
        if self.said > SAID:
            self.transport.abort()
            return
        super().data_received(data)

    def tell(self, text: str) -> None:
        """Send *text* without waiting; drop a client that does not read."""
        if self.transport.get_write_buffer_size() > UNREAD:
            self.transport.abort()
        else:
            broadcast([self], text)

    def end(self, code: int) -> None:
        """Begin to close with *code*, without waiting."""
        self.ending = asyncio.ensure_future(self.close(code))  # kept, or it would be collected

    async def beat(self) -> None:
        """Ask whether the client is still there; drop one that did not answer the last time."""
        self.said = 0
        if self.pong is not None and not self.pong.done():
            self.transport.abort()
        elif not self.transport.get_write_buffer_size():
            self.pong = await self.ping()


class Listener:
    """Serve the connections of *hub* on the socket *bound*, between `start` and `stop`.

    *sign* signs tickets, *origin* is that of our pages, and *review* returns those of some keys of
    sessions that run no more.
    """

    def __init__(
        self, hub: Hub, bound: socket.socket, sign: Sign, origin: str, review: Review, most: int
    ) -> None:
        self.hub, self.bound, self.sign, self.review, self.most = hub, bound, sign, review, most
        self.origin = origin.lower()
        self.failed: str | None = None
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="communicate-live", daemon=True)

    def start(self) -> None:
        """Return once connections are taken."""
        self._thread.start()
        self._ready.wait(STOP)

    def stop(self) -> None:
        """Say goodbye to every client, and end."""
        loop, self.hub.loop = self.hub.loop, None
        if loop is not None and self._stop is not None:
            with suppress(RuntimeError):  # it has ended by itself
                loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(2 * STOP)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception:
            log.exception("pages are not told what is new any more")
        finally:
            self.hub.shut()
            self._ready.set()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        server = await serve(
            self.handle,
            sock=self.bound,
            process_request=self.admit,
            subprotocols=[PROTOCOL],
            create_connection=Connection,
            compression=None,
            server_header=None,
            open_timeout=HANDSHAKE,
            close_timeout=STOP / 2,
            ping_interval=None,  # `_beat` does it, evenly
            max_size=LARGEST,
            max_queue=1,
            logger=silent,
        )
        server.most = self.most + LATECOMERS  # type: ignore[attr-defined]
        self.hub.open(asyncio.get_running_loop(), self.most)
        self._ready.set()
        others = [asyncio.create_task(self._beat()), asyncio.create_task(self._look_through())]
        await self._stop.wait()
        for task in others:
            task.cancel()
        server.close(code=GONE)
        with suppress(TimeoutError):
            await asyncio.wait_for(server.wait_closed(), STOP)

    def admit(self, connection: Any, request: Request) -> Response | None:
        """Read the ticket that *connection* brings; return the answer that refuses it."""
        if request.path != PATH:
            return connection.respond(HTTPStatus.NOT_FOUND, "")  # type: ignore[no-any-return]
        try:
            if one_of(request.headers, "Origin").lower() != self.origin:
                raise BadTicket("not from our pages")
            ticket = read(self.sign, ticket_in(request.headers), now=time.time())
        except BadTicket:
            return connection.respond(HTTPStatus.FORBIDDEN, "")  # type: ignore[no-any-return]
        if not self.hub.may_join(ticket.session, ticket.id, ticket.until):
            answer = HTTPStatus.SERVICE_UNAVAILABLE
            return connection.respond(answer, "")  # type: ignore[no-any-return]
        connection.uid, connection.session, connection.ticket = ticket.uid, ticket.session, ticket
        return None

    async def handle(self, connection: Any) -> None:
        """Keep *connection* until its client leaves; cut off one that says something."""
        self.hub.join(connection, connection.ticket.since)
        try:
            async for _message in connection:
                await connection.close(POLICY)
        except ConnectionClosed:
            pass
        finally:
            self.hub.leave(connection)

    async def _beat(self) -> None:
        """Ping every connection once in each `PING` seconds, a few at a time."""
        while True:
            began = time.monotonic()
            held = [wire for wires in self.hub.wires.values() for wire in wires]
            share = math.ceil(len(held) / PING)
            for number, wire in enumerate(held, 1):
                with suppress(ConnectionClosed):
                    await wire.beat()  # type: ignore[attr-defined]
                if number % share == 0:
                    await asyncio.sleep(1.0)
            await asyncio.sleep(max(1.0, began + PING - time.monotonic()))

    async def _look_through(self) -> None:
        """Close, once in each `REVIEW` seconds, what belongs to sessions that run no more."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(REVIEW)
            held = list({wire.session for wires in self.hub.wires.values() for wire in wires})
            try:
                over = await loop.run_in_executor(None, self.review, held)
            except Exception:  # a store that is away for a while must not end the watch
                log.exception("the sessions of open pages could not be looked through")
            else:
                for session in over:
                    self.hub.close_session(session)


def one_of(headers: Headers, name: str) -> str:
    """Return the only header *name*; raise `BadTicket` where there is none, or several."""
    found = headers.get_all(name)
    if len(found) != 1:
        raise BadTicket(f"no single {name}")
    return found[0]


def ticket_in(headers: Headers) -> str:
    """Return the ticket, which pages send as a second subprotocol: an address would be logged."""
    words = one_of(headers, "Sec-WebSocket-Protocol").split(",")
    if len(words) != 2 or words[0].strip() != PROTOCOL:
        raise BadTicket("no ticket")
    return words[1].strip()
