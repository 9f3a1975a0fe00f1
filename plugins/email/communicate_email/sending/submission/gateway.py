"""The servers of submission: what ``communicate serve`` starts where settings say an address."""

import asyncio
import ssl
import threading
from collections.abc import Callable
from typing import Any

from communicate.serving.sockets import bind
from communicate.tls.serving import files_of, server_context
from communicate_email.receiving.gateway import BACKLOG, Gateway
from communicate_email.sending.submission.desk import Desk
from communicate_email.sending.submission.protocol import Submitting, SubmittingTLS


class Submission(Gateway):
    """Submission with STARTTLS and with TLS from the first octet, in a thread of its own.

    Raise NoCertificate where there is none: without TLS nobody signs in.
    """

    def __init__(self, registry: Any) -> None:
        settings = registry.settings
        self.patience = settings["communicate.stop_timeout"]
        self.renewed = server_context(*files_of(settings))
        self.renewed()
        self.reception = Desk(registry, self.renewed)
        self.sockets = []
        self.path = None
        for setting, protocol in (
            ("email.submission", Submitting),
            ("email.submissions", SubmittingTLS),
        ):
            if settings[setting]:
                self.sockets.append((protocol, bind(settings[setting])))
        self.loop = asyncio.new_event_loop()
        self._servers = []
        self._thread = threading.Thread(target=self._run, name="communicate-submit", daemon=True)

    async def _listen(self) -> None:
        for protocol, bound in self.sockets:
            context = following(self.renewed) if protocol is SubmittingTLS else None
            server = await self.loop.create_server(
                self._maker(protocol), sock=bound, backlog=BACKLOG, ssl=context
            )
            self._servers.append(server)


def following(renewed: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Return a context that shows the certificate of *renewed* as it is at each connection."""
    first = renewed()

    def choose(connection: Any, _name: str | None, _context: Any) -> None:
        connection.context = renewed()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = first.minimum_version
    context.num_tickets = first.num_tickets
    context.sni_callback = choose
    return context


def start(registry: Any) -> Submission:
    """Start the gateway; raise CannotListen, or NoCertificate."""
    gateway = Submission(registry)
    gateway.start()
    return gateway
