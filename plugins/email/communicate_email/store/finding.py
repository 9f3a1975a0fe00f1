"""Searches over one's own mail: by words, of whom and where they stand, by folder, mark and date.

Words are looked for in the sealed bags (`words`); all else is told by rows, which nothing opens.
"""

import heapq
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from communicate_email.content import Account, Mailbox
from communicate_email.store import marks
from communicate_email.store import rows as rowing
from communicate_email.store.marks import HIDDEN, Spot
from communicate_email.store.rows import Row
from communicate_email.store.words import Asked, Search

MOST = 1000  # messages that one search tells


class Wanted(NamedTuple):
    """What is looked for; without a folder, everywhere but in the junk and in the trash."""

    words: tuple[Asked, ...] = ()
    box: Mailbox | None = None
    has: int = 0  # flags that are set
    lacks: int = 0  # flags that are not
    since: int | None = None  # milliseconds since 1970
    until: int | None = None  # before which they are

    @property
    def is_anything(self) -> bool:
        """Whether anything is looked for."""
        return self != Wanted()

    def has_row(self, row: Row) -> bool:
        """Tell whether the marks and the date of *row* are as is wanted."""
        return (
            row.flags & self.has == self.has
            and not row.flags & self.lacks
            and (self.since is None or row.date >= self.since)
            and (self.until is None or row.date < self.until)
        )


def find(request: Any, account: Account, wanted: Wanted, most: int = MOST) -> list[Spot]:
    """Return where the *most* latest messages lie that are *wanted*, the latest first."""
    spots = (
        Spot.of(box, row)
        for box, rows in _candidates(request, account, wanted)
        for row in rows
        if wanted.has_row(row)
    )
    return heapq.nlargest(most, spots)


def _candidates(
    request: Any, account: Account, wanted: Wanted
) -> Iterator[tuple[Mailbox, Iterable[Row]]]:
    boxes = _boxes(account, wanted)
    indexed = wanted.has & marks.KEPT
    if wanted.words:
        numbers = Search(request, account).find(list(wanted.words))
        uids = _places(account, numbers, boxes)
    elif indexed and wanted.box is None:
        bit = 1 << next(marks.bits_in(indexed))
        uids = marks.by_box(marks.every(account, bit))
    else:
        yield from ((box, rowing.every(box)) for box in boxes.values())
        return
    for number, some in uids.items():
        yield boxes[number], rowing.some(boxes[number], some)


def _boxes(account: Account, wanted: Wanted) -> dict[int, Mailbox]:
    if wanted.box is not None:
        return {wanted.box.id: wanted.box}
    return {box.id: box for box in account.boxes.values() if box.role not in HIDDEN}


def _places(
    account: Account, numbers: Iterable[int], boxes: dict[int, Mailbox]
) -> dict[int, list[int]]:
    """Return the uids of mails by folder, each mail once."""
    found: dict[int, list[int]] = {}
    for number in numbers:
        for box, uid in rowing.places_in(account.places.get(number, b"")):
            if box in boxes:
                found.setdefault(box, []).append(uid)
                break
    return found
