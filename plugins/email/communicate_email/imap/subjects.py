"""What a message is about, without what answers and lists put around it (RFC 5256, section 2.1).

Each step goes over the subject once, from left to right: nothing in it makes that take long.
"""

import re
import unicodedata
from typing import NamedTuple

_BLANKS = re.compile(r"\s+")
_LEADER = re.compile(
    r"(?P<lists> *(?:\[[^\[\]]*\] *)*+)(?P<reply>(?:re|fwd?) *(?:\[[^\[\]]*\] *)?:)?",
    re.IGNORECASE,
)
_TRAILER = "(fwd)"
_FORWARDED = re.compile(r"\[fwd:(.*)\]", re.IGNORECASE | re.DOTALL)


class Subject(NamedTuple):
    """What messages about the same thing have alike, and whether it says ``Re:``."""

    base: str = ""
    is_reply: bool = False


def folded(text: str) -> str:
    """Return *text* as words are looked for in it: neither case nor form of a letter counts."""
    return unicodedata.normalize("NFKD", _BLANKS.sub(" ", text).casefold())


def collated(text: str) -> str:
    """Return *text* as it is put in order (RFC 5051): in capitals, accents apart."""
    text = _BLANKS.sub(" ", text)
    if text.isascii():
        return text.upper()
    return unicodedata.normalize("NFKD", "".join(map(_capital, text)))


def _capital(letter: str) -> str:
    """Return *letter* as a capital, where that is one letter too."""
    found = letter.title()
    return found if len(found) == 1 else letter


def subject_of(text: str) -> Subject:
    """Return what a subject, decoded, is about."""
    base, is_reply = _BLANKS.sub(" ", text), False
    while True:
        base, had_trailer = _without_trailers(base)
        base, had_leader = _without_leaders(base)
        is_reply = is_reply or had_trailer or had_leader
        forwarded = _FORWARDED.fullmatch(base)
        if forwarded is None:
            return Subject(collated(base), is_reply)
        base, is_reply = forwarded[1], True


def _without_trailers(text: str) -> tuple[str, bool]:
    """Return *text* without ``(fwd)`` at its end, and whether it had that."""
    found = text.rstrip(" ")
    while found[-len(_TRAILER) :].lower() == _TRAILER:
        found = found[: -len(_TRAILER)].rstrip(" ")
    return found, len(text.rstrip(" ")) > len(found)


def _without_leaders(text: str) -> tuple[str, bool]:
    """Return *text* without ``Re:`` and names of lists before it, and whether it had a ``Re:``.

    A name of a list that is all there is stays.
    """
    at, is_reply = 0, False
    while found := _LEADER.match(text, at):  # as anything does
        if found["reply"] is None:
            at = found.end() if found.end() < len(text) else max(at, text.rfind("[", at))
            break
        at, is_reply = found.end(), True
    return text[at:], is_reply
