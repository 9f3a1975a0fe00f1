"""How much members put on disks over WebDAV."""

from typing import Any

from communicate.accounts.limits import TooMany, count_act
from communicate_vdisk.dav.answers import Refusal, plain
from communicate_vdisk.dav.exchange import Exchange

MANY = "You have put very many files here within an hour. Try again later."


def count(request: Any, exchange: Exchange) -> None:
    """Count what comes in once, however often it is tried; 429 above the limit."""
    if exchange.counted:
        return
    try:
        count_act(request, "vdisk.dav_uploads")
    except TooMany as error:
        later = ("Retry-After", str(error.seconds))
        raise Refusal(plain("429 Too Many Requests", MANY, later)) from None
    exchange.counted = True
