"""A client of rspamd, which knows junk: its worker on this machine is asked over HTTP."""

import http.client
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RECIPIENT = "email.rspamd"  # as the gate knows it
PATIENCE = 3.0  # seconds
LONGEST = 256 * 1024  # octets of an answer
JUNK = frozenset({"reject", "add header", "rewrite subject", "quarantine"})


@dataclass(frozen=True)
class Said:
    """What rspamd said of a message."""

    action: str
    score: float

    @property
    def junk(self) -> bool:
        """Whether it takes it for junk."""
        return self.action in JUNK


class Unavailable(OSError):
    """rspamd cannot be reached, or did not answer as rspamd does."""


def check(address: str, facts: Any) -> Said:
    """Return what rspamd at *address* says of a message; raise Unavailable."""
    headers = {"From": facts.sender, "Helo": facts.helo, "Rcpt": facts.recipients[0]}
    if facts.peer:
        headers["IP"] = facts.peer
    found = post(address, "/checkv2", facts.raw, headers)
    try:
        return Said(str(found["action"]), float(found["score"]))
    except (KeyError, TypeError, ValueError) as error:
        raise Unavailable("rspamd answered something else") from error


def learn(address: str, raw: bytes, *, junk: bool, password: str = "") -> None:
    """Let rspamd's controller at *address* learn what *raw* is; raise Unavailable.

    That it knows the message already is no error.
    """
    path = "/learnspam" if junk else "/learnham"
    known = (204, 208, 404)  # up to rspamd 3.4, the last of these
    post(address, path, raw, {"Password": password} if password else {}, fine=(200, *known))


def answers(address: str) -> bool:
    """Tell whether rspamd answers at *address*."""
    try:
        with connected(address) as connection:
            connection.request("GET", "/ping")
            return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False


def post(
    address: str,
    path: str,
    raw: bytes,
    headers: Mapping[str, str],
    fine: tuple[int, ...] = (200,),
) -> Any:
    """Return what is answered to *raw*, of JSON, or None; raise Unavailable."""
    sent = {name: what.encode("utf-8") for name, what in headers.items() if what.isprintable()}
    try:
        with connected(address) as connection:
            connection.request("POST", path, raw, sent)
            answer = connection.getresponse()
            body = answer.read(LONGEST)
        if answer.status not in fine:
            raise Unavailable(f"rspamd answered {answer.status}")
        return json.loads(body) if answer.status == 200 and body else None
    except Unavailable:
        raise
    except (OSError, http.client.HTTPException, ValueError, RecursionError) as error:
        raise Unavailable(f"rspamd: {type(error).__name__}") from error


class connected:
    """A connection to *address*, the path of a socket or host:port, closed at the end."""

    def __init__(self, address: str) -> None:
        if address.startswith("/"):
            self.connection = http.client.HTTPConnection("localhost", timeout=PATIENCE)
            self.connection.sock = channel = socket.socket(socket.AF_UNIX)
            channel.settimeout(PATIENCE)
            try:
                channel.connect(address)
            except OSError:
                channel.close()
                raise
        else:
            host, _colon, port = address.rpartition(":")
            self.connection = http.client.HTTPConnection(host.strip("[]"), int(port), PATIENCE)

    def __enter__(self) -> http.client.HTTPConnection:
        return self.connection

    def __exit__(self, *_error: object) -> None:
        self.connection.close()
