"""Forgetting notices that are too old, a batch of inboxes in each transaction."""

from functools import partial
from itertools import islice
from typing import Any

from communicate.clock import now
from communicate.ids import new_id
from communicate.notifications.services import KEPT, notices_of
from communicate.storage.work import work

BATCH = 200  # inboxes


def sweep(request: Any, _payload: Any) -> None:
    """Forget every notice that is older than it may be; the handler of the daily job."""
    last: int | None = 0
    while last is not None:
        last = work(request.registry, partial(sweep_batch, last))


def sweep_batch(after: int, request: Any) -> int | None:
    """Forget what is too old in a batch of inboxes; return the last one's, None at the end."""
    notices = notices_of(request)
    if notices is None:
        return None
    oldest = new_id(now(request) - KEPT)
    uids = list(islice(notices.inboxes.keys(after, excludemin=True), BATCH))
    for uid in uids:
        inbox = notices.inboxes[uid]
        for number in list(inbox.notices.keys(None, oldest)):
            inbox.drop(number)
    return uids[-1] if len(uids) == BATCH else None
