"""The envelope, version 1: how a value is sealed.

version (1 byte) ‖ key id (4) ‖ nonce (12, random) ‖ AES-256-GCM ciphertext and tag (NIST SP
800-38D).  The associated data are the owner's uid and the kind: a value moved to another owner or
read as another kind does not open, while classes and paths may change freely.
"""

from collections.abc import Callable
from os import urandom

from cryptography.exceptions import InvalidTag

from communicate.sealing.errors import Destroyed, SealBroken
from communicate.sealing.keys import KEY_ID_SIZE, NONCE_SIZE, TAG_SIZE, MemberKey, associated

VERSION = b"\x01"
NONCE_AT = len(VERSION) + KEY_ID_SIZE
SEALED_AT = NONCE_AT + NONCE_SIZE
OVERHEAD = SEALED_AT + TAG_SIZE
"""Bytes by which an envelope is longer than what it holds."""


def seal_envelope(key: MemberKey, uid: int, kind: str, data: bytes) -> bytes:
    """Return *data* sealed under *key* for the owner *uid* as *kind*."""
    nonce = urandom(NONCE_SIZE)
    return VERSION + key.id + nonce + key.aead.encrypt(nonce, data, associated(uid, kind))


def open_envelope(key: MemberKey, uid: int, kind: str, envelope: bytes) -> bytes:
    """Return what *envelope* holds.

    Raise SealBroken if it is not what was sealed for *uid* as *kind*, and Destroyed if an earlier
    key of *uid* sealed it.
    """
    return opener(key, uid, kind)(envelope)


def opener(key: MemberKey, uid: int, kind: str) -> Callable[[bytes], bytes]:
    """Return what does as `open_envelope` for one envelope after the other.

    It holds the key: it is let go of with the answer for which it was made.
    """
    start, bound, decrypt = VERSION + key.id, associated(uid, kind), key.aead.decrypt

    def opened(envelope: bytes) -> bytes:
        if len(envelope) < OVERHEAD or not envelope.startswith(start):
            if len(envelope) < OVERHEAD or envelope[:1] != VERSION:
                raise SealBroken("this is no envelope of version 1")
            raise Destroyed(uid)
        try:
            return decrypt(envelope[NONCE_AT:SEALED_AT], envelope[SEALED_AT:], bound)
        except InvalidTag:
            raise SealBroken(f"this is not what was sealed for {uid} as {kind}") from None

    return opened
