"""Which messages have a star or a label, across all folders and by date: one index for each.

A page of such a list costs what it shows.  What lies in the junk or in the trash is in none of
them.  The index of an account that is older than this is gathered when it is first asked for.
"""

from collections.abc import Iterable, Iterator, Sequence
from struct import Struct
from typing import Any, NamedTuple

from BTrees.LOBTree import LOBTree

from communicate_email.content import Account, Mailbox, Marked
from communicate_email.store import rows as rowing
from communicate_email.store.rows import Row

HIDDEN = ("junk", "trash")  # folders whose messages stand in no list but their own
KEYWORDS = ((1 << (rowing.LAST_KEYWORD + 1)) - 1) & ~((1 << rowing.FIRST_KEYWORD) - 1)
KEPT = rowing.FLAGGED | KEYWORDS
_SPOT = Struct(">IQI")  # as bytes they are in the order of dates


class Spot(NamedTuple):
    """Where a message lies: *seconds* is its date since 1970."""

    seconds: int
    box: int
    uid: int

    @classmethod
    def of(cls, box: Mailbox, row: Row) -> "Spot":
        """Return where the message of *row* lies."""
        return cls(row.place >> rowing.DATE_BITS, box.id, row.uid)

    @classmethod
    def read(cls, data: bytes) -> "Spot":
        """Return the spot that `packed` wrote; raise ValueError."""
        if len(data) != _SPOT.size:
            raise ValueError("no spot")
        return cls(*_SPOT.unpack(data))

    @property
    def packed(self) -> bytes:
        """It as bytes."""
        return _SPOT.pack(*self)


def add(account: Account, box: Mailbox, rows: Iterable[Row]) -> None:
    """Note the marks of messages that have come into *box*."""
    if account.marked is not None and box.role not in HIDDEN:
        for row in rows:
            for bit in bits_in(row.flags):
                _put(account.marked, bit, Spot.of(box, row).packed)


def drop(account: Account, box: Mailbox, rows: Iterable[Row]) -> None:
    """Forget the marks of messages that have left *box*."""
    if account.marked is not None and box.role not in HIDDEN:
        for row in rows:
            for bit in bits_in(row.flags):
                _remove(account.marked, bit, Spot.of(box, row).packed)


def change(box: Mailbox, pairs: Iterable[tuple[Row, int]]) -> None:
    """Note that messages of *box*, rows as they were, have those flags now."""
    held = box.__parent__.marked
    if held is None or box.role in HIDDEN:
        return
    for row, flags in pairs:
        if (row.flags ^ flags) & KEPT:
            spot = Spot.of(box, row).packed
            for bit in bits_in(row.flags & ~flags):
                _remove(held, bit, spot)
            for bit in bits_in(flags & ~row.flags):
                _put(held, bit, spot)


def bits_in(flags: int) -> Iterator[int]:
    """Yield the numbers of the bits of *flags* that have an index."""
    left = flags & KEPT
    while left:
        bit = left.bit_length() - 1
        left ^= 1 << bit
        yield bit


def marked(account: Account, flag: int) -> Marked | None:
    """Return where the messages with *flag* lie, None where there are none."""
    if account.marked is None:
        account.marked = LOBTree()
        for box in account.boxes.values():
            add(account, box, rowing.every(box))
    found: Marked | None = account.marked.get(flag.bit_length() - 1)
    return found


def count(account: Account, flag: int) -> int:
    """Return how many messages have *flag*."""
    found = marked(account, flag)
    return 0 if found is None else found.count


def below(account: Account, flag: int, before: Spot | None, most: int) -> list[Spot]:
    """Return *most* spots of messages with *flag*, the latest first, from below *before* on."""
    found = marked(account, flag)
    spots: list[Spot] = []
    key = None if before is None else before.packed
    while found is not None and len(spots) < most:
        key = _under(found.spots, key)
        if key is None:
            break
        spots.append(Spot.read(key))
    return spots


def above(account: Account, flag: int, after: Spot, most: int) -> list[Spot]:
    """Return the *most* spots that follow *after*, the latest first."""
    found = marked(account, flag)
    keys = () if found is None else found.spots.keys(after.packed, excludemin=True)
    spots = [Spot.read(key) for key, _ in zip(keys, range(most), strict=False)]
    return spots[::-1]


def every(account: Account, flag: int) -> list[Spot]:
    """Return the spots of all messages with *flag*."""
    found = marked(account, flag)
    return [] if found is None else [Spot.read(key) for key in found.spots]


def by_box(spots: Sequence[Spot]) -> dict[int, list[int]]:
    """Return the uids of *spots* by the id of the folder."""
    found: dict[int, list[int]] = {}
    for spot in spots:
        found.setdefault(spot.box, []).append(spot.uid)
    return found


def _under(tree: Any, key: bytes | None) -> bytes | None:
    """Return the largest key of *tree* below *key*."""
    try:
        found: bytes = tree.maxKey() if key is None else tree.maxKey(_before(key))
    except ValueError:
        return None
    return found


def _before(key: bytes) -> bytes:
    """Return the bytes of the same length just before *key*."""
    number = int.from_bytes(key, "big")
    if not number:
        raise ValueError("there is nothing before it")
    return (number - 1).to_bytes(len(key), "big")


def _put(held: Any, bit: int, spot: bytes) -> None:
    found = held.get(bit)
    if found is None:
        found = held[bit] = Marked()
    found.count += found.spots.insert(spot)


def _remove(held: Any, bit: int, spot: bytes) -> None:
    found = held.get(bit)
    if found is None or spot not in found.spots:
        return
    found.spots.remove(spot)
    found.count -= 1
    if not found.count:
        del held[bit]
