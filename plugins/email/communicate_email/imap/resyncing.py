"""What a client missed of a folder while it was away, told in one answer (RFC 7162)."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from communicate_email.content import Mailbox
from communicate_email.imap.folders import Folders
from communicate_email.imap.telling import FlagNames
from communicate_email.imap.view import View
from communicate_email.imap.wire.selecting import Resync
from communicate_email.imap.wire.sequences import Numbers, joined, merged
from communicate_email.store import filing
from communicate_email.store import rows as rowing

if TYPE_CHECKING:
    from communicate_email.imap.session import Session

Range = tuple[int, int]
ALL = Numbers(((1, rowing.LARGEST_UID),))


async def aware(session: "Session") -> None:
    """Have *session* told the modseq of whatever changes from now on (section 3.1)."""
    if session.condstore:
        return
    session.condstore = True
    if session.view is not None:
        await session.say(highest(session.view))


def highest(view: View) -> bytes:
    """Return up to which change the client knows all."""
    return b"* OK [HIGHESTMODSEQ %d] All is told up to this change\r\n" % view.known


def resynced(folders: Folders, view: View, known: Resync) -> bytes:
    """Return what has changed in the folder of *view* since the client left it (3.2.5).

    Nothing where its uids are others by now: the client sees that by itself.
    """
    box = folders.by_id(view.box)
    if box is None or known.validity != folders.boxes.validity(box):
        return b""
    ranges = ever(box, known.uids or ALL)
    told = [vanished(box, ranges, known.modseq, above=_agreed(view, known.pairs))]
    flags = FlagNames(folders.store.flags(folders.account))
    for row in filing.changes(box, known.modseq).changed:
        if _within(ranges, row.uid):
            names = flags.written(row.flags)
            line = b"* %d FETCH (UID %d FLAGS %b MODSEQ (%d))\r\n"
            told.append(line % (view.number(row.uid), row.uid, names, row.modseq))
    return b"".join(told)


def _agreed(view: View, pairs: Iterable[tuple[int, int]]) -> int:
    """Return the last uid of which the client has the right number: up to it, it knows all."""
    return max((uid for number, uid in pairs if view.number(uid) == number), default=0)


def ever(box: Mailbox, numbers: Numbers) -> list[Range]:
    """Return *numbers* as ranges of uids that there are in *box* or ever were."""
    last = box.uid_next - 1
    ranges = ((max(low, 1), min(high, last)) for low, high in numbers.within(last))
    return [one for one in ranges if one[0] <= one[1]]


def vanished(
    box: Mailbox,
    ranges: Sequence[Range],
    since: int,
    *,
    above: int = 0,
    but: Sequence[int] = (),
) -> bytes:
    """Return which uids in *ranges* went after the change *since*, none of *but*.

    Where it is forgotten what went since, all are told that are not there, from *above* on.
    """
    changes = filing.changes(box, since)
    gone: Iterable[Range]
    if changes.whole:
        gone = ((uid, uid) for uid in changes.gone if _within(ranges, uid))
    else:
        there = sorted({*but, *(row.uid for row in rowing.every(box))})
        gone = (
            (max(low, above + 1), high)
            for one in ranges
            for low, high in _gaps(one, there)
            if high > above
        )
        but = ()
    kept = set(but)
    said = joined(merged(pair for pair in gone if pair[0] not in kept))
    return b"* VANISHED (EARLIER) %b\r\n" % said.encode() if said else b""


def _gaps(within: Range, there: Sequence[int]) -> Iterator[Range]:
    """Yield the ranges of what is *within* and not *there*."""
    low, high = within
    for uid in there[bisect_left(there, low) : bisect_left(there, high + 1)]:
        if low < uid:
            yield low, uid - 1
        low = uid + 1
    if low <= high:
        yield low, high


def _within(ranges: Sequence[Range], uid: int) -> bool:
    at = bisect_left(ranges, (uid + 1, 0)) - 1
    return at >= 0 and ranges[at][1] >= uid
