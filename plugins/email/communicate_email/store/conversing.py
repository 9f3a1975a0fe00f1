"""Conversations as lists show them and pages read them: with what lies in other folders.

What lies in the junk or in the trash belongs to no conversation, but where that folder itself is
looked at.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from communicate_email.content import Account, Mailbox
from communicate_email.store import rows as rowing
from communicate_email.store import talks
from communicate_email.store.describing import Head, People
from communicate_email.store.listed import Listed
from communicate_email.store.marks import HIDDEN
from communicate_email.store.rows import Row

LOOKED = 20  # messages of a conversation, the latest, whose marks a list tells
NAMED = 4  # those whose authors it names

Place = tuple[int, int]  # id of a folder, uid


class Talk(NamedTuple):
    """A conversation in a list, by its latest message in that folder."""

    box: Mailbox
    row: Row
    head: Head
    place: int  # in the order of the list
    together: int = 1  # messages, wherever they lie
    flags: int = 0  # of all of them together
    unread: bool = False
    people: People = ()  # who wrote, the first one first


def page(reading: Any, box: Mailbox, pairs: Sequence[tuple[int, int]]) -> list[Talk]:
    """Return the conversations of *pairs* of place and thread, in that order."""
    account = reading.account
    shown = seen_from(account, box)
    own = {thread: (box.id, place & rowing.LARGEST_UID) for place, thread in pairs}
    parts = {thread: places_of(account, thread, shown, box) for _place, thread in pairs}
    rows = _rows(
        account, [*own.values(), *(one for all_ in parts.values() for one in all_[-LOOKED:])]
    )
    ordered = {
        thread: sorted((at for at in all_[-LOOKED:] if at in rows), key=lambda at: rows[at].date)
        for thread, all_ in parts.items()
    }
    named = [at for all_ in ordered.values() for at in all_[-NAMED:]]
    heads = _heads(reading, [*own.values(), *named])
    found = []
    for place, thread in pairs:
        row, head = rows.get(own[thread]), heads.get(own[thread])
        if row is None or head is None:
            continue
        flags = [rows[at].flags for at in ordered[thread]] or [row.flags]
        people = [one for at in ordered[thread][-NAMED:] for one in heads[at].authors[:1]]
        found.append(
            Talk(
                box,
                row,
                head,
                place,
                max(len(parts[thread]), 1),
                _together(flags),
                not all(one & rowing.SEEN for one in flags),
                tuple(people) or head.authors,
            )
        )
    return found


def whole(reading: Any, box: Mailbox, thread: int) -> list[Listed]:
    """Return the messages of *thread* as *box* shows it, each once, by date."""
    account = reading.account
    by_box: dict[int, list[int]] = {}
    for holder, uid in places_of(account, thread, seen_from(account, box), box):
        by_box.setdefault(holder, []).append(uid)
    found = [
        one
        for holder, uids in by_box.items()
        for one in reading.listed(account.boxes[holder], uids)
    ]
    return sorted(found, key=lambda one: (one.row.date, one.row.id))


def seen_from(account: Account, box: Mailbox) -> set[int]:
    """Return the ids of the folders whose messages stand in the conversations of *box*."""
    if box.role in HIDDEN:
        return {box.id}
    return {one.id for one in account.boxes.values() if one.role not in HIDDEN}


def places_of(account: Account, thread: int, shown: set[int], box: Mailbox) -> list[Place]:
    """Return where each mail of *thread* lies, in *box* rather than elsewhere in *shown*."""
    ids, _names = rowing.thread_in(account.threads.get(thread, b""))
    found = []
    for number in rowing.ids_in(ids):
        places = [at for at in rowing.places_in(account.places.get(number, b"")) if at[0] in shown]
        if places:
            found.append(next((at for at in places if at[0] == box.id), places[0]))
    return found


def newest(reading: Any, box: Mailbox, before: int | None, most: int) -> list[Talk]:
    """Return *most* conversations of *box*, the latest first, from below the place *before* on."""
    pairs = [pair for pair, _ in zip(talks.latest(box, before), range(most), strict=False)]
    return page(reading, box, pairs)


def _rows(account: Account, places: Iterable[Place]) -> dict[Place, Row]:
    return {
        (holder, row.uid): row
        for holder, uids in _by_box(places).items()
        for row in rowing.some(account.boxes[holder], uids)
    }


def _heads(reading: Any, places: Iterable[Place]) -> dict[Place, Head]:
    return {
        (holder, uid): head
        for holder, uids in _by_box(places).items()
        for uid, head in reading.heads(reading.account.boxes[holder], uids).items()
    }


def _by_box(places: Iterable[Place]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for holder, uid in places:
        found.setdefault(holder, set()).add(uid)
    return found


def _together(flags: Iterable[int]) -> int:
    found = 0
    for one in flags:
        found |= one
    return found
