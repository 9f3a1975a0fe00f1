"""The sign that leaves with a message, by which a receipt finds it again.

It is random, and says of itself that the site made it for that way: what is brought with a sign
that somebody thought up is told from a receipt for a message that is forgotten meanwhile, and
nothing has to be kept for that.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import Any

LABEL = "sms.token.proof"
RANDOM = 24  # characters, each of 64
PROOF = 16
LONGEST = RANDOM + PROOF


def new(seals: Any, way: str) -> str:
    """Return a new sign for a message that goes by *way*."""
    chosen = secrets.token_urlsafe(RANDOM * 3 // 4)
    return chosen + _proof(seals, way, chosen)


def is_ours(seals: Any, way: str, token: str) -> bool:
    """Tell whether *token* was made here for *way*; it takes as long whatever is wrong with it."""
    chosen, said = token[:RANDOM], token[RANDOM:]
    return hmac.compare_digest(
        _proof(seals, way, chosen).encode(), said.encode("utf-8", "surrogateescape")
    )


def _proof(seals: Any, way: str, chosen: str) -> str:
    said = f"{way}\0{chosen}".encode("utf-8", "surrogateescape")
    made: bytes = seals.hmac(LABEL, said)
    return urlsafe_b64encode(made[: PROOF * 3 // 4]).decode()
