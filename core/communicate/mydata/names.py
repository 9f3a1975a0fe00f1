"""Names inside an archive: any system can unpack them, none leads out of its folder."""

import re
import unicodedata

LONGEST = 180  # bytes of one part of a path, as UTF-8
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_FORBIDDEN = re.compile(r'[<>:"|?*\\]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def checked(name: str) -> str:
    """Return *name*, of a plugin or of a kind; raise ValueError where it is none."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be a name in an archive: use a-z 0-9 _ -")
    return name


def part(text: str) -> str:
    """Return one part of a path like *text*, which members may have chosen.

    >>> part("..")
    '_'
    >>> part("Notes: 1/2")
    'Notes_ 1_2'
    """
    text = unicodedata.normalize("NFC", text).replace("/", "_")
    text = "".join(char if char.isprintable() else "_" for char in _FORBIDDEN.sub("_", text))
    text = shortened(text.strip().rstrip(". "))
    return f"_{text}" if not text or _DEVICES.fullmatch(text) else text


def shortened(text: str) -> str:
    """Return *text* in LONGEST bytes at most; what follows its last dot stays."""
    if len(text.encode()) <= LONGEST:
        return text
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending.encode()) > 16:
        stem, dot, ending = text, "", ""
    room = LONGEST - len((dot + ending).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + ending


def path(text: str) -> str:
    """Return *text*, a path with /, each part of it as `part` says; raise ValueError if empty."""
    parts = [part(each) for each in text.split("/") if each]
    if not parts:
        raise ValueError("a file in an archive needs a name")
    return "/".join(parts)


def numbered(name: str, number: int) -> str:
    """Return another name for a file called *name*.

    >>> numbered("a/b.txt", 2)
    'a/b (2).txt'
    """
    folder, slash, last = name.rpartition("/")
    stem, dot, ending = last.rpartition(".")
    if not stem:
        stem, dot, ending = last, "", ""
    return f"{folder}{slash}{stem} ({number}){dot}{ending}"
