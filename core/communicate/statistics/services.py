"""Adding to the counts, and reading them."""

from collections.abc import Mapping
from typing import Any

from communicate.statistics.content import Statistics

KEPT = 400  # days: a year can be compared with the one before


def statistics_of(request: Any) -> Statistics | None:
    """Return the counts in the tree, None before the first."""
    found: Statistics | None = request.root_map.get("statistics")
    return found


def store(request: Any, counts: Mapping[tuple[int, str], int]) -> None:
    """Add *counts*, by day and kind, to those in the tree; what is too old goes."""
    kept = statistics_of(request)
    if kept is None:  # a site that was made before there were any
        kept = request.root_map["statistics"] = Statistics()
    for (day, kind), count in counts.items():
        kept.add(day, kind, count)
    if counts:
        kept.drop_before(max(day for day, _kind in counts) - KEPT)


def read(request: Any, first: int, last: int) -> dict[int, dict[str, int]]:
    """Return the counts of the days from *first* to *last*: by day, then by kind."""
    kept = statistics_of(request)
    found: dict[int, dict[str, int]] = {day: {} for day in range(first, last + 1)}
    for day, kinds in () if kept is None else kept.days.items(first, last):
        found[day] = {kind: int(count()) for kind, count in kinds.items()}
    return found
