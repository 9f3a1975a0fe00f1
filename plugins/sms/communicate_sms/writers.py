"""Who wrote to which number through the site: that is how an answer finds its way.

A number is an HMAC.  An answer goes to the one member who wrote to it, or to the one whom it
names first, as in ``agathe: yes``, which is how messages begin that leave.  Where several wrote of
late and none is named, it goes to nobody: what was meant for one is not read by another.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from communicate.clock import milliseconds, now
from communicate.interfaces import IMembers, ISeals
from communicate_sms.content import NAME, Exchange
from communicate_sms.holds import number_key

GONE = 0  # in the place of a member who is erased: an answer to that one is nobody else's
HOUSE = -1  # the site itself, with a code or a notice
LATE = timedelta(days=30)
KEPT = timedelta(days=365)
AGAIN = timedelta(hours=1) // timedelta(milliseconds=1)  # before it is written down once more
LOWEST, HIGHEST = -1, 2**63
NAMED = re.compile(r"\s*@?([a-z0-9][a-z0-9._-]{1,28}[a-z0-9])\s{0,3}[:\uff1a]", re.IGNORECASE)


class Found(NamedTuple):
    """The member whom an answer is for, and whether that one knows the number."""

    uid: int
    knows: bool


class Several(Exception):
    """It may be for one or another, or for somebody who is gone: it is for nobody."""


def note(tree: Exchange, key: bytes, uid: int, *, knows: bool, at: int) -> None:
    """Remember that *uid* writes at the time *at* (ms) to the number of *key*.

    *knows* is whether *uid* knows the number: an answer comes as from the number then.
    """
    before = tree.writers.get((key, uid))
    if before is None or before[1] != knows or at - before[0] >= AGAIN:
        tree.writers[(key, uid)] = (at, knows, _otherwise(before, knows))
    if before is None and uid > GONE:
        tree.written.insert((uid, key))


def _otherwise(before: tuple[int, ...] | None, knows: bool) -> int:
    """Return when (ms) was written last without knowing the number, or, if not *knows*, with it.

    The two stay apart, for otherwise their author could see that they went to the same number.
    """
    if before is None:
        return 0
    return before[0] if before[1] != knows else sum(before[2:])


def listed(tree: Exchange, uid: int) -> Iterator[tuple[bytes | None, int]]:
    """Yield to which numbers *uid* wrote, as far as they are known to that one, and when last.

    Of the others it is only told when, in an order that hangs on nothing else.
    """
    hidden = []
    for _uid, key in tree.written.keys((uid, b""), (uid + 1, b"")):
        at, knows, *other = tree.writers.get((key, uid), (0, True))
        known, unknown = (at, sum(other)) if knows else (sum(other), at)
        if known:
            yield key, known
        if unknown:
            hidden.append(unknown)
    yield from ((None, at) for at in sorted(hidden))


def of(tree: Exchange, key: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield who wrote to the number of *key*, when last (ms), and whether they know it."""
    for (_key, uid), (at, knows, *_other) in tree.writers.items((key, LOWEST), (key, HIGHEST)):
        yield uid, at, knows


def is_known(request: Any, number: str) -> bool:
    """Tell whether anything has been sent to *number* from here, in a year."""
    key = number_key(request.find_service(ISeals), number)
    return next(of(request.site[NAME], key), None) is not None


def meant(request: Any, number: str, text: str) -> Found | None:
    """Return whom *text* from *number* is for, None where nobody wrote there; raise Several."""
    key = number_key(request.find_service(ISeals), number)
    every = [one for one in of(request.site[NAME], key) if one[0] != HOUSE]
    by_name = _named(request, text)
    for uid, _at, knows in every:
        if uid == by_name:
            return Found(uid, knows)
    late = milliseconds(now(request) - LATE)
    found = [one for one in every if one[1] >= late] or every
    if not found:
        return None
    if len(found) > 1 or found[0][0] == GONE:
        raise Several
    return Found(found[0][0], found[0][2])


def _named(request: Any, text: str) -> int | None:
    """Return the uid of the member with whose login *text* begins, or None."""
    found = NAMED.match(text)
    member = found and request.find_service(IMembers).by_login(found[1].lower())
    return None if member is None else int(member.uid)


def forget(tree: Exchange, uid: int, most: int) -> int:
    """Forget up to *most* numbers to which member *uid* wrote; return how many there were.

    That somebody did stays known as long as it would have: who is left gets no answer of theirs.
    """
    found = [
        key
        for _slot, (_uid, key) in zip(
            range(most), tree.written.keys((uid, b""), (uid + 1, b"")), strict=False
        )
    ]
    for key in found:
        tree.written.remove((uid, key))
        last = tree.writers.pop((key, uid), (0, False))
        tree.writers[(key, GONE)] = max(tree.writers.get((key, GONE), (0, False)), last[:2])
    return len(found)


def sweep(request: Any, most: int) -> None:
    """Look through *most* entries from where the last time ended, and forget the old ones."""
    tree, old = request.site[NAME], milliseconds(now(request) - KEPT)
    seen = [
        entry
        for _slot, entry in zip(
            range(most), tree.writers.items(tree.swept, excludemin=True), strict=False
        )
    ]
    tree.swept = seen[-1][0] if len(seen) == most else (b"", LOWEST)
    for (key, uid), last in seen:
        if last[0] < old:
            del tree.writers[(key, uid)]
            tree.written.discard((uid, key))
