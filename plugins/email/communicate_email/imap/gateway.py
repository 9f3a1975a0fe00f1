"""The servers: what ``communicate serve`` starts where settings say an address."""

import asyncio
import logging
import socket
import struct
import threading
from contextlib import suppress
from functools import partial
from typing import Any

from communicate.serving.files import give_back, reserve
from communicate.serving.sockets import bind
from communicate.tls.lean import lean_buffers
from communicate.tls.serving import files_of, server_context
from communicate_email.imap.connection import Stream
from communicate_email.imap.desk import Desk
from communicate_email.imap.guests import Guest
from communicate_email.imap.session import Session
from communicate_email.sending.submission.gateway import following

log = logging.getLogger(__name__)
BACKLOG = 128
LINE = 16_384  # octets that are read before anybody asks for them
HURRY = 3  # times the patience that signing in may take
TIRED = 0.1  # seconds for which nobody is let in once that has failed


class Gateway:
    """IMAP with STARTTLS and with TLS from the first octet, in a thread of its own.

    Raise NoCertificate where there is none: without TLS nobody signs in.
    """

    clear, encrypted = "imap", "imaps"  # settings
    stream: Any = Stream
    session: Any = Session
    crowded = b"* BYE Too many connections: try again later\r\n"
    ending = b"* BYE The server goes down\r\n"

    def __init__(self, registry: Any) -> None:
        lean_buffers()
        settings = registry.settings
        self.patience: float = settings["communicate.stop_timeout"]
        self.renewed = server_context(*files_of(settings))
        self.renewed()
        self.desk = Desk(registry, self.renewed)
        self.desk.guests.most = reserve(self.clear, self.desk.guests.most)
        self.sockets = {
            name: bind(settings[f"email.{name}"])
            for name in (self.clear, self.encrypted)
            if settings[f"email.{name}"]
        }
        self.loop = asyncio.new_event_loop()
        self._doors: list[asyncio.Task[None]] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._thread = threading.Thread(
            target=self._run, name=f"communicate-{self.clear}", daemon=True
        )

    def port(self, name: str) -> int:
        """Return the port of one of the two, ``imap`` or ``imaps``."""
        return int(self.sockets[name].getsockname()[1])

    def start(self) -> "Gateway":
        """Let clients in; raise CannotListen."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result()
        return self

    def stop(self) -> None:
        """Let nobody in, finish commands that are being carried out within a time, and end."""
        asyncio.run_coroutine_threadsafe(self._drain(), self.loop).result()
        self.desk.stop()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        give_back(self.clear)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            self.loop.close()

    async def _listen(self) -> None:
        for name, bound in self.sockets.items():
            context = following(self.renewed) if name == self.encrypted else None
            bound.listen(BACKLOG)
            bound.setblocking(False)
            self._doors.append(self.loop.create_task(self._open(bound, context)))

    async def _open(self, bound: socket.socket, context: Any) -> None:
        """Let in who comes by *bound*, one after the other, as long as there is room."""
        with bound:
            while True:
                try:
                    sock, _address = await self.loop.sock_accept(bound)
                except OSError:  # who came has gone again, or no more files can be open
                    await asyncio.sleep(TIRED)
                    continue
                task = self.loop.create_task(self._welcome(sock, context))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _welcome(self, sock: socket.socket, context: Any) -> None:
        """Serve who comes by *sock*: counted before TLS is agreed upon, or anything is said."""
        with suppress(OSError):
            guest = self.desk.enter(str(sock.getpeername()[0]), partial(_reset, sock))
            if guest is None:
                self._turn_away(sock, context)
                return
            try:
                await self._serve(guest, *await self._streams(sock, context))
            finally:
                self.desk.guests.leave(guest)

    def _turn_away(self, sock: socket.socket, context: Any) -> None:
        """Say why nobody is served, where that takes no TLS, and hang up."""
        with suppress(OSError), sock:
            if context is None:
                sock.send(self.crowded)

    async def _streams(
        self, sock: socket.socket, context: Any
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return what comes by *sock* and what goes, once TLS is agreed upon; raise OSError."""
        writers: list[asyncio.StreamWriter] = []
        reader = asyncio.StreamReader(limit=LINE, loop=self.loop)
        protocol = asyncio.StreamReaderProtocol(
            reader, lambda _reader, writer: writers.append(writer), loop=self.loop
        )
        await self.loop.connect_accepted_socket(
            lambda: protocol,
            sock,
            ssl=context,
            ssl_handshake_timeout=self.desk.patience if context else None,
        )
        return reader, writers[0]

    async def _serve(
        self, guest: Guest, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        guest.stream = stream = self.stream(reader, writer, self.desk.before)
        stream.hurry(HURRY * self.desk.patience)
        try:
            await self.session(self.desk, stream).run()
        except asyncio.CancelledError:
            with suppress(OSError):
                writer.write(self.ending)
        except Exception:
            log.exception("a connection was ended")
        finally:
            await stream.close()

    async def _drain(self) -> None:
        for door in self._doors:
            door.cancel()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self.patience)


def _reset(sock: socket.socket) -> None:
    """Hang up at once, whatever is still to be sent, and have whoever waits for *sock* know it."""
    with suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.shutdown(socket.SHUT_RDWR)


def start(registry: Any) -> Gateway:
    """Start the gateway; raise CannotListen, or NoCertificate."""
    return Gateway(registry).start()
