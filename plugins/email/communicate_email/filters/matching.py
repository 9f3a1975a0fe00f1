"""Keys compared with values (RFC 5228, 2.7; RFC 5231), in a time that no pattern can stretch."""

from collections.abc import Callable, Iterable, Sequence

from communicate_email.filters.errors import TooMuch
from communicate_email.filters.grammar import NUMERIC
from communicate_email.filters.limits import MAX_STEPS, MAX_VALUE
from communicate_email.filters.script import Match

_UPPER = {ord("a") + n: ord("A") + n for n in range(26)}
_RELATIONS: dict[str, Callable[[int], bool]] = {
    "gt": lambda order: order > 0,
    "ge": lambda order: order >= 0,
    "lt": lambda order: order < 0,
    "le": lambda order: order <= 0,
    "eq": lambda order: order == 0,
    "ne": lambda order: order != 0,
}


class Steps:
    """Counts what a script does; raises `TooMuch` when it is too much."""

    def __init__(self, most: int = MAX_STEPS) -> None:
        self.left = most

    def take(self, looked_at: int = 0) -> None:
        """Count one step, and one for each thousand characters *looked_at*."""
        self.left -= 1 + looked_at // 1000
        if self.left < 0:
            raise TooMuch


def any_match(match: Match, values: Sequence[str], keys: Iterable[str], steps: Steps) -> bool:
    """Tell whether any of *values* is as any of *keys* says."""
    if match.kind == ":count":
        told = [str(len(values))]
        return any(_related(match._replace(comparator=NUMERIC), told, key, steps) for key in keys)
    return any(_related(match, values, key, steps) for key in keys)


def _related(match: Match, values: Sequence[str], key: str, steps: Steps) -> bool:
    wanted = _folded(key, match.comparator)
    for value in values:
        value = value[:MAX_VALUE]
        steps.take(len(value) * (1 + len(key) // 100 if "?" in key else 1))
        if _one(match, _folded(value, match.comparator), wanted):
            return True
    return False


def _one(match: Match, value: str, key: str) -> bool:
    if match.kind in (":value", ":count"):
        return _RELATIONS[match.relation](_order(value, key, match.comparator))
    if match.comparator == NUMERIC:
        return match.kind == ":is" and _order(value, key, NUMERIC) == 0
    if match.kind == ":contains":
        return key in value
    if match.kind == ":matches":
        return glob(value, key)
    return value == key


def _folded(value: str, comparator: str) -> str:
    if comparator != "i;ascii-casemap":
        return value
    return value.upper() if value.isascii() else value.translate(_UPPER)


def _order(value: str, key: str, comparator: str) -> int:
    one, other = (_number(value), _number(key)) if comparator == NUMERIC else (value, key)
    return (one > other) - (one < other)  # type: ignore[operator]


def _number(value: str) -> float:
    """Return the number *value* begins with; what begins with none is beyond all (RFC 4790)."""
    digits = value[: len(value) - len(value.lstrip("0123456789"))][:18]
    return int(digits) if digits else float("inf")


def glob(value: str, pattern: str) -> bool:
    """Tell whether *value* is as *pattern* says: ``*`` any text, ``?`` any character.

    What stands between two stars is looked for from left to right once: nothing is tried again.
    """
    pieces = _pieces(pattern)
    first, *rest = pieces
    if not _fits(value, 0, first):
        return False
    if not rest:
        return len(value) == len(first)
    at, last = len(first), rest.pop()
    for piece in rest:
        at = _find(value, piece, at)
        if at < 0:
            return False
        at += len(piece)
    return len(value) - len(last) >= at and _fits(value, len(value) - len(last), last)


Piece = list[str | None]  # None stands for any character


def _pieces(pattern: str) -> list[Piece]:
    pieces: list[Piece] = [[]]
    escaped = False
    for sign in pattern:
        if escaped or sign not in "\\*?":
            pieces[-1].append(sign)
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign == "*":
            pieces.append([])
        else:
            pieces[-1].append(None)
    return pieces


def _fits(value: str, at: int, piece: Piece) -> bool:
    if at + len(piece) > len(value):
        return False
    return all(sign is None or value[at + n] == sign for n, sign in enumerate(piece))


def _find(value: str, piece: Piece, start: int) -> int:
    if None not in piece:
        return value.find("".join(map(str, piece)), start)
    # The longest stretch without a ``?`` leads; where it stands, the rest is compared.
    offset, anchor = _anchor(piece)
    at = value.find(anchor, start + offset)
    while at >= 0:
        if _fits(value, at - offset, piece):
            return at - offset
        at = value.find(anchor, at + 1)
    return -1


def _anchor(piece: Piece) -> tuple[int, str]:
    best, offset, begun = "", 0, 0
    for n, sign in enumerate([*piece, None]):
        if sign is None:
            if n - begun > len(best):
                best, offset = "".join(map(str, piece[begun:n])), begun
            begun = n + 1
    return offset, best
