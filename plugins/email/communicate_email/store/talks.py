"""Conversations of a folder by the date of their latest message in it: an index per folder.

It is made when somebody first looks at the conversations of a folder, and kept up from then on: a
page costs what it shows.  After a change of very many messages it is made anew.
"""

from collections.abc import Iterable, Iterator, Sequence

from BTrees.LLBTree import LLBTree

from communicate_email.content import Account, Mailbox
from communicate_email.store import rows as rowing
from communicate_email.store.rows import Row

MANY = 2000  # messages that leave at once, after which the index is made anew


def add(box: Mailbox, rows: Iterable[Row]) -> None:
    """Note that messages have come into *box*."""
    if box.talks is None:
        return
    for row in rows:
        place = box.talks.get(row.thread)
        if place is None or row.place > place:
            _put(box, row.thread, row.place, place)


def drop(account: Account, box: Mailbox, rows: Sequence[Row]) -> None:
    """Note that messages have left *box*; `Account.places` knows it already."""
    if box.talks is None:
        return
    if len(rows) > MANY:
        box.talks = box.talk_order = None
        return
    for row in rows:
        if box.talks.get(row.thread) != row.place:
            continue
        left = inside(account, box, row.thread)
        if left:
            _put(box, row.thread, max(one.place for one in left), row.place)
        else:
            del box.talks[row.thread]
            del box.talk_order[row.place]
            box.talk_count -= 1


def latest(box: Mailbox, before: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield pairs of the place of the latest message and the thread, from below *before* on."""
    order = _made(box)
    place = before
    while True:
        try:
            place = order.maxKey() if place is None else order.maxKey(place - 1)
        except ValueError:
            return
        yield place, order[place]


def newer(box: Mailbox, after: int, most: int) -> list[tuple[int, int]]:
    """Return the *most* pairs that follow the place *after*, the latest first."""
    pairs = _made(box).items(after, excludemin=True)
    return [pair for pair, _ in zip(pairs, range(most), strict=False)][::-1]


def ends(box: Mailbox) -> tuple[int, int] | None:
    """Return the first and the last place, None where there is none."""
    order = _made(box)
    return (order.minKey(), order.maxKey()) if order else None


def count(box: Mailbox) -> int:
    """Return how many conversations there are."""
    _made(box)
    return box.talk_count


def inside(account: Account, box: Mailbox, thread: int) -> list[Row]:
    """Return the rows of the mails of *thread* that lie in *box*."""
    ids, _names = rowing.thread_in(account.threads.get(thread, b""))
    uids = [
        uid
        for number in rowing.ids_in(ids)
        for holder, uid in rowing.places_in(account.places.get(number, b""))
        if holder == box.id
    ]
    return list(rowing.some(box, uids))


def _put(box: Mailbox, thread: int, place: int, old: int | None) -> None:
    if old is None:
        box.talk_count += 1
    else:
        del box.talk_order[old]
    box.talks[thread] = place
    box.talk_order[place] = thread


def _made(box: Mailbox) -> LLBTree:
    if box.talks is None:
        found: dict[int, int] = {}
        for row in rowing.every(box):
            if row.place > found.get(row.thread, -1):
                found[row.thread] = row.place
        box.talks = LLBTree(found)
        box.talk_order = LLBTree({place: thread for thread, place in found.items()})
        box.talk_count = len(found)
    return box.talk_order
