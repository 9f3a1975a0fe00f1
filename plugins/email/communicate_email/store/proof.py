"""Whether what accounts count is what they hold: for `communicate doctor`, and for tests.

Faults are named in numbers, never by what members wrote or are called.
"""

from collections.abc import Iterator
from itertools import chain, islice
from random import getrandbits
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HealthCheck
from communicate.storage.work import work
from communicate_email.content import Account, Mailbox
from communicate_email.store import rows as rowing
from communicate_email.store.boxes import office_of
from communicate_email.store.rows import Row

_ = TranslationStringFactory("communicate_email")

SOME, FEW = 10, 5_000  # accounts looked at, and how many messages those have at most

WRONG = _(
    "Mail of ${n} accounts does not add up (${what}): restore a backup, and tell whoever makes "
    "the software."
)


def faults(account: Account) -> Iterator[str]:
    """Yield what does not add up in *account*, as words for whoever makes the software."""
    lying: dict[int, set[tuple[int, int]]] = {}
    for box in account.boxes.values():
        found = list(rowing.every(box))
        for row in found:
            lying.setdefault(row.id, set()).add((box.id, row.uid))
        yield from (f"{what} of a folder" for what in wrong_in(box, found))
    placed = {number: set(rowing.places_in(data)) for number, data in account.places.items()}
    if placed != lying:
        yield "places"
    if set(account.mails) != set(lying):
        yield "messages"
    threads = map(rowing.thread_in, account.threads.values())
    threaded = chain.from_iterable(rowing.ids_in(ids) for ids, _ in threads)
    if sorted(threaded) != sorted(lying):
        yield "threads"
    if not set(account.mails).issuperset(
        chain.from_iterable(p.sealed for p in account.fresh.values())
    ):
        yield "words"


def wrong_in(box: Mailbox, found: list[Row]) -> Iterator[str]:
    """Yield what of *box* is not as the rows *found* in it say."""
    uids = [row.uid for row in found]
    heads = [uid for page in box.heads.values() for uid in page.sealed]
    log = list(box.log)
    right = {
        "count": box.count == len(found),
        "size": box.size == sum(row.size for row in found),
        "unseen": box.unseen == sum(1 for row in found if not row.flags & rowing.SEEN),
        "uids": uids == sorted(set(uids)) and all(uid < box.uid_next for uid in uids),
        "dates": list(box.dates) == sorted(row.place for row in found),
        "heads": sorted(heads) == uids,
        "modseq": all(row.modseq <= box.modseq for row in found),
        "log": not log or log == list(range(log[0], box.modseq - len(box.recent) + 1)),
    }
    return (what for what, holds in right.items() if not holds)


def adds_up(registry: Any) -> Any:
    """Return a sentence where something does not add up in some accounts, or None."""

    def look(request: Any) -> list[str]:
        office = office_of(request)
        if office is None:
            return []
        first = getrandbits(63)  # others each time
        some = chain(office.accounts.values(first), office.accounts.values(max=first))
        small = (one for one in some if len(one.places) <= FEW)
        return [what for one in islice(small, SOME) if (what := next(faults(one), ""))]

    found = work(registry, look)
    return _(WRONG, mapping={"n": len(found), "what": found[0]}) if found else None


HEALTH = (HealthCheck("email.counts", _("Mailboxes hold what they say"), adds_up),)
