"""`ILive`: gather what a transaction has to tell, and let it out once that has committed."""

import re
from collections.abc import Iterable
from typing import Any

from zope.interface import implementer

from communicate.live.hub import Hub
from communicate.live.interfaces import ILive

WHAT = re.compile(r"[a-z][a-z0-9._-]{0,39}")
Told = dict[tuple[str, int], set[int]]


@implementer(ILive)
class LiveService:
    """Live updates, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.hub: Hub = request.registry.communicate_live

    def tell(self, uids: Iterable[int], what: str, number: int) -> None:
        """Tell members *uids* of it once this transaction has committed; see `ILive`."""
        if not WHAT.fullmatch(what):
            raise ValueError(f"{what!r} names no kind: write <plugin>.<kind>")
        if self.hub.listens:
            self._told().setdefault((what, number), set()).update(uids)

    def _told(self) -> Told:
        """Return what the current transaction has to tell so far."""
        transaction = self.request.tm.get()
        try:
            found: Told = transaction.data(self.hub)
        except KeyError:
            found = {}
            transaction.set_data(self.hub, found)
            transaction.addAfterCommitHook(let_out, (self.hub, found))
        return found


def let_out(committed: bool, hub: Hub, told: Told) -> None:
    """Hand what was *told* to the listener, where the transaction has *committed*."""
    if committed:
        for (what, number), uids in told.items():
            hub.post(uids, what, number)


def end_with_session(event: Any) -> None:
    """Close the connections of a session that ends, once that has committed."""
    request, hub = event.request, event.request.registry.communicate_live
    if hub.listens:
        request.tm.get().addAfterCommitHook(
            lambda committed: hub.end(event.key) if committed else None
        )
