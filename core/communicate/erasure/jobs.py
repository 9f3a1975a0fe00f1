"""The job that erases, step by step, each a transaction of its own or several.

It can be killed anywhere and begun again: what a step has done it finds done.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from communicate.backup import keys
from communicate.backup.errors import BackupError
from communicate.clock import milliseconds, now
from communicate.erasure import pace, plugins, steps
from communicate.erasure.authored import AuthoredService, plugin_of
from communicate.erasure.content import DONE, NONE
from communicate.erasure.services import (
    ErasureService,
    erasures_of,
    ledger_of,
    queue,
)
from communicate.interfaces import ICatalog, IKeyRing, IMembers
from communicate.outbox.errors import TryLater
from communicate.outbox.mail.file import FileTransport
from communicate.outbox.services import OutboxService
from communicate.storage.work import work

BATCH = 50  # things in one transaction
log = logging.getLogger(__name__)


def handle(
    request: Any, payload: Mapping[str, Any], after: steps.AfterStep = steps.nothing
) -> None:
    """Bring the erasure of ``payload["uid"]`` as far as it can go, telling *after* each step."""
    go_on(request.registry, payload["uid"], after)


def go_on(registry: Any, uid: int, after: steps.AfterStep = steps.nothing) -> None:
    """Do every step that is not done, in order."""
    for step, action in ACTIONS.items():
        if step in AGAIN or not work(registry, partial(_is_done, uid, step)):
            state = action(registry, uid) or DONE
            work(registry, partial(_record, uid, step, state))
            after(step)


def _is_done(uid: int, step: str, request: Any) -> bool:
    return step in erasures_of(request).by_uid[uid].states


def _record(uid: int, step: str, state: str, request: Any) -> None:
    erasure = erasures_of(request).by_uid[uid]
    if erasure.states.get(step) != state:
        erasure.set_state(step, state)


def _plugins(registry: Any, uid: int) -> str:
    plugins.erase(registry, uid)
    return work(registry, lambda request: _whole(request, uid))


def _whole(request: Any, uid: int) -> str:
    return "done" if erasures_of(request).by_uid[uid].is_whole else "pending"


def _authored(registry: Any, uid: int) -> str:
    """Take all that *uid* authored out of the catalog, and forget it where its plugin is done."""
    for kind in work(registry, lambda request: AuthoredService(request).kinds(uid)):
        last: int | None = 0
        while last is not None:
            last = pace.batch(registry, partial(_authored_batch, uid, kind, last))
    return work(registry, partial(_forget_authored, uid))


def _authored_batch(uid: int, kind: str, after: int, request: Any) -> int | None:
    service = AuthoredService(request)
    items = service.items(uid, kind, after=after, most=BATCH)
    done = erasures_of(request).by_uid[uid].plugins.get(plugin_of(kind)) == DONE
    catalog = request.find_service(ICatalog)
    for item in items:
        catalog.remove(item)
        if done:  # a plugin that is off still needs to know what to look for
            service.remove(uid, kind, item)
    return items[-1] if len(items) == BATCH else None


def _forget_authored(uid: int, request: Any) -> str:
    request.find_service(ICatalog).forget(uid)
    service = AuthoredService(request)
    if service.kinds(uid):
        return "pending"
    service.authored.forget(uid)
    return "done"


def _jobs(registry: Any, uid: int) -> None:
    while pace.batch(registry, lambda request: OutboxService(request).drop_owned(uid, BATCH)):
        pass
    FileTransport(registry.settings["communicate.outbox"]).drop(uid)


def _account(registry: Any, uid: int) -> None:
    work(registry, lambda request: request.find_service(IMembers).remove(uid))


def _key(registry: Any, uid: int) -> None:
    registry.getUtility(IKeyRing).destroy(uid)


def _wipe(registry: Any, uid: int) -> None:
    try:
        registry.getUtility(ICatalog).checkpoint()
    except TimeoutError as error:
        raise TryLater("the catalog is in use without a pause: it is wiped later") from error


def _backup(registry: Any, uid: int) -> str:
    try:
        return DONE if keys.refresh_all(registry) else NONE
    except BackupError as error:
        raise TryLater(str(error)) from error


def _receipt(registry: Any, uid: int) -> str:
    return work(registry, partial(_finish, uid))


def _finish(uid: int, request: Any) -> str:
    erasures = erasures_of(request)
    erasure = erasures.by_uid[uid]
    if not erasure.is_whole:
        return "pending"
    if uid in erasures.open:
        erasures.open.remove(uid)
        erasure.finished = milliseconds(now(request))
    return "done"


ACTIONS: dict[str, Callable[[Any, int], str | None]] = {
    steps.PLUGINS: _plugins,
    steps.AUTHORED: _authored,
    steps.JOBS: _jobs,
    steps.ACCOUNT: _account,
    steps.KEY: _key,
    steps.WIPE: _wipe,
    steps.BACKUP: _backup,
    steps.RECEIPT: _receipt,
}
AGAIN = {steps.PLUGINS, steps.AUTHORED, steps.RECEIPT}  # until every plugin has done its part


def look(request: Any, _payload: Mapping[str, Any]) -> None:
    """Look whether anything has been left over; the handler of the hourly job."""
    replay(request.registry)


def replay(registry: Any) -> int:
    """Begin what the ledger names and the tree does not know; go on with what is not finished.

    That is how an erasure survives a kill right after its line, the return of a plugin that was
    off, and a restored backup.  Return how many erasures it began.  Raise LedgerUnusable.
    """
    named = {line.uid for line in ledger_of(registry).lines()}
    left = work(registry, partial(_left_over, named))
    for uid in left:
        log.warning("an account that the ledger names as erased is there: it is erased again")
        work(registry, partial(_begin_again, uid))
    work(registry, _resume)
    return len(left)


def _left_over(named: set[int], request: Any) -> list[int]:
    known = erasures_of(request).by_uid
    members, ring = request.find_service(IMembers), request.find_service(IKeyRing)
    return [
        uid
        for uid in sorted(named)
        if uid not in known and (members.by_uid(uid, closed=True) or ring.holds(uid))
    ]


def _begin_again(uid: int, request: Any) -> None:
    ErasureService(request).start(uid)


def _resume(request: Any) -> None:
    erasures = erasures_of(request)
    for uid in list(erasures.open):
        queue(request, erasures.by_uid[uid])
