"""What lies where: messages into folders and out of them, with every count and number true.

Each call is one change of a mailbox: one number (modseq), one line in its log, however many
messages it concerns.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate_email.content import Account, Mailbox
from communicate_email.errors import Refused
from communicate_email.store import marks, talks
from communicate_email.store import rows as rowing
from communicate_email.store.rows import Row

_ = TranslationStringFactory("communicate_email")

FEW = 256  # uids of one change that the log names
KEPT_LOG = 1000  # changes of a mailbox whose uids are remembered
RECENT = 16  # lines of the log beside the mailbox, and uids in one of them


class Changes(NamedTuple):
    """What happened since a modseq: *whole* is False where some uids that went are forgotten."""

    modseq: int
    changed: list[Row]
    gone: list[int]
    whole: bool


class Entry(NamedTuple):
    """A message that comes into a mailbox: its mail's id, and what its row says."""

    id: int
    flags: int
    date: int
    size: int
    thread: int
    head: bytes


def put_in(account: Account, box: Mailbox, entries: Sequence[Entry], now: int) -> list[int]:
    """Put *entries* into *box* in their order; return their uids.  *now* in milliseconds."""
    if not entries:
        return []
    first = box.uid_next
    if first + len(entries) > rowing.LARGEST_UID:
        raise Refused(_("This folder has had as many messages as it can. Make another one."))
    box.uid_next = first + len(entries)
    modseq = _next(box)
    made = [
        Row(first + at, now // 1000, one.id, one.flags, one.date, one.size, modseq, one.thread)
        for at, one in enumerate(entries)
    ]
    rowing.put(box, made)
    rowing.put_heads(box, [(row.uid, one.head) for row, one in zip(made, entries, strict=True)])
    for row in made:
        box.dates.add(row.place)
        held = account.places.get(row.id, b"")
        account.places[row.id] = held + rowing.pack_places([(box.id, row.uid)])
    _count(box, made, 1)
    marks.add(account, box, made)
    talks.add(box, made)
    uids = [row.uid for row in made]
    _note(box, modseq, uids, [])
    return uids


def take_out(account: Account, box: Mailbox, gone: Sequence[Row]) -> list[Row]:
    """Take the messages *gone* out of *box*; return those that lie nowhere any more."""
    if not gone:
        return []
    rowing.drop(box, [row.uid for row in gone])
    lost = []
    for row in gone:
        box.dates.remove(row.place)
        left = [
            place
            for place in rowing.places_in(account.places.get(row.id, b""))
            if place != (box.id, row.uid)
        ]
        if left:
            account.places[row.id] = rowing.pack_places(left)
        else:
            account.places.pop(row.id, None)
            lost.append(row)
    _count(box, gone, -1)
    marks.drop(account, box, gone)
    talks.drop(account, box, gone)
    _note(box, _next(box), [], [row.uid for row in gone])
    return lost


def change_flags(box: Mailbox, changed: Iterable[tuple[Row, int]]) -> list[Row]:
    """Give rows other flags, pairs of both; return those that are different now, as they are."""
    pairs = [(row, flags) for row, flags in changed if row.flags != flags]
    if not pairs:
        return []
    modseq = _next(box)
    made = [row._replace(flags=flags, modseq=modseq) for row, flags in pairs]
    rowing.put(box, made)
    for row, flags in pairs:
        box.unseen += bool(row.flags & rowing.SEEN) - bool(flags & rowing.SEEN)
    marks.change(box, pairs)
    _note(box, modseq, [row.uid for row in made], [])
    return made


def changes(box: Mailbox, since: int) -> Changes:
    """Return what changed in *box* after the modseq *since*: rows as they are, and uids gone."""
    if since >= box.modseq:
        return Changes(box.modseq, [], [], True)
    if since < box.dropped:
        return Changes(
            box.modseq, [row for row in rowing.every(box) if row.modseq > since], [], False
        )
    changed: set[int] = set()
    gone: set[int] = set()
    scan = False
    for came, went in lines(box, since):
        scan = scan or came is None
        changed.update(rowing.uids_in(came or b""))
        gone.update(rowing.runs_in(went))
    rows = rowing.every(box) if scan else rowing.some(box, changed - gone)
    return Changes(box.modseq, [row for row in rows if row.modseq > since], sorted(gone), True)


def _next(box: Mailbox) -> int:
    box.modseq += 1
    return box.modseq


def _note(box: Mailbox, modseq: int, changed: Sequence[int], gone: Sequence[int]) -> None:
    """Remember what change *modseq* was: of very many, that the rows are to be looked through.

    A mailbox is written with each change: the latest lines stay beside it until they are some.
    """
    came = rowing.pack_uids(changed) if len(changed) <= FEW else None
    box.recent = (*box.recent, (came, rowing.pack_runs(gone)) if came is None or gone else came)
    if len(box.recent) < RECENT and len(changed) + len(gone) < RECENT:
        return
    box.log.update(dict(enumerate(box.recent, modseq + 1 - len(box.recent))))
    box.recent = ()
    limit = box.modseq - KEPT_LOG
    while box.log and box.log.minKey() <= limit:
        box.dropped = box.log.minKey()
        del box.log[box.dropped]


def lines(box: Mailbox, since: int) -> Iterator[tuple[bytes | None, bytes]]:
    """Yield for each change of *box* after *since* which uids changed, and which runs went.

    None stands for very many; where nothing went the log has the uids that changed alone.
    """
    recent = box.recent[max(since - box.modseq + len(box.recent), 0) :]
    for line in chain(box.log.values(since + 1), recent):
        yield (line, b"") if isinstance(line, bytes) else line


def _count(box: Mailbox, rows: Sequence[Row], sign: int) -> None:
    box.count += sign * len(rows)
    box.size += sign * sum(row.size for row in rows)
    box.unseen += sign * sum(1 for row in rows if not row.flags & rowing.SEEN)


def known_places(account: Account, number: int) -> list[tuple[Mailbox, int]]:
    """Return pairs of mailbox and uid at which the mail with the id *number* lies."""
    found = rowing.places_in(account.places.get(number, b""))
    return [(account.boxes[box], uid) for box, uid in found if box in account.boxes]
