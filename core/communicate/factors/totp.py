"""Codes of an authenticator app: TOTP (RFC 6238), six digits every thirty seconds, SHA-1."""

import hmac
from datetime import datetime

import pyotp
import segno

STEP = 30  # seconds
DRIFT = 1  # steps that the two clocks may be apart
DIGITS = 6


def new_secret() -> str:
    """Return a random secret of 160 bits in base32, as apps expect it."""
    return pyotp.random_base32()


def address(secret: str, login: str, site: str) -> str:
    """Return the ``otpauth:`` address that an app reads from a picture or a link."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=site)


def picture(address: str) -> str:
    """Return *address* as a QR code: a ``data:`` address of an SVG, dark on white."""
    code = segno.make(address, error="m")
    return code.svg_data_uri(scale=4, border=4, dark="#000", light="#fff")


def grouped(secret: str) -> str:
    """Return *secret* in groups of four, for people who type it."""
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))


def accepted(secret: str, code: str, now: datetime, last: int) -> int | None:
    """Return the step to which *code* belongs, or None where it is wrong or was used.

    A step counts half a minute.  Steps up to *last* have been used: their codes are refused
    (RFC 6238, 5.2), and so are those of older steps.
    """
    given = "".join(code.split()).encode()
    present, clock = int(now.timestamp()) // STEP, pyotp.TOTP(secret)
    found = None
    for step in range(present - DRIFT, present + DRIFT + 1):
        right = hmac.compare_digest(clock.generate_otp(step).encode(), given)
        if right and step > last:
            found = step
    return found
