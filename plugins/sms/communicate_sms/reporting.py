"""What a process has seen of its ways, written down for operators: on change, once a minute.

Nothing of any message is in it: when the last one was taken, when one was not, and why, in our
words (`communicate_sms.reasons`).
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from communicate.clock import milliseconds, now
from communicate.storage.work import work
from communicate_sms import reasons, states
from communicate_sms.content import WayState
from communicate_sms.queue import Outcome, exchange_of

EVERY = 60.0  # seconds between two times
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen:
    """What happened on a way since that was last written down; moments are of a clock of ours."""

    taken: float | None = None
    missed: float | None = None
    why: str = ""
    fault: bool | None = None  # whether the way was out of order the last time; None: as before


class Reports:
    """What the ways of this process do, told to the tree by the thread that calls `tell`."""

    def __init__(
        self,
        registry: Any,
        transports: Mapping[str, Any],
        *,
        every: float = EVERY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.registry = registry
        self.transports = transports
        self.every = every
        self.clock = clock
        self._lock = threading.Lock()
        self._seen: dict[str, Seen] = {}
        self._bound: dict[str, bool | None] = {}  # as it was told last
        self._next = clock()

    def note(self, way: str, outcome: Outcome) -> None:
        """Note what became of a message that was handed over."""
        if outcome.state == states.SENT:
            self._note(way, taken=self.clock(), fault=False)
        else:
            fault = outcome.fault or outcome.state == states.UNCERTAIN
            self._note(way, missed=self.clock(), why=reasons.cleaned(outcome.why), fault=fault)

    def tell(self) -> None:
        """Write down what is new, unless that was done a moment ago."""
        if self.clock() >= self._next:
            self._write({name: is_bound(each) for name, each in self.transports.items()})

    def end(self) -> None:
        """Write down what is new, and that no session is held any more."""
        self._write(dict.fromkeys(self.transports))

    def _note(self, way: str, **news: Any) -> None:
        with self._lock:
            self._seen[way] = replace(self._seen.get(way, Seen()), **news)

    def _write(self, bound: dict[str, bool | None]) -> None:
        with self._lock:
            seen, self._seen = self._seen, {}
        news = {
            name: seen.get(name, Seen())
            for name in bound
            if name in seen or bound[name] != self._bound.get(name)
        }
        if not news:
            return
        present = self.clock()
        try:
            work(self.registry, lambda request: write(request, news, bound, present))
        except Exception:
            log.exception("how the ways of text messages do could not be written down")
            with self._lock:
                self._seen = {**seen, **self._seen}
        else:
            self._bound = bound
        self._next = present + self.every


def is_bound(transport: Any) -> bool | None:
    """Tell whether *transport* has its session; None where it needs none."""
    bound = getattr(transport, "bound", None)
    return None if bound is None else bool(bound.is_set())


def write(
    request: Any, news: Mapping[str, Seen], bound: Mapping[str, bool | None], present: float
) -> None:
    """Write down *news* of each way; *present* is now, on the clock of what was seen."""
    ways, moment = exchange_of(request).ways, milliseconds(now(request))
    for name, seen in news.items():
        state = ways.get(name)
        if state is None:
            state = ways[name] = WayState()
        state.told, state.bound = moment, bound[name]
        if seen.taken is not None:
            state.taken = max(state.taken, moment - int(1000 * (present - seen.taken)))
        if seen.missed is not None:
            state.missed, state.why = moment - int(1000 * (present - seen.missed)), seen.why
        if seen.fault is not None:
            state.fault = seen.fault
