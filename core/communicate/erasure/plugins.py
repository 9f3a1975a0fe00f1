"""Having each plugin erase what it holds of a member, one at a time and in batches."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from communicate.erasure import pace
from communicate.erasure.content import DONE, NONE, PENDING
from communicate.erasure.services import erasures_of
from communicate.interfaces import IPlugins
from communicate.outbox.errors import reason
from communicate.plugins import CORE
from communicate.sealing.services import ERASING
from communicate.storage.work import work

HOOK = "communicate_erase"
MOST = 100_000  # batches of one plugin: one that always wants another is broken
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ErasedMember:
    """Who is being erased, as plugins see it: a number, and a request of the present batch."""

    uid: int
    request: Any


@dataclass(frozen=True)
class BatchReceipt:
    """What a plugin tells of one batch."""

    counts: dict[str, int] = field(default_factory=dict)

    def erased(self, kind: str, count: int = 1) -> None:
        """Count *count* things of *kind*, such as ``forums.post``, that were erased."""
        self.counts[kind] = self.counts.get(kind, 0) + count


def erase(registry: Any, uid: int) -> None:
    """Have every plugin that ever ran here erase what it holds of *uid*, but those that have.

    One that is off, or that fails, is pending; the others go on.
    """
    for name in work(registry, partial(unfinished, uid)):
        try:
            done = erase_one(registry, uid, name)
        except Exception as error:
            log.error("plugin %s could not erase: %s", name, reason(error))
            done = False
        work(registry, partial(record, uid, name, DONE if done else PENDING))
    work(registry, partial(release_purged, uid))


def known(request: Any) -> list[str]:
    """Return core and every plugin that ran here, on or off: its evolve steps are in the tree."""
    on = request.registry.getUtility(IPlugins).enabled
    return list(dict.fromkeys([CORE, *on, *sorted(request.root_map.get("evolve", ()))]))


def unfinished(uid: int, request: Any) -> list[str]:
    """Return those that have not erased what they hold of *uid*."""
    states = erasures_of(request).by_uid[uid].plugins
    return [name for name in known(request) if states.get(name) != DONE]


def release_purged(uid: int, request: Any) -> None:
    """Wait no longer for a plugin whose data was purged meanwhile."""
    for name, state in erasures_of(request).by_uid[uid].plugins.items():
        if state == PENDING and name not in known(request):
            record(uid, name, NONE, request)


def erase_one(registry: Any, uid: int, name: str) -> bool:
    """Call the plugin *name* until it has nothing left; return False where it is off."""
    plugins = registry.getUtility(IPlugins)
    if name != CORE and name not in plugins.enabled:
        return False
    call = partial(plugins.call, name, HOOK)
    for _batch in range(MOST):
        if not pace.batch(registry, partial(batch, uid, call)):
            return True
    raise RuntimeError(f"plugin {name} asked for another batch {MOST} times")


def batch(uid: int, call: Callable[..., Any], request: Any) -> bool:
    """Let a plugin erase one batch; tell whether it wants another."""
    request.environ[ERASING] = uid
    receipt = BatchReceipt()
    more = bool(call(member=ErasedMember(uid, request), receipt=receipt))
    if receipt.counts:
        erasures_of(request).by_uid[uid].add_counts(receipt.counts)
    return more


def record(uid: int, name: str, state: str, request: Any) -> None:
    """Record how far the plugin *name* is, if that is news."""
    erasure = erasures_of(request).by_uid[uid]
    if erasure.plugins.get(name) != state:
        erasure.set_plugin(name, state)
