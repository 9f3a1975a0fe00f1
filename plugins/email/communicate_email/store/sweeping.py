"""Junk and trash come to their end: what has lain there for so many days is destroyed by a job."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from communicate import clock
from communicate.interfaces import IOutbox
from communicate_email.content import Account, Mailbox
from communicate_email.interfaces import IMailStore
from communicate_email.store import rows as rowing
from communicate_email.store.boxes import office_of

SWEEP, EMPTY = "email.sweep", "email.empty"
EVERY = timedelta(days=1)
BATCH = 500  # messages in one transaction: others wait for no more
DAYS = {"junk": "email.junk_days", "trash": "email.trash_days"}


def sweep_job(request: Any, _payload: Mapping[str, Any]) -> None:
    """Have a job empty each account in which something has come to its end."""
    office = office_of(request)
    for uid, account in () if office is None else office.accounts.items():
        if any(next(over(request, box, days), 0) for box, days in _ending(request, account)):
            request.find_service(IOutbox).add(EMPTY, {"uid": uid})


def empty_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy a batch of what has come to its end in one account, and the next one after it."""
    store = request.find_service(IMailStore)
    account = store.account(payload["uid"])
    if account is None:
        return
    for box, days in _ending(request, account):
        uids = [uid for uid, _ in zip(over(request, box, days), range(BATCH), strict=False)]
        store.expunge(box, uids)
        if len(uids) == BATCH:
            request.find_service(IOutbox).add(EMPTY, {"uid": payload["uid"]})
            return


def over(request: Any, box: Mailbox, days: int) -> Iterator[int]:
    """Yield the uids of messages that came into *box* more than *days* ago, the oldest first."""
    limit = int((clock.now(request) - timedelta(days=days)).timestamp())
    for row in rowing.every(box):
        if row.saved > limit:
            return
        yield row.uid


def _ending(request: Any, account: Account) -> Iterator[tuple[Mailbox, int]]:
    for role, setting in DAYS.items():
        if role in account.roles:
            yield account.box(role), request.registry.settings[setting]
