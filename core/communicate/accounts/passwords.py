"""Passwords: argon2id hashes (RFC 9106), and whether one is hard enough to guess."""

import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY
from pyramid.i18n import TranslationString, TranslationStringFactory
from zxcvbn import zxcvbn

_ = TranslationStringFactory("communicate")

SHORTEST, LONGEST = 10, 256  # characters
STRONG = 3  # zxcvbn's score, 0 to 4: from 3 on, offline guessing at ten thousand a second fails
JUDGED = 72  # zxcvbn's own limit; what is longer is not weaker


class WeakPassword(ValueError):
    """A password is too easy to guess; ``reason`` is a translatable sentence with the cure."""

    def __init__(self, reason: TranslationString) -> None:
        super().__init__(reason.interpolate())
        self.reason = reason


@dataclass(frozen=True)
class Verdict:
    """Whether a password was right, and its new hash where the stored one is out of date."""

    right: bool
    rehashed: str | None = None


class Passwords:
    """Hashing and verifying with the parameters of today.

    Verifying the password of an account that does not exist costs the same: a hash of nothing
    that anyone knows stands in for it.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self.hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._nobody = self.hasher.hash(secrets.token_bytes(32))

    def hash(self, password: str) -> str:
        """Return an argon2id hash of *password* with a random salt, in PHC notation."""
        return self.hasher.hash(_bytes(password))

    def verify(self, stored: str | None, password: str) -> Verdict:
        """Tell whether *password* is the one behind *stored*; None stands for no account."""
        try:
            self.hasher.verify(stored or self._nobody, _bytes(password))
        except (VerificationError, InvalidHashError):
            return Verdict(False)
        if stored is None:
            return Verdict(False)
        outdated = self.hasher.check_needs_rehash(stored)
        return Verdict(True, self.hash(password) if outdated else None)


def check_strength(password: str, words: Iterable[str] = ()) -> None:
    """Raise WeakPassword unless *password* is long and hard to guess.

    *words* are the member's own: login, parts of the address, name of the site.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(
            _("Use at least ${count} characters.", mapping={"count": str(SHORTEST)})
        )
    if len(password) > LONGEST:
        raise WeakPassword(_("Use at most ${count} characters.", mapping={"count": str(LONGEST)}))
    if _score(password, list(_parts(words))) < STRONG:
        raise WeakPassword(
            _("This password is easy to guess. Several unrelated words make a good one.")
        )


def _score(password: str, own: list[str]) -> int:
    """Return how hard *password* is to guess, and what is left of it without its owner's words."""
    left = password.lower()
    for word in own:
        left = left.replace(word.lower(), "")
    judged = [password, left or "x"] if len(left) < len(password) else [password]
    return min(zxcvbn(text[:JUDGED], user_inputs=own)["score"] for text in judged)


def _parts(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        parts = re.split(r"[^\w]+|_", word)
        yield from (part for part in (word, *parts) if len(part) > 2)


def _bytes(password: str) -> bytes:
    # One form for what different keyboards compose differently (RFC 8265, OpaqueString: NFC).
    return unicodedata.normalize("NFC", password).encode()


def hasher_for(settings: dict[str, Any]) -> PasswordHasher:
    """Return the hasher of a site: RFC 9106's, or a light one where the mode is testing."""
    if settings.get("communicate.mode") == "testing":
        return PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    return PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
