"""Who makes copies, batch by batch: a job, or the request of a program that waits for its end.

Each batch is a transaction of its own.  Killed anywhere, what was made stays hidden, and the job
goes on behind it.
"""

import time
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from typing import Any

from communicate.permissions import VIEW
from communicate.security import permits
from communicate.storage.work import work
from communicate_vdisk.content import File
from communicate_vdisk.copying.interfaces import ICopies
from communicate_vdisk.copying.walking import Failed, Next
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.locks.interfaces import ILocks
from communicate_vdisk.services import FILE
from communicate_vdisk.streams import Pieces

SLICE = 5.0  # seconds of one job, which has another one go on: other work has its turns
LOOKED = 1.0  # seconds between two looks whether a copy is wanted still
SWEPT = 200


class Unwanted(Exception):
    """A copy was cancelled while a large file of it was being sealed."""


def copy_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Go on with a copy, or end what nobody waits for any more: the handler of COPY."""
    service, number = request.find_service(ICopies), payload["copy"]
    if payload["ends"]:
        copy = service.find(number)
        if copy is not None and copy.is_under_way:
            service.cancel(copy)
        return
    following = run(request.registry, number, SLICE)
    copy = service.find(number)
    if following is not None and copy is not None:
        service.later(copy, following.minutes)


def run(
    registry: Any, number: int, seconds: float, tokens: tuple[int, frozenset[str]] | None = None
) -> Next | None:
    """Make batches of a copy for so many *seconds*; return what is next, None where it ended.

    *tokens* are of locks, and whose.
    """
    until, following = time.monotonic() + seconds, Next()
    while True:
        made = batch(registry, number, following.large, tokens)
        if made is None or made.minutes:
            return made
        following = made
        if time.monotonic() >= until:
            return following


def batch(registry: Any, number: int, large: int, tokens: Any) -> Next | None:
    """Make one batch, with the file *large* sealed before, outside of its transaction."""
    if not large:
        return work(registry, partial(step, number, None, "", tokens))
    opened = work(registry, partial(open_large, number, large))
    if opened is None:
        return work(registry, partial(step, number, None, "", tokens))
    spool, pieces, tag = opened
    with spool, closing(pieces):
        try:
            spool.fill(Watched(registry, number, Pieces(pieces)))
        except Unwanted:
            return None
        return work(registry, partial(step, number, spool, tag, tokens))


def step(number: int, spool: Any, tag: str, tokens: Any, request: Any) -> Next | None:
    """Make one batch in the transaction of *request*."""
    if tokens is not None:
        request.find_service(ILocks).present(*tokens)
    found: Next | None = request.find_service(ICopies).step(number, spool, tag)
    return found


def open_large(number: int, large: int, request: Any) -> Any:
    """Return a spool for the file *large*, what that holds, and its tag; None if it may not be."""
    service = request.find_service(ICopies)
    copy, node = service.find(number), request.find_service(IDisk).find(large)
    if copy is None or not copy.is_under_way or not isinstance(node, File) or node.blob is None:
        return None
    try:
        service.enter(copy)
    except Failed:
        return None
    if not permits(request, node, VIEW):
        return None
    spool = service.disk.seals.spool(copy.owner, FILE, request.root_map._p_jar)
    try:
        return spool, service.disk.seals.open_range(node.blob), node.tag
    except BaseException:
        spool.close()
        raise


class Watched:
    """A stream that ends with Unwanted once nobody wants the copy *number* any more."""

    def __init__(self, registry: Any, number: int, stream: Any) -> None:
        self._registry, self._number, self._stream = registry, number, stream
        self._next = time.monotonic() + LOOKED

    def read(self, size: int, /) -> bytes:
        """Return at most *size* bytes, none at the end."""
        if time.monotonic() >= self._next:
            if not work(self._registry, self._is_wanted):
                raise Unwanted
            self._next = time.monotonic() + LOOKED
        data: bytes = self._stream.read(size)
        return data

    def _is_wanted(self, request: Any) -> bool:
        copy = request.find_service(ICopies).find(self._number)
        return copy is not None and bool(copy.is_under_way)


def sweep_job(request: Any, _payload: Mapping[str, Any]) -> None:
    """Forget the copies that ended days ago: the handler of SWEEP."""
    request.find_service(ICopies).sweep(SWEPT)
