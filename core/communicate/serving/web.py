"""Serve HTTP with waitress, and stop without cutting anybody off.

Waitress itself drops what is queued when it stops and lets a client take all day to send a
request; both are mended here.
"""

import select
import socket
import threading
import time
from collections.abc import Mapping
from copy import copy
from typing import Any
from urllib.parse import urlsplit

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from communicate.accounts import cookies
from communicate.courtesy import courtesy
from communicate.serving.inbox import Inbox
from communicate.web.intake import LARGEST, STRANGERS

SLOWEST = 1024  # bytes a second: a body may take so long, and the client timeout besides
RECEIVED = 2**16  # bytes taken at once: files come in parts of many megabytes
GRACE = 0.2  # seconds for a request on its way when the stop begins
INBOX = Inbox()
SIGNS = (cookies.SESSION, cookies.REMEMBER)
SPOOL = 4  # times max_body that is still read, so that the site can answer with a page of its own


class LastTask(WSGITask):
    """A request; the connection ends with its answer once the server is stopping."""

    def get_environment(self) -> dict[str, Any]:
        """Return what the application is told; all of the body is there, to be read again."""
        environ: dict[str, Any] = super().get_environment()
        environ["webob.is_body_seekable"] = True
        return environ

    def build_response_header(self) -> bytes:
        """Return status line and headers."""
        if self.channel.server.stopping:
            self.request.headers["CONNECTION"] = "close"
        header: bytes = super().build_response_header()
        return header


class Parser(HTTPRequestParser):
    """A request; one whose address cannot be taken apart is answered with 400.

    Of one that brings no sign of an account, little is read: see `STRANGERS`.
    """

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.of_site = adj

    def parse_header(self, header_plus: bytes) -> None:
        """Read request line and headers; raise `ParsingError` where they cannot be read."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # waitress itself would drop the connection
            raise ParsingError("Bad URI") from error
        if has_sign(self.headers):
            INBOX.settle(self.body_rcv, self.content_length)
        else:
            self.adj = self.of_site.for_strangers


def has_sign(headers: Mapping[str, str]) -> bool:
    """Tell whether a request brings what may be an account's: whose it is, the site finds out."""
    cookies = headers.get("COOKIE", "")
    return "AUTHORIZATION" in headers or any(f"{name}=" in cookies for name in SIGNS)


class Channel(HTTPChannel):
    """A connection that remembers since when the present request has been arriving."""

    task_class = LastTask
    parser_class = Parser
    began = 0.0

    def received(self, data: bytes) -> bool:
        """Take *data* in, as part of one or more requests."""
        if self.request is None:
            self.began = time.time()
        taken: bool = super().received(data)
        return taken

    def is_too_slow(self, now: float) -> bool:
        """Tell whether the request that is arriving should have arrived by *now*."""
        if self.request is None:
            return False
        allowed = self.adj.channel_timeout + self.request.body_bytes_received / SLOWEST
        return bool(now - self.began > allowed)

    def is_idle(self, now: float) -> bool:
        """Tell whether nothing has been going on for a moment before *now*."""
        quiet = not self.requests and self.request is None and not self.total_outbufs_len
        return bool(quiet and now - self.last_activity > GRACE)


class Asked:
    """A request of *channel* that waits for a thread; jobs give way until it is answered."""

    def __init__(self, channel: HTTPChannel) -> None:
        self.channel = channel
        courtesy.arrived(self)

    def service(self) -> None:
        """Answer it."""
        try:
            self.channel.service()
        finally:
            courtesy.answered(self)

    def cancel(self) -> None:
        """Drop it: the server ends."""
        courtesy.answered(self)
        self.channel.cancel()


class WebServer(TcpWSGIServer):
    """Waitress on the socket *bound*, serving *application* by the site's settings."""

    channel_class = Channel
    stopping = False

    def __init__(
        self, application: Any, bound: socket.socket, settings: Mapping[str, Any]
    ) -> None:
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(settings["communicate.threads"])
        super().__init__(
            application,
            {},
            _start=False,
            _sock=bound,
            dispatcher=dispatcher,
            adj=adjustments(bound, settings),
            sockinfo=(bound.family, bound.type, bound.proto, bound.getsockname()),
            bind_socket=False,
        )

    def add_task(self, task: HTTPChannel) -> None:
        """Have a thread answer the next request of a channel."""
        super().add_task(Asked(task))

    def maintenance(self, now: float) -> None:
        """Close the connections that are silent or too slow."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.is_too_slow(now):
                channel.will_close = True

    def serve_until(self, stop: threading.Event) -> None:
        """Answer requests until *stop* is set (and `pull_trigger` called)."""
        while not stop.is_set():
            self.turn(1.0)

    def drain(self, patience: float) -> None:
        """Answer what has been asked, for at most *patience* seconds, and close everything."""
        self.stopping = True
        until = time.monotonic() + patience
        while (
            self.accepting
            and select.select([self.socket], [], [], 0)[0]
            and time.monotonic() < until
        ):
            self.turn(0)  # those who have been let in, but not yet seen
        self.del_channel()
        self.socket.close()
        while self.active_channels and time.monotonic() < until:
            self.turn(0.05)
            now = time.time()
            for channel in list(self.active_channels.values()):
                if channel.is_idle(now):
                    channel.handle_close()
        self.task_dispatcher.shutdown(timeout=max(0.0, until - time.monotonic()) + 1)
        wasyncore.close_all(self._map, ignore_all=True)

    def turn(self, timeout: float) -> None:
        """Handle what the sockets have ready, waiting at most *timeout* seconds for it."""
        wasyncore.loop(timeout=timeout, use_poll=True, map=self._map, count=1)


def adjustments(bound: socket.socket, settings: Mapping[str, Any]) -> Adjustments:
    """Return waitress's own settings; ``for_strangers`` are those for who brings no sign."""
    proxy = settings["communicate.trusted_proxy"]
    behind: dict[str, Any] = {}
    if proxy:
        behind = {"trusted_proxy": proxy, "trusted_proxy_headers": {"x-forwarded-for"}}
    most = max(SPOOL * settings["communicate.max_body"], settings.get(LARGEST, 0))
    made = Adjustments(
        sockets=[bound],
        ident=None,
        expose_tracebacks=False,
        threads=settings["communicate.threads"],
        url_scheme=urlsplit(settings["communicate.url"]).scheme,
        max_request_body_size=most + 1,
        recv_bytes=RECEIVED,
        channel_timeout=settings["communicate.client_timeout"],
        cleanup_interval=min(5, settings["communicate.client_timeout"]),
        connection_limit=1000,
        clear_untrusted_proxy_headers=True,
        log_socket_errors=False,
        **behind,
    )
    made.for_strangers = copy(made)
    made.for_strangers.max_request_body_size = min(most, SPOOL * STRANGERS) + 1
    return made
