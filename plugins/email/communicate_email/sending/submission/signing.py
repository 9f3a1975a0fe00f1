"""Who hands in mail: members with an app password for mail, never with their own."""

from typing import Any

from communicate.accounts.limits import TooMany
from communicate_email.signing import Signed, signed

__all__ = ["Signed", "sign_in"]

WRONG = (
    "535 5.7.8 Sign in with your login and an app password for mail; you make one in your "
    "settings, under Security"
)
MANY = "454 4.7.0 Too many wrong passwords came from there: try again later"


def sign_in(registry: Any, name: str, password: str, peer: str) -> "Signed | str":
    """Return who has the app password *password*, or the reply where nobody of that *name* has."""
    try:
        return signed(registry, name, password, peer) or WRONG
    except TooMany:
        return MANY
