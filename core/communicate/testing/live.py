"""A page that waits for news, without a browser: a ticket by HTTP, then a WebSocket."""

import json
from typing import Any
from urllib.parse import urljoin

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from communicate.testing.client import Client, fields_of

PROTOCOL = Subprotocol("communicate.live")


def ticket(client: Client, since: int = 0, page: str = "/") -> dict[str, str]:
    """Return ``ticket`` and ``address`` as the site gives them to the member of *client*."""
    token = fields_of(client.get(page), "appearance")["csrf_token"] if page else ""
    answer = client.post("/live/ticket", {"csrf_token": token, "since": str(since)})
    if answer.status != 200:
        raise RuntimeError(f"no ticket: {answer.status}")
    found: dict[str, str] = json.loads(answer.text)
    return found


def opening(client: Client, made: dict[str, str], **options: Any) -> Any:
    """Return a context in which a WebSocket is open, opened with the ticket *made*."""
    address = urljoin(client.origin, made["address"]).replace("http", "ws", 1)
    protocols = [PROTOCOL, Subprotocol(made["ticket"])]
    given: dict[str, Any] = {
        "origin": Origin(client.origin),
        "subprotocols": protocols,
        "compression": None,
        "proxy": None,
        **options,
    }
    return connect(address, **given)


class Ears:
    """What one page of the member of *client* hears, between entering and leaving."""

    socket: ClientConnection

    def __init__(self, client: Client, since: int = 0) -> None:
        self._opening = opening(client, ticket(client, since))

    def hear(self, timeout: float = 10.0) -> dict[str, str]:
        """Return the next thing that is told; raise TimeoutError."""
        found: dict[str, str] = json.loads(self.socket.recv(timeout))
        return found

    def hears_nothing(self, timeout: float = 0.5) -> bool:
        """Tell whether nothing comes within *timeout* seconds."""
        try:
            self.socket.recv(timeout)
        except TimeoutError:
            return True
        return False

    def closed(self, timeout: float = 10.0) -> int | None:
        """Return the code with which the connection ends, None without one; raise TimeoutError."""
        try:
            while True:
                self.socket.recv(timeout)
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else None

    def __enter__(self) -> "Ears":
        self.socket = self._opening.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._opening.__exit__(*error)
