"""Counting in memory: one addition for each page, no write, and nothing of who asked."""

import threading
from collections import Counter as Counts
from functools import cached_property
from typing import Any

from communicate.interfaces import IClock
from communicate.statistics.kinds import FIRST, OTHER, mounts
from communicate.statistics.services import store
from communicate.storage.work import work

PAGE = "text/html"


class Counter:
    """What was opened since the last flush, by day (ordinal, UTC) and kind."""

    def __init__(self, registry: Any) -> None:
        self.registry = registry
        self.counts: Counts[tuple[int, str]] = Counts()
        self._lock = threading.Lock()

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of page by the first element of its address."""
        return {**{name: name for name in mounts(self.registry)}, **FIRST}

    def heard(self, event: Any) -> None:
        """Count the page that is about to leave; pictures, feeds, forms and errors are none."""
        request, response = event.request, event.response
        if response.status_int != 200 or request.method != "GET":
            return
        if response.content_type == PAGE:
            first = request.environ.get("PATH_INFO", "").split("/", 2)[1:2]
            self.add(self.kinds.get(first[0] if first else "", OTHER))

    def add(self, kind: str) -> None:
        """Count one page of *kind*."""
        day = self.registry.getUtility(IClock).now().toordinal()
        with self._lock:
            self.counts[day, kind] += 1

    def add_to(self, days: dict[int, dict[str, int]]) -> None:
        """Add what is not in the tree yet to *days*, counts by day and kind, where it is there."""
        with self._lock:
            for (day, kind), count in self.counts.items():
                if day in days:
                    days[day][kind] = days[day].get(kind, 0) + count

    def flush(self) -> None:
        """Add what was counted to the tree; should that fail, it is tried with the next flush."""
        with self._lock:
            taken, self.counts = self.counts, Counts()
        if not taken:
            return
        try:
            work(self.registry, lambda request: store(request, taken))
        except BaseException:
            with self._lock:
                self.counts.update(taken)
            raise
