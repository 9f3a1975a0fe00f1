"""What a folder or a file may be called: one rule, whichever way it comes."""

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from pyramid.i18n import TranslationStringFactory

_ = TranslationStringFactory("communicate_vdisk")

LONGEST = 255  # bytes, as UTF-8: what file systems take
FORBIDDEN = ("Cc", "Cs", "Zl", "Zp")  # control characters, halves of pairs, ends of lines
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # "gpj.exe"

EMPTY = _("Give it a name.")
DOTS = _("“.” and “..” cannot be names.")
SLASH = _("A name holds no “/”.")
BAD = _("This name holds a character that no name can hold. Type it again.")
TOO_LONG = _("This name is too long: shorten it.")


class BadName(ValueError):
    """A name cannot be one; ``reason`` is a translatable sentence with the cure."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


def checked(name: str) -> str:
    """Return *name* as it is kept, composed (NFC); raise BadName for what can be none.

    White space around it is kept: protocols name a file by what they were told.  Forms trim it.
    """
    name = unicodedata.normalize("NFC", name)
    if not name.strip():
        raise BadName(EMPTY)
    if name in (".", ".."):
        raise BadName(DOTS)
    if "/" in name:
        raise BadName(SLASH)
    if any(unicodedata.category(char) in FORBIDDEN or char in TURNING for char in name):
        raise BadName(BAD)
    if len(name.encode()) > LONGEST:
        raise BadName(TOO_LONG)
    return name


def last_part(given: Any) -> str:
    """Return the name that a browser gives a file, without the folders that some put before."""
    return str(given or "").replace("\\", "/").rpartition("/")[2].strip()


def numbered(name: str, number: int) -> str:
    """Return another name like *name*.

    >>> numbered("Plan.odt", 2)
    'Plan (2).odt'
    """
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 12:
        stem, dot, ending = name, "", ""
    tail = f" ({number}){dot}{ending}"
    room = LONGEST - len(tail.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip() + tail


def free(name: str, taken: Callable[[str], bool]) -> str:
    """Return *name*, or one like it that is not *taken*."""
    tried, number = name, 1
    while taken(tried):
        number += 1
        tried = numbered(name, number)
    return tried


def sort_words(name: str, *, folder: bool) -> str:
    """Return the words by which *name* is sorted: folders first, then as people count and read.

    >>> sort_words("Été 10", folder=False) > sort_words("ete 9", folder=False)
    True
    """
    marked = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in marked if not unicodedata.combining(char))
    counted = re.sub(r"[0-9]{1,11}", lambda found: found.group().zfill(12), plain)
    return f"{'0' if folder else '1'}{counted}"


def composed(name: str) -> str:
    """Return *name* as a folder knows it; empty where nothing can be called so."""
    try:
        return checked(name)
    except BadName:
        return ""
