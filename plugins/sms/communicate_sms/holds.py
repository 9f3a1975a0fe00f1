"""Numbers that want nothing more from here: found by HMAC, and held until they say otherwise.

Nothing goes to such a number, whoever writes and for whichever reason: codes do not either.
"""

from typing import Any

from communicate.interfaces import ISeals
from communicate_sms.content import NAME, Exchange

LABEL = "sms.number.key"


def number_key(seals: Any, e164: str) -> bytes:
    """Return the HMAC under which the number *e164* is found where it is not to be read."""
    found: bytes = seals.hmac(LABEL, e164.encode())
    return found


def is_held(request: Any, e164: str) -> bool:
    """Tell whether *e164* has said STOP, and not START since."""
    return number_key(request.find_service(ISeals), e164) in request.site[NAME].stopped


def hold(exchange: Exchange, key: bytes, now: int) -> bool:
    """Send nothing more to the number of that *key*; tell whether that is new."""
    if key in exchange.stopped:
        return False
    exchange.stopped[key] = now
    return True


def release(exchange: Exchange, key: bytes) -> bool:
    """Send to the number of that *key* again; tell whether it was held."""
    if key not in exchange.stopped:
        return False
    del exchange.stopped[key]
    return True
