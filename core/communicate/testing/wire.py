"""A house served on a real socket, and a client that sends whatever bytes it is given."""

import http.client
import socket
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from types import TracebackType
from typing import Any, Self

from communicate.serving.web import WebServer
from communicate.testing.house import House

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Reply:
    """Status, headers as they came (names in lower case), and body of one answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return the first header *name*, empty where there is none."""
        return next((value for known, value in self.headers if known == name), "")

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


class Served:
    """*house* on a free port of the loopback while a ``with`` block runs, in this process."""

    def __init__(self, house: House) -> None:
        bound = socket.socket()
        bound.bind(("127.0.0.1", 0))
        self.house = house
        self.port: int = bound.getsockname()[1]
        self.web = WebServer(house.app, bound, house.registry.settings)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.web.serve_until, args=(self._stop,))

    def __enter__(self) -> Self:
        self.web.accept_connections()
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        with suppress(OSError):
            self.web.pull_trigger()
        self._thread.join(10)
        self.web.drain(1)


class Wire:
    """One browser that checks nothing of what it sends; cookies are kept, connections reused."""

    def __init__(self, port: int, origin: str = "http://localhost") -> None:
        self.port = port
        self.origin = origin
        self.cookies: dict[str, str] = {}
        self._socket: socket.socket | None = None

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def ask(
        self,
        method: str,
        target: str | bytes,
        body: bytes | None = None,
        headers: Iterable[tuple[str, str | bytes]] = (),
    ) -> Reply:
        """Send one request as it is and return the answer."""
        given = list(headers)
        names = {name.lower() for name, _value in given}
        if "host" not in names:
            given.insert(0, ("Host", "localhost"))
        if self.cookies and "cookie" not in names:
            jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            given.append(("Cookie", jar))
        if body is not None and not names & {"content-length", "transfer-encoding"}:
            given.append(("Content-Length", str(len(body))))
        lines = [method.encode() + b" " + raw(target) + b" HTTP/1.1"]
        lines += [raw(name) + b": " + raw(value) for name, value in given]
        reply = self._send(method, b"\r\n".join([*lines, b"", body or b""]))
        self._keep(reply)
        return reply

    def post(self, target: str | bytes, body: bytes, kind: str = FORM) -> Reply:
        """Post *body* as a page of ours would."""
        return self.ask("POST", target, body, [("Content-Type", kind), ("Origin", self.origin)])

    def _send(self, method: str, message: bytes) -> Reply:
        fresh = self._socket is None
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), 30)
        try:
            # A server that refuses early closes before all is sent; its answer is there to read.
            with suppress(BrokenPipeError, ConnectionResetError):
                self._socket.sendall(message)
            return self._receive(method)
        except (ConnectionError, http.client.HTTPException):
            self.close()
            if fresh:
                raise
        return self._send(method, message)  # the server had closed the old connection

    def _receive(self, method: str) -> Reply:
        assert self._socket is not None  # noqa: S101
        response = http.client.HTTPResponse(self._socket, method=method)
        try:
            response.begin()
            headers = tuple((name.lower(), value) for name, value in response.getheaders())
            reply = Reply(response.status, headers, response.read())
            ends = response.will_close
        finally:
            response.close()
        if ends:
            self.close()
        return reply

    def _keep(self, reply: Reply) -> None:
        for name, value in reply.headers:
            if name == "set-cookie":
                for key, morsel in cookies_in(value).items():
                    if morsel.value and morsel["max-age"] != "0":
                        self.cookies[key] = morsel.coded_value
                    else:
                        self.cookies.pop(key, None)


def cookies_in(header: str) -> Any:
    """Return the cookies that the header ``Set-Cookie`` sets, none where it cannot be read."""
    try:
        return SimpleCookie(header)
    except CookieError:
        return {}


def raw(text: str | bytes) -> bytes:
    """Return *text* as bytes."""
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
