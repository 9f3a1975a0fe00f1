"""Rows: what a mailbox knows of each message without opening a seal, packed into bytes.

Flags are bits: those of RFC 9051 first, keywords of the member's own from `FIRST_KEYWORD` on.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from struct import Struct
from typing import NamedTuple

from communicate_email.content import Heads, Mailbox, Rows

SEEN, ANSWERED, FLAGGED, DELETED, DRAFT = 1, 2, 4, 8, 16
FORWARDED, JUNK, NOT_JUNK, MDN_SENT = 32, 64, 128, 256  # $Forwarded, $Junk, $NotJunk, $MDNSent
ATTACHED = 1 << 12  # the message has attachments: no flag that anybody sets
FIRST_KEYWORD, LAST_KEYWORD = 16, 62
SETTABLE = ((1 << 63) - 1) & ~ATTACHED
IN_ROWS, IN_HEADS = 7, 5  # bits of a uid within one object
DATE_BITS = 31
LARGEST_UID = (1 << DATE_BITS) - 1
FEW = 8  # uids that are looked for in an object one by one

_ROW = Struct("<IIQQqIQQ")
_PLACE = Struct("<QI")
_ID = Struct("<Q")
_UID = Struct("<I")


class Row(NamedTuple):
    """One message in a mailbox."""

    uid: int
    saved: int  # seconds since 1970: when it came into this mailbox
    id: int  # of its `Mail`
    flags: int
    date: int  # milliseconds since 1970 (INTERNALDATE)
    size: int  # bytes
    modseq: int
    thread: int

    @property
    def place(self) -> int:
        """Its key in the order of dates."""
        return date_key(self.date, self.uid)


def date_key(date: int, uid: int) -> int:
    """Return the key in the order of dates of the message *uid*; *date* in milliseconds."""
    seconds = min(max(date // 1000, 0), (1 << 32) - 1)
    return (seconds << DATE_BITS) | uid


_made = partial(tuple.__new__, Row)  # as `Row._make` does, a tenth of its time


def unpacked(data: bytes) -> list[Row]:
    """Return the rows that *data* holds, by uid."""
    return list(map(_made, _ROW.iter_unpack(data)))


def packed(rows: Iterable[Row]) -> bytes:
    """Return *rows*, by uid, as bytes."""
    return b"".join([_ROW.pack(*row) for row in rows])


def _last(data: bytes) -> int:
    """Return the last uid in *data*."""
    return int(_ROW.unpack_from(data, len(data) - _ROW.size)[0])


def _found(data: bytes, uid: int) -> Row | None:
    """Return the row of *uid* in *data*, None where there is none."""
    count = len(data) // _ROW.size
    at = bisect_left(range(count), uid, key=lambda at: _UID.unpack_from(data, at * _ROW.size)[0])
    if at == count:
        return None
    row = Row(*_ROW.unpack_from(data, at * _ROW.size))
    return row if row.uid == uid else None


def every(box: Mailbox, first: int = 1, last: int = LARGEST_UID) -> Iterator[Row]:
    """Yield the rows of the messages with uids from *first* to *last*, in order."""
    for page, rows in box.rows.items(first >> IN_ROWS, last >> IN_ROWS):
        found = unpacked(rows.data)
        if first >> IN_ROWS < page < last >> IN_ROWS:
            yield from found
        else:
            yield from (row for row in found if first <= row.uid <= last)


def some(box: Mailbox, uids: Iterable[int]) -> Iterator[Row]:
    """Yield the rows of those of *uids* that there are, in order."""
    for page, wanted in _pages(uids, IN_ROWS):
        rows: Rows | None = box.rows.get(page)
        if rows is not None and len(wanted) <= FEW:
            yield from filter(None, (_found(rows.data, uid) for uid in sorted(wanted)))
        elif rows is not None:
            yield from (row for row in unpacked(rows.data) if row.uid in wanted)


def one(box: Mailbox, uid: int) -> Row | None:
    """Return the row of message *uid*, or None."""
    return next(some(box, [uid]), None)


def put(box: Mailbox, rows: Iterable[Row]) -> None:
    """Write *rows*, in place of those of the same uids."""
    for page, group in groupby(rows, lambda row: row.uid >> IN_ROWS):
        held: Rows | None = box.rows.get(page)
        come = sorted(group)
        if held is None:
            box.rows[page] = Rows(packed(come))
        elif _last(held.data) < come[0].uid:  # as what comes in does
            held.data += packed(come)
        else:
            found = {row.uid: row for row in (*unpacked(held.data), *come)}
            held.data = packed(found[uid] for uid in sorted(found))


def drop(box: Mailbox, uids: Iterable[int]) -> None:
    """Forget the rows and the heads of *uids*."""
    uids = sorted(uids)
    for page, gone in _pages(uids, IN_ROWS):
        left = [row for row in unpacked(box.rows[page].data) if row.uid not in gone]
        if left:
            box.rows[page].data = packed(left)
        else:
            del box.rows[page]
    for page, gone in _pages(uids, IN_HEADS):
        heads: Heads = box.heads[page]
        kept = {uid: one for uid, one in heads.sealed.items() if uid not in gone}
        if kept:
            heads.sealed = kept
        else:
            del box.heads[page]


def put_heads(box: Mailbox, heads: Iterable[tuple[int, bytes]]) -> None:
    """Write what is shown of messages: pairs of uid and envelope, in the order of uids."""
    for page, group in groupby(heads, lambda one: one[0] >> IN_HEADS):
        if page not in box.heads:
            box.heads[page] = Heads()
        held: Heads = box.heads[page]
        held.sealed = {**held.sealed, **dict(group)}


def heads_of(box: Mailbox, uids: Iterable[int]) -> dict[int, bytes]:
    """Return the envelope of what is shown of each of *uids*."""
    found: dict[int, bytes] = {}
    for page, wanted in _pages(uids, IN_HEADS):
        held: Heads | None = box.heads.get(page)
        if held is not None:
            found.update((uid, one) for uid, one in held.sealed.items() if uid in wanted)
    return found


def _pages(uids: Iterable[int], bits: int) -> Iterator[tuple[int, set[int]]]:
    for page, group in groupby(sorted(uids), lambda uid: uid >> bits):
        yield page, set(group)


def pack_places(places: Iterable[tuple[int, int]]) -> bytes:
    """Return pairs of a mailbox's id and a uid as bytes."""
    return b"".join([_PLACE.pack(*place) for place in places])


