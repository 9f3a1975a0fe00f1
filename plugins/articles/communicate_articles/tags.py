"""Tags: as typed by their author, and folded, which is how they are compared and addressed."""

import re
from collections.abc import Iterable

from communicate.catalog.text import fold

MOST, LONGEST = 8, 40


def split(text: str) -> tuple[str, ...]:
    """Return the tags in *text*, with commas between them, each once and at most MOST."""
    found: dict[str, str] = {}
    for each in text.split(","):
        tag = " ".join(each.split()).lstrip("#")[:LONGEST].strip()
        if tag and folded(tag):
            found.setdefault(folded(tag), tag)
    return tuple(found.values())[:MOST]


def folded(tag: str) -> str:
    """Return *tag* without case and marks, words joined by hyphens: what stands in addresses."""
    return re.sub(r"[\W_]+", "-", fold(tag)).strip("-")


def labels_of(folded: Iterable[str], language: str) -> tuple[str, ...]:
    """Return the labels of what has these *folded* tags, in that *language*."""
    found = [f"tag:{tag}" for tag in folded]
    return (*found, f"language:{language}") if language else tuple(found)
