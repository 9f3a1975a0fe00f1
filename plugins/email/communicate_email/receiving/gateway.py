"""The servers: what ``communicate serve`` starts where settings say an address."""

import asyncio
import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from communicate.serving.sockets import CannotListen, bind
from communicate.tls.serving import NoCertificate, files_of, server_context
from communicate_email.receiving.protocol import Handing, Receiving
from communicate_email.receiving.reception import Reception

log = logging.getLogger(__name__)
BACKLOG = 128
POLL = 0.02  # seconds


class Gateway:
    """Mail by SMTP and LMTP, for the application of *registry*, in a thread of its own."""

    def __init__(self, registry: Any) -> None:
        settings = registry.settings
        self.patience: float = settings["communicate.stop_timeout"]
        self.loop = asyncio.new_event_loop()
        self.reception = Reception(registry, contexts(settings))
        self.sockets: list[tuple[type[Receiving], socket.socket]] = []
        self.path: Path | None = None
        if settings["email.smtp"]:
            self.sockets.append((Receiving, bind(settings["email.smtp"])))
        if settings["email.lmtp"]:
            self.sockets.append((Handing, self._local(settings["email.lmtp"])))
        self._servers: list[asyncio.Server] = []
        self._thread = threading.Thread(target=self._run, name="communicate-mail", daemon=True)

    def _local(self, address: str) -> socket.socket:
        if not address.startswith("/"):
            return bind(address)
        self.path = Path(address)
        return socket_at(self.path)

    def port(self, protocol: type[Receiving] = Receiving) -> int:
        """Return the port on which *protocol* is spoken."""
        found = next(bound for spoken, bound in self.sockets if spoken is protocol)
        return int(found.getsockname()[1])

    def start(self) -> "Gateway":
        """Let clients in; raise CannotListen."""
        self.reception.start()
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self.loop).result()
        return self

    def stop(self) -> None:
        """Let nobody in, finish messages that are on their way within a time, and end."""
        asyncio.run_coroutine_threadsafe(self._drain(), self.loop).result()
        self.reception.stop()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        if self.path is not None:
            self.path.unlink(missing_ok=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            self.loop.run_until_complete(self.loop.shutdown_default_executor())
            self.loop.close()

    async def _listen(self) -> None:
        for protocol, bound in self.sockets:
            make = self._maker(protocol)
            if bound.family == socket.AF_UNIX:
                server: Any = await self.loop.create_unix_server(make, sock=bound, backlog=BACKLOG)
            else:
                server = await self.loop.create_server(make, sock=bound, backlog=BACKLOG)
            self._servers.append(server)

    def _maker(self, protocol: type[Receiving]) -> Callable[[], Receiving]:
        return lambda: protocol(self.reception, self.loop)

    async def _drain(self) -> None:
        for server in self._servers:
            server.close()
        for session in self.reception.sessions - self.reception.at_work:
            session.dismiss()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                while self.reception.at_work:
                    await asyncio.sleep(POLL)
        for session in list(self.reception.sessions):
            session.dismiss()
        while self.reception.sessions:
            await asyncio.sleep(POLL)


def contexts(settings: Any) -> Callable[[], Any]:
    """Return what gives the context of a connection, None where there is no certificate."""
    try:
        return server_context(*files_of(settings))
    except NoCertificate as error:
        log.warning("Mail comes in without encryption: %s", error)
        return lambda: None


def socket_at(path: Path) -> socket.socket:
    """Return a socket at *path*; whoever may enter its folder may use it.

    One that was left there is removed; raise CannotListen where a server answers on it.
    """
    bound = socket.socket(socket.AF_UNIX)
    try:
        if bound.connect_ex(str(path)) == 0:
            raise CannotListen(f"Cannot listen on {path}: a server answers there already.")
        bound.close()
        bound = socket.socket(socket.AF_UNIX)
        if path.is_socket():
            path.unlink()
        os.fchmod(bound.fileno(), 0o666)  # before bind: it gives the file its mode, less the umask
        bound.bind(str(path))
        path.chmod(0o666)
    except OSError as error:
        bound.close()
        raise CannotListen(f"Cannot listen on {path}: {error.strerror}.") from error
    return bound


def start(registry: Any) -> Gateway:
    """Start the gateway."""
    return Gateway(registry).start()
