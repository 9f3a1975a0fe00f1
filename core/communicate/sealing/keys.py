"""Keys: derivation (HKDF, RFC 5869), the working form of a member's key, wrapping.

A member's key is 32 random bytes.  It encrypts nothing itself: each use has a key of its own,
derived with HKDF-SHA-256 under an ``info`` of ``communicate/`` and the use.
"""

from os import urandom
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_SIZE = 32
KEY_ID_SIZE = 4
NONCE_SIZE = 12
TAG_SIZE = 16
SITE = 0
"""The uid under which the key ring holds the site's own key."""

MADE = 200
"""Things made of opened words that one key in memory holds, at most."""

WRAP_VERSION = b"\x01"


def derive(secret: bytes, use: str, salt: bytes | None = None) -> bytes:
    """Return the 32-byte key that *use* has under *secret*."""
    info = b"communicate/" + use.encode()
    return HKDF(algorithm=SHA256(), length=KEY_SIZE, salt=salt, info=info).derive(secret)


def associated(uid: int, kind: str) -> bytes:
    """Return what a seal is bound to: its owner (8 bytes, big-endian) and its kind (UTF-8)."""
    return uid.to_bytes(8, "big") + kind.encode()


class MemberKey:
    """The key of a member, ready for use; hold it no longer than `keyring.KEPT` seconds.

    *made* is what was made of words that it opened: see `communicate.interfaces.ISeals.made`.
    """

    __slots__ = ("_used", "aead", "id", "made", "secret")

    def __init__(self, secret: bytes) -> None:
        self.secret = secret
        self.id = derive(secret, "key-id")[:KEY_ID_SIZE]
        self.aead = AESGCM(derive(secret, "envelope/v1"))
        self._used: dict[str, bytes] = {}
        self.made: dict[Any, Any] = {}

    def __repr__(self) -> str:
        return f"<MemberKey {self.id.hex()}>"

    def keep(self, place: Any, found: Any) -> None:
        """Keep *found* under *place* beside what is `made` already, within bounds."""
        if len(self.made) >= MADE:
            self.made.clear()
        self.made[place] = found

    def for_use(self, label: str) -> bytes:
        """Return the 32-byte key for the one use that *label* names."""
        key = self._used.get(label)
        if key is None:
            key = self._used[label] = derive(self.secret, f"use/{label}")
        return key


def wrap(master: bytes, uid: int, secret: bytes) -> bytes:
    """Return *secret*, the key of *uid*, encrypted under *master* (61 bytes)."""
    nonce = urandom(NONCE_SIZE)
    return WRAP_VERSION + nonce + AESGCM(master).encrypt(nonce, secret, uid.to_bytes(8, "big"))


def unwrap(master: bytes, uid: int, wrapped: bytes) -> bytes:
    """Return the key of *uid*; raise InvalidTag if *wrapped* is not its wrapping by *master*."""
    if wrapped[:1] != WRAP_VERSION:
        raise InvalidTag
    nonce, sealed = wrapped[1 : 1 + NONCE_SIZE], wrapped[1 + NONCE_SIZE :]
    return AESGCM(master).decrypt(nonce, sealed, uid.to_bytes(8, "big"))
