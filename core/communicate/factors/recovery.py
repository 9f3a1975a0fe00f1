"""Recovery codes: ten, each opens once what a lost phone or key would have opened.

A code has 80 random bits and is kept as an HMAC under the member's key: nobody can find it by
trying, so that a slow hash would protect nothing more.
"""

import hmac
from typing import Any

from communicate.factors import words
from communicate.factors.content import MemberFactors

COUNT = 10
LABEL = "recovery-code"


def renew(seals: Any, uid: int, held: MemberFactors) -> list[str]:
    """Return ten new codes for member *uid*; those made before are useless from now on."""
    codes = [words.new(4, 4) for _ in range(COUNT)]
    held.codes = tuple(_mac(seals, uid, code) for code in codes)
    return codes


def spend(seals: Any, uid: int, held: MemberFactors, code: str) -> bool:
    """Tell whether *code* is one of those that are left; it is not any more."""
    given = _mac(seals, uid, code)
    left = tuple(known for known in held.codes if not hmac.compare_digest(known, given))
    if len(left) == len(held.codes):
        return False
    held.codes = left
    return True


def _mac(seals: Any, uid: int, code: str) -> bytes:
    mac: bytes = seals.member_hmac(uid, LABEL, words.normal(code))
    return mac
