"""One request to an operator over HTTP, and whether it can have arrived.

Where the connection could not be made, nothing has left.  From the first octet on nobody can tell
until an answer is there.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NamedTuple
from urllib.parse import urlsplit

from communicate_sms.transports.passing import TryLater, Uncertain

PATIENCE = 20.0  # seconds, for the whole of it
LONGEST = 64 * 1024  # octets of an answer


class Answer(NamedTuple):
    """What an operator answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def call(
    method: str,
    url: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
) -> Answer:
    """Return what is answered at *url*, which is not followed elsewhere.

    Raise TryLater where nothing has left, Uncertain where no whole answer came in time.
    """
    where = urlsplit(url)
    target = where.path + (f"?{where.query}" if where.query else "")
    with _connected(where.scheme, where.hostname or "", where.port, patience) as connection:
        try:
            connection.request(method, target or "/", body or None, dict(headers or {}))
            answer = connection.getresponse()
            found = answer.read(LONGEST + 1)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Uncertain(f"{where.hostname} did not answer: {type(error).__name__}") from error
    if len(found) > LONGEST or not answer.isclosed():
        raise Uncertain(f"{where.hostname} answered without an end")
    return Answer(answer.status, {key.lower(): what for key, what in answer.getheaders()}, found)


@contextmanager
def _connected(
    scheme: str, host: str, port: int | None, patience: float
) -> Iterator[http.client.HTTPConnection]:
    """Yield a connection that is cut after *patience* seconds, however busy it is."""
    connection: http.client.HTTPConnection
    if scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(host, port, timeout=patience, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=patience)
    try:
        connection.connect()
    except (OSError, ValueError) as error:
        raise TryLater(f"{host} cannot be reached: {type(error).__name__}") from error
    end = threading.Timer(patience, _cut, [connection.sock])
    end.daemon = True
    end.start()
    try:
        yield connection
    finally:
        end.cancel()
        connection.close()


def _cut(channel: socket.socket) -> None:
    with suppress(OSError):
        channel.shutdown(socket.SHUT_RDWR)
