"""Copies that take long, over WebDAV: in batches, while the program waits for the answer.

The answer says what is true: all of it is there, or nothing is, and why.  A copy whose program got
no answer, because the server was killed, is ended.
"""

import time
from functools import partial
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory

from communicate.storage.work import work
from communicate_vdisk.content import Directory, Node
from communicate_vdisk.copying import jobs
from communicate_vdisk.copying.content import DONE
from communicate_vdisk.copying.interfaces import ICopies
from communicate_vdisk.copying.walking import Failed
from communicate_vdisk.copying.words import WHY
from communicate_vdisk.dav.answers import NO_ROOM, Answer, plain
from communicate_vdisk.locks.interfaces import ILocks

_ = TranslationStringFactory("communicate_vdisk")

MOST, LARGEST = 10_000, 4 * 2**30  # things, and their bytes: what is done before programs give up
PATIENCE = 240.0  # seconds
LOST = 10  # minutes after which nobody waits any more
STATUS = {"room": f"{NO_ROOM} Insufficient Storage", "busy": "423 Locked"}

MUCH = _(
    "This holds more than ${n} things, or very large ones: copy it on the pages of your disk, "
    "which show how far that is, or in parts.",
    mapping={"n": MOST},
)


class Long(NamedTuple):
    """A copy that a request has begun, and with which tokens of locks."""

    number: int
    tokens: tuple[int, frozenset[str]] | None


def begin(request: Any, node: Node, folder: Directory, name: str, *, replaces: bool) -> Long:
    """Return a new copy of *node* as *name* in *folder*; raise Refused."""
    service, by = request.find_service(ICopies), request.member.uid
    copy = service.begin([node], folder, by, name=name, replaces=replaces, quiet=True)
    service.later(copy, LOST, ends=True)
    return Long(copy.id, request.find_service(ILocks).presented)


def finish(registry: Any, long: Long, answer: Answer) -> Answer:
    """Return *answer* once the copy is there, or what says why it is not."""
    until, large = time.monotonic() + PATIENCE, 0
    while True:
        following = jobs.batch(registry, long.number, large, long.tokens)
        if following is None:
            return work(registry, lambda request: ended(request, long.number, answer))
        busy = "busy" if following.minutes else ""
        if busy or time.monotonic() > until or work(registry, lambda r: is_much(r, long.number)):
            return work(registry, partial(given_up, long.number, busy))
        large = following.large


def is_much(request: Any, number: int) -> bool:
    """Tell whether the copy is more than a program waits for."""
    copy = request.find_service(ICopies).find(number)
    return copy is not None and (copy.things > MOST or copy.size > LARGEST)


def given_up(number: int, code: str, request: Any) -> Answer:
    """End the copy, of which nothing stays; return what says why."""
    service = request.find_service(ICopies)
    copy = service.find(number)
    if copy is not None:
        service.cancel(copy)
    return said(request, copy, code)


def ended(request: Any, number: int, answer: Answer) -> Answer:
    """Return *answer*, or what says why the copy failed; it is not listed any more."""
    service = request.find_service(ICopies)
    copy = service.find(number)
    if copy is not None:
        service.forget(copy)
        if copy.state == DONE:
            return answer
    return said(request, copy, "closed" if copy is None else copy.reason or "closed")


def said(request: Any, copy: Any, code: str) -> Answer:
    """Return what says, in the member's words, why *copy* was not made."""
    try:
        if copy is not None:
            request.find_service(ICopies).enter(copy)
    except Failed:
        pass
    words = request.page.say(WHY.get(code, MUCH))
    return plain(STATUS.get(code, "403 Forbidden"), words)
