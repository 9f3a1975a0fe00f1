"""Names that look like another: digits for letters, two letters for one, marks put in."""

from collections.abc import Iterator

MOST = 512  # variants of one name that are looked at
_LOOKS = (("0", "o"), ("1", "l"), ("1", "i"), ("l", "i"), ("5", "s"), ("rn", "m"), ("vv", "w"))
_MARKS = "._-"


def lookalikes(name: str) -> Iterator[str]:
    """Yield names that people may take for *name*, at most `MOST` of them, *name* not among them.

    >>> "paul" in set(lookalikes("pau1")), "moira" in set(lookalikes("rnoira"))
    (True, True)
    >>> "paul.martin" in set(lookalikes("paul-martin"))
    True
    """
    seen = {name}
    bare = name.translate(dict.fromkeys(map(ord, _MARKS)))
    waiting = [name, *(name.replace(one, other) for one in _MARKS for other in _MARKS), bare]
    while waiting and len(seen) <= MOST:
        here = waiting.pop(0)
        if here not in seen:
            seen.add(here)
            yield here
        waiting += [one for one in _changed(here) if one not in seen]


def _changed(name: str) -> Iterator[str]:
    """Yield *name* with one pair of letters put in the place of another, wherever it stands."""
    for pair in _LOOKS:
        for old, new in (pair, pair[::-1]):
            at = name.find(old)
            while at >= 0:
                yield name[:at] + new + name[at + len(old) :]
                at = name.find(old, at + 1)
