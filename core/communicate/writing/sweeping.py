"""Drafts that nobody has touched for long are destroyed."""

from functools import partial
from itertools import islice
from typing import Any

from communicate.clock import milliseconds, now
from communicate.storage.work import work
from communicate.writing.interfaces import IDrafts

SWEEP = "communicate.drafts.sweep"
BATCH = 200  # members whose drafts are looked through in one transaction
DAY = 86_400_000  # ms


def sweep(request: Any, _payload: Any) -> None:
    """Destroy what was not touched for as long as the setting says; the handler of SWEEP."""
    last: int | None = -1
    while last is not None:
        last = work(request.registry, partial(sweep_some, last))


def sweep_some(last: int, request: Any) -> int | None:
    """Look through the drafts of some members after *last*; return the last of them, or None."""
    days: int = request.registry.settings["communicate.draft_days"]
    before = milliseconds(now(request)) - days * DAY
    desks = request.root_map["drafts"].desks
    drafts = request.find_service(IDrafts)
    found = list(islice(desks.items(last, excludemin=True), BATCH))
    for uid, desk in found:
        for key in [key for key, draft in desk.drafts.items() if draft.saved < before]:
            drafts.destroy(desk, key)
        drafts.forget_sent(desk)
        if not desk.drafts and not desk.sent:
            drafts.clear(uid)
    return found[-1][0] if len(found) == BATCH else None
