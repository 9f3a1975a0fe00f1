"""The words at the end of an address, made of a title when it is shown."""

import re
import unicodedata

from communicate.ids import encode

LONGEST = 60
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ß": "ss", "đ": "d", "ł": "l", "’": "-"})


def slug(title: str) -> str:
    """Return *title* as lower-case ASCII words joined by hyphens, at most LONGEST characters."""
    folded = unicodedata.normalize("NFKD", title.lower().translate(_LETTERS))
    bare = folded.encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    if len(words) <= LONGEST:
        return words
    return words[: LONGEST + 1].rpartition("-")[0] or words[:LONGEST]


def named(number: int, title: str | None) -> str:
    """Return the element of the address of the thing with that id and title."""
    words = slug(title or "")
    return f"{encode(number)}-{words}" if words else encode(number)
