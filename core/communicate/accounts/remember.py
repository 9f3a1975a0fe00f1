"""The cookie that keeps a member signed in: login, series, counter, and an HMAC of them.

The tree knows the series by its SHA-256 only, so that neither a copy of the tree nor one of the
key ring is enough to make a cookie.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, replace

from communicate.sealing.services import Seals

LABEL = "communicate.remember"
SESSION_LABEL = "communicate.reopened-session"
LONGEST = 300  # characters of a cookie that is looked at
_COUNTER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True)
class Remembered:
    """What a cookie of ours says: who, by which series (a 256-bit secret), how often reopened."""

    login: str
    series: bytes
    counter: int

    @classmethod
    def first(cls, login: str) -> "Remembered":
        """Return the first cookie of a new series."""
        return cls(login, secrets.token_bytes(32), 1)

    @property
    def name(self) -> bytes:
        """The SHA-256 under which the tree knows the series."""
        return hashlib.sha256(self.series).digest()

    def successor(self) -> "Remembered":
        """Return the cookie that follows this one."""
        return replace(self, counter=self.counter + 1)

    def text(self, seals: Seals) -> str:
        """Return the cookie's value: its fields and their HMAC under the site's key."""
        body = f"{self.login}~{_letters(self.series)}~{self.counter}"
        return f"{body}~{_letters(seals.hmac(LABEL, body.encode()))}"

    def session_id(self, seals: Seals) -> str:
        """Return the id of the session that presenting this cookie opens.

        It follows from the series, which only the cookie holds, and from the site's key, so that
        requests that present one cookie in parallel open one session.
        """
        seed = self.series + self.counter.to_bytes(8, "big")
        return _letters(seals.hmac(SESSION_LABEL, seed))


def read(text: str | None, seals: Seals) -> Remembered | None:
    """Return what the cookie *text* says, or None unless this site made it."""
    if not text or len(text) > LONGEST or text.count("~") != 3 or not text.isascii():
        return None
    body, _, mac = text.rpartition("~")
    login, series, counter = body.split("~")
    expected = _letters(seals.hmac(LABEL, body.encode()))
    if not hmac.compare_digest(mac, expected) or not _COUNTER.fullmatch(counter):
        return None
    try:
        secret = base64.urlsafe_b64decode(series + "=")
    except (ValueError, binascii.Error):
        return None
    return Remembered(login, secret, int(counter))


def new_id() -> str:
    """Return a new random 256-bit id as 43 letters."""
    return _letters(secrets.token_bytes(32))


def digest(secret: str) -> bytes:
    """Return the SHA-256 under which the tree knows what *secret* names."""
    return hashlib.sha256(secret.encode()).digest()


def _letters(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
