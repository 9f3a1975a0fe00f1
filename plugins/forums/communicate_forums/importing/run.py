"""Import an archive from beginning to end: read the headers, make threads, write the messages."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from communicate.clock import now
from communicate.storage.work import work
from communicate_forums.importing import letters
from communicate_forums.importing.files import Place, Reader, files_in, places
from communicate_forums.importing.heads import Head, scan
from communicate_forums.importing.threads import Thread, Threads
from communicate_forums.importing.writing import (
    Item,
    Writer,
    Written,
    author_key,
    keyed,
    known_messages,
)

BATCH = 250  # messages in one transaction
REST = 0.2  # of the time that a batch took, left to those whom the site serves
AGAIN, NO_HEADERS, TWICE, UNREADABLE, ERASED = "again", "headers", "twice", "unreadable", "erased"


@dataclass
class Outcome:
    """What an import did: messages written, topics that they are in, and why others were not."""

    found: int = 0
    written: int = 0
    topics: int = 0
    attached: int = 0
    cut: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


class Import:
    """One import; `scan` first, then `write`, which yields as it goes on."""

    def __init__(self, registry: Any, forum: str, path: Path, *, serving: bool = False) -> None:
        self.registry = registry
        self.forum = forum
        self.serving = serving
        self.files = files_in(path)
        self.reader = Reader(self.files)
        self.key = keyed(registry)
        self.outcome = Outcome()
        self.places: list[Place] = []
        self.heads: list[Head] = []
        self.threads: list[Thread] = []
        self.known: set[int] = set()

    def scan(self, seen: Callable[[int], None] = lambda _count: None) -> int:
        """Read all headers, telling *seen* how many so far; return how many are to be written."""
        self.known = work(self.registry, lambda request: known_messages(request, self.forum))
        moment = work(self.registry, lambda request: now(request).timestamp())
        keys: set[int] = set()
        for place in places(self.files):
            self.outcome.found += 1
            self._scan_one(place, keys, moment)
            if self.outcome.found % 1000 == 0:
                seen(self.outcome.found)
                self._rest(0.02)
        if self.heads and all(head.date is None for head in self.heads):
            self.heads[0].date = min(self.reader.date(self.places[0]), moment)
        self.threads = Threads(self.heads, self.known.__contains__).make()
        return sum(head.key not in self.known for head in self.heads)

    def _scan_one(self, place: Place, keys: set[int], moment: float) -> None:
        raw = partial(self.reader.message, place)
        head = scan(self.reader.head(place), self.key, raw, moment)
        if head is None:
            self.outcome.skipped[NO_HEADERS] += 1
        elif head.key in keys:
            self.outcome.skipped[TWICE] += 1
        else:
            if head.key in self.known:
                self.outcome.skipped[AGAIN] += 1
            if head.date is None and not place.boxed:
                head.date = min(self.reader.date(place), moment)
            keys.add(head.key)
            self.places.append(place)
            self.heads.append(head)

    def write(self) -> Iterator[int]:
        """Write all messages that are new, batch by batch; yield how many each one dealt with."""
        writer = Writer(self.registry, self.forum)
        topics: set[int] = set()
        try:
            for items, count in self._batches():
                yield from self._batch(writer, items, topics, count)
        finally:
            self.reader.close()
        self.outcome.topics = len(topics)

    def _batches(self) -> Iterator[tuple[list[Item], int]]:
        """Yield messages for one transaction, and how many were looked at for them."""
        items: list[Item] = []
        count = 0
        for item in self._items():
            count += 1
            if item is not None:
                items.append(item)
            if len(items) == BATCH:
                yield items, count
                items, count = [], 0
        if count:
            yield items, count

    def _batch(
        self, writer: Writer, items: list[Item], topics: set[int], count: int
    ) -> Iterator[int]:
        start = time.monotonic()
        if items:
            done: Written = writer.write(items)
            self.outcome.written += done.written
            self.outcome.skipped[AGAIN] += done.again
            self.outcome.skipped[ERASED] += done.erased
            topics.update(done.topics.values())
        yield count
        self._rest((time.monotonic() - start) * REST)

    def _items(self) -> Iterator[Item | None]:
        """Yield each message that is new, thread by thread; None for one that cannot be read."""
        for number, thread in enumerate(self.threads):
            for which, moment in thread.messages:
                if self.heads[which].key not in self.known:
                    yield self._item(number, thread, which, moment)

    def _item(self, number: int, thread: Thread, which: int, moment: int) -> Item | None:
        try:
            letter = letters.read(self.reader.message(self.places[which]))
        except letters.Unreadable:
            self.outcome.skipped[UNREADABLE] += 1
            return None
        self.outcome.attached += letter.attached
        self.outcome.cut += letter.cut
        author = author_key(self.key, letter)
        key = self.heads[which].key
        return Item(number, thread.known, key, moment, author, letter)

    def _rest(self, seconds: float) -> None:
        """Leave the processor to those whom the site serves meanwhile."""
        if self.serving:
            time.sleep(seconds)