def places_in(data: bytes) -> list[tuple[int, int]]:
    """Return the pairs that `pack_places` packed."""
    return list(_PLACE.iter_unpack(data))


def count_places(data: bytes) -> int:
    """Return how many pairs `pack_places` packed."""
    return len(data) // _PLACE.size


def pack_ids(ids: Iterable[int]) -> bytes:
    """Return 64-bit numbers as bytes."""
    return b"".join(map(_ID.pack, ids))


def ids_in(data: bytes) -> list[int]:
    """Return the numbers that `pack_ids` packed."""
    return [number for (number,) in _ID.iter_unpack(data)]


def pack_thread(ids: bytes, names: bytes) -> bytes:
    """Return the ids of the mails of a thread and the hashes of its names, both packed, as one."""
    return _UID.pack(len(ids)) + ids + names


def thread_in(data: bytes) -> tuple[bytes, bytes]:
    """Return what `pack_thread` packed, of no bytes nothing."""
    if not data:
        return b"", b""
    end = _UID.size + _UID.unpack_from(data)[0]
    return data[_UID.size : end], data[end:]


def pack_uids(uids: Iterable[int]) -> bytes:
    """Return uids as bytes."""
    return b"".join(map(_UID.pack, uids))


def pack_runs(uids: Iterable[int]) -> bytes:
    """Return uids, in order, as bytes: the first and the last of each run."""
    runs: list[list[int]] = []
    for uid in uids:
        if runs and runs[-1][1] + 1 == uid:
            runs[-1][1] = uid
        else:
            runs.append([uid, uid])
    return pack_uids(uid for run in runs for uid in run)


def runs_in(data: bytes) -> Iterator[int]:
    """Yield the uids that `pack_runs` packed."""
    ends = iter(uids_in(data))
    for first in ends:
        yield from range(first, next(ends) + 1)


def uids_in(data: bytes) -> list[int]:
    """Return the uids that `pack_uids` packed."""
    return [uid for (uid,) in _UID.iter_unpack(data)]
