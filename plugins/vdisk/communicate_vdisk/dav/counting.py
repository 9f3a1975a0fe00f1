"""How much members put on disks over WebDAV, and how often they change what is there."""

from typing import Any

from communicate.accounts.limits import TooMany, count_act
from communicate_vdisk.dav.answers import Refusal, plain
from communicate_vdisk.dav.exchange import Exchange

UPLOADS, CHANGES, COPIES = "vdisk.dav_uploads", "vdisk.changes", "vdisk.copies"
MANY = {
    UPLOADS: "You have put very many files here within an hour. Try again later.",
    COPIES: "You have copied very much here within an hour. Try again later.",
    CHANGES: "You have changed very much here within an hour. Try again later.",
}
#: Each lets the tree grow; UNLOCK writes no more often than LOCK, and what comes in has its own.
CHANGING = ("PROPPATCH", "LOCK", "MOVE", "DELETE", "COPY", "MKCOL")


def count(request: Any, exchange: Exchange, limit: str = UPLOADS) -> None:
    """Count what comes in once, however often it is tried; 429 above the limit."""
    if limit in exchange.counted:
        return
    try:
        count_act(request, limit)
    except TooMany as error:
        later = ("Retry-After", str(error.seconds))
        raise Refusal(plain("429 Too Many Requests", MANY[limit], later)) from None
    exchange.counted.add(limit)


def count_change(request: Any, exchange: Exchange) -> None:
    """Count a request that changes what is there, likewise."""
    if exchange.method in CHANGING:
        count(request, exchange, CHANGES)
