"""Put messages into threads by what they answer, without ever going deeper than a loop.

A message belongs to the nearest one that it answers, of those that are there.  Where none is,
those that answer the same missing one belong together.  Only where a message says "Re:" and names
none at all, its subject decides, among what was written in the month before.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from communicate_forums.importing.heads import Head

MONTH = 31 * 24 * 3600.0


@dataclass(slots=True)
class Thread:
    """Messages by number with their moments in milliseconds, in order; the first one opens it.

    *known* is the key of a message that was imported before and that one of them answers, or is.
    """

    messages: list[tuple[int, int]]
    known: int | None = None


class Threads:
    """A forest: each message has one that it answers, or none."""

    def __init__(self, heads: list[Head], is_known: Callable[[int], bool]) -> None:
        self.heads = heads
        self.is_known = is_known
        self.above: list[int] = [-1] * len(heads)
        self.known: dict[int, int] = {}  # number of a message -> key of a known one it answers
        self._root = list(range(len(heads)))  # a shortcut towards the top of each tree
        self._dates = dated(heads)

    def make(self) -> list[Thread]:
        """Return the threads, by the moment at which they begin."""
        self._by_answers()
        self._by_subjects()
        moments = self._moments()
        members: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for number in range(len(self.heads)):
            members[self._top(number)].append((number, moments[number]))
        threads = [self._thread(top, found) for top, found in members.items()]
        return sorted(threads, key=lambda thread: thread.messages[0][1])

    def _thread(self, top: int, found: list[tuple[int, int]]) -> Thread:
        # The top comes first, whatever the others' clocks said.
        found.sort(key=lambda one: (one[1], one[0] != top))
        seen = (self.heads[number].key for number, _moment in found)
        known = next((key for key in seen if self.is_known(key)), self.known.get(top))
        return Thread(found, known)

    def _by_answers(self) -> None:
        numbers: dict[int, int] = {}
        for number, head in enumerate(self.heads):
            numbers.setdefault(head.key, number)
        missing: dict[int, list[int]] = defaultdict(list)
        for number, head in enumerate(self.heads):
            if any(self._hang(number, numbers[key]) for key in head.answers if key in numbers):
                continue
            known = next((key for key in head.answers if self.is_known(key)), None)
            if known is not None:
                self.known[number] = known
            elif head.answers:
                missing[head.answers[-1]].append(number)
        for orphans in missing.values():
            eldest = min(orphans, key=lambda number: (self._dates[number], number))
            for number in orphans:
                self._hang(number, eldest)

    def _by_subjects(self) -> None:
        """Hang what says "Re:" and nothing more below the latest of the same subject."""
        latest: dict[int, tuple[float, int]] = {}
        for number in sorted(range(len(self.heads)), key=lambda number: self._dates[number]):
            head, date = self.heads[number], self._dates[number]
            if head.topic is None or head.answers:
                continue
            before = latest.get(head.topic)
            if head.is_reply and before is not None and date - before[0] <= MONTH:
                self._hang(number, before[1])
                latest[head.topic] = (date, before[1])
            else:
                latest[head.topic] = (date, number)

    def _hang(self, number: int, above: int) -> bool:
        """Say that *number* answers *above*, unless that closes a circle; tell whether it did."""
        if self.above[number] >= 0 or self._top(above) == self._top(number):
            return False
        self.above[number] = above
        self._root[number] = self._top(above)
        return True

    def _top(self, number: int) -> int:
        root = self._root
        while root[number] != number:
            root[number] = root[root[number]]
            number = root[number]
        return number

    def _moments(self) -> list[int]:
        """Return the moment of each message, later than that of the one which it answers."""
        moments = [-1] * len(self.heads)
        for number in range(len(self.heads)):
            path = []
            while number >= 0 and moments[number] < 0:
                path.append(number)
                number = self.above[number]
            before = moments[number] if number >= 0 else -1
            for each in reversed(path):
                before = moments[each] = max(int(self._dates[each] * 1000), before + 1)
        return moments


def dated(heads: list[Head]) -> list[float]:
    """Return the date of each message: where it has none, that of its neighbour in the file."""
    found, last = [], next((head.date for head in heads if head.date is not None), 0.0)
    for head in heads:
        last = last if head.date is None else head.date
        found.append(last)
    return found
