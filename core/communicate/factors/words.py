"""Secrets that people read and type: groups of random letters, from 32 hard to mistake."""

import secrets

from communicate.ids import ALPHABET

MISTAKEN = str.maketrans({"o": "0", "i": "1", "l": "1"})  # as Crockford's base32 reads them
MARKS = " -–‐\u00a0\u202f\t"


def new(groups: int, letters: int) -> str:
    """Return *groups* of *letters* random letters, five bits each, with hyphens between."""
    return "-".join(
        "".join(secrets.choice(ALPHABET) for _ in range(letters)) for _ in range(groups)
    )


def normal(text: str) -> bytes:
    """Return what counts of *text*: small letters, without marks, mistaken ones put right."""
    kept = "".join(letter for letter in text.lower() if letter not in MARKS)
    return kept.translate(MISTAKEN).encode("utf-8", "replace")
