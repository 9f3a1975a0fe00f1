"""Sets of message numbers (RFC 9051, ``sequence-set``): ``1,4:7,9:*``.

``$`` stands for what a search has saved.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from communicate_email.imap.wire.errors import BadCommand
from communicate_email.imap.wire.scanner import U32, Scanner

_RANGE = rb"(?:[0-9]{1,10}|\*)(?::(?:[0-9]{1,10}|\*))?"
_SET = re.compile(rb"%b(?:,%b)*" % (_RANGE, _RANGE))
LAST = U32 + 1  # the ``*``: whatever number is the largest


class Numbers(NamedTuple):
    """Ranges of numbers, from 1, in order, none of which touches another; *saved* is ``$``."""

    ranges: tuple[tuple[int, int], ...] = ()
    saved: bool = False

    def within(self, largest: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges, in order, where ``*`` is *largest*; none overlap or touch."""
        ends = ((largest if end == LAST else end for end in pair) for pair in self.ranges)
        return merged(sorted(pair) for pair in ends)


def numbers(scanner: Scanner) -> Numbers:
    """Return the set that follows; raise BadCommand."""
    if scanner.skip(b"$"):
        return Numbers(saved=True)
    found = scanner.take(_SET, "a set of numbers")[0]
    return Numbers(tuple(map(_range, found.split(b","))))


def _range(text: bytes) -> tuple[int, int]:
    one, _colon, two = text.partition(b":")
    ends = sorted(map(_number, (one, two or one)))
    return ends[0], ends[1]


def _number(text: bytes) -> int:
    found = LAST if text == b"*" else int(text)
    if not 1 <= found <= LAST or (found == LAST and text != b"*"):
        raise BadCommand(f"a number from 1 to {U32} is expected")
    return found


def merged(ranges: Iterable[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Yield *ranges* in order, those that overlap or touch as one."""
    held: tuple[int, int] | None = None
    for one, two in sorted((low, high) for low, high in ranges):
        if held is not None and one <= held[1] + 1:
            held = held[0], max(held[1], two)
            continue
        if held is not None:
            yield held
        held = one, two
    if held is not None:
        yield held


def written(uids: Iterable[int]) -> str:
    """Return numbers as a set: ``1,4:7``."""
    return joined(merged((uid, uid) for uid in uids))


def joined(ranges: Iterable[tuple[int, int]]) -> str:
    """Return *ranges*, as `merged` makes them, as a set."""
    return ",".join(str(one) if one == two else f"{one}:{two}" for one, two in ranges)
