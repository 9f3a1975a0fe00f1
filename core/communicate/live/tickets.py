"""Tickets: a minute in which one session may open one connection.

A ticket is base64url of a version, the moment until which it is good, the member, the key under
which the session lies in the tree, the moment from which on the page wants to be told, and random
bytes, followed by their HMAC-SHA-256 under a key of the site for this use alone.  The key of the
session is the SHA-256 of what only its cookie holds: whoever reads it can open nothing with it.
"""

import base64
import binascii
import hmac
import secrets
import struct
from collections.abc import Callable
from typing import NamedTuple

LABEL = "communicate.live.ticket"
LIFE = 60.0  # seconds
FORM = struct.Struct(">BQQ32sQ12s")
VERSION = 1
Sign = Callable[[bytes], bytes]  # the HMAC-SHA-256 under the site's key for LABEL


class BadTicket(Exception):
    """It was not made here, or its minute is over."""


class Ticket(NamedTuple):
    """What a good ticket says; times in seconds since 1970."""

    uid: int
    session: bytes
    until: float
    since: float
    id: bytes


def make(sign: Sign, uid: int, session: bytes, *, now: float, since: float = 0.0) -> str:
    """Return a ticket of *session*, of member *uid*, good for `LIFE` from *now* on."""
    until = int((now + LIFE) * 1000)
    body = FORM.pack(
        VERSION, until, uid, session, max(0, int(since * 1000)), secrets.token_bytes(12)
    )
    return base64.urlsafe_b64encode(body + sign(body)).decode().rstrip("=")


def read(sign: Sign, text: str, *, now: float) -> Ticket:
    """Return what the ticket *text* says; raise `BadTicket`."""
    try:
        raw = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), b"-_", validate=True)
    except (ValueError, binascii.Error) as error:
        raise BadTicket("not base64") from error
    body, mac = raw[: FORM.size], raw[FORM.size :]
    if len(body) != FORM.size or not hmac.compare_digest(mac, sign(body)):
        raise BadTicket("not ours")
    version, until, uid, session, since, _random = FORM.unpack(body)
    if version != VERSION or now * 1000 >= until:
        raise BadTicket("over")
    return Ticket(uid, session, until / 1000, since / 1000, mac)
