"""Patterns of LIST (RFC 9051, section 6.3.9): ``*`` is anything, ``%`` anything without a ``/``.

All places at which a match may be are followed side by side, as the bits of one number, so that no
pattern takes longer than its length times that of the name, and a long one hardly longer than a
short one.
"""

from functools import cached_property

SEPARATOR = "/"
LONGEST = 1_000  # characters of a pattern


class Pattern:
    """A pattern; names that begin with the inbox match it in whatever case."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise ValueError("this pattern is too long")
        self.text = _tidy(text)

    @cached_property
    def _places(self) -> dict[str, int]:
        """Where each character stands: the first place is the lowest bit."""
        found: dict[str, int] = {}
        for place, character in enumerate(self.text):
            found[character] = found.get(character, 0) | 1 << place
        return found

    def matches(self, name: str) -> bool:
        """Tell whether the whole of *name* is as the pattern says."""
        where = self._places
        everything = where.get("*", 0)
        wild = everything | where.get("%", 0)
        places = 1 | (wild & 1) << 1
        for character in name:
            stay = everything if character == SEPARATOR else wild
            step = 0 if character in "*%" else where.get(character, 0)
            places = places & stay | (places & step) << 1
            if not places:
                return False
            places |= (places & wild) << 1  # a wildcard may stand for nothing
        return bool(places >> len(self.text))


def _tidy(text: str) -> str:
    """Return *text* with one wildcard where several follow each other, and the inbox as it is."""
    found: list[str] = []
    for character in text:
        if found and character in "*%" and found[-1] in "*%":
            found[-1] = "*" if "*" in (character, found[-1]) else "%"
        else:
            found.append(character)
    tidy = "".join(found)
    inbox = tidy[:5].upper() == "INBOX" and tidy[5:6] in ("", "/", "*", "%")
    return "INBOX" + tidy[5:] if inbox else tidy
