"""What a folder's list is made of: messages, or conversations; page by page, each by its place."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from communicate.web.i18n import PluralFactory
from communicate_email.content import Mailbox
from communicate_email.store import conversing, talks
from communicate_email.store.conversing import Talk
from communicate_email.store.listed import Listed
from communicate_email.views.desk import Desk
from communicate_email.views.rows import row_of, talk_row

_n = PluralFactory("communicate_email")

MESSAGES = _n("${n} message", "${n} messages")
TALKS = _n("${n} conversation", "${n} conversations")
LEAD = 4  # of the list above what is read, beside it
Places = tuple[int | None, int | None]  # of the neighbours: after which and before which they are


class Listing(Protocol):
    """The list of one folder."""

    counted: Any  # "${n} messages"

    @property
    def count(self) -> int:
        """How many there are."""

    def here(self, one: Listed | None, thread: int | None) -> int | None:
        """Return the place of what is read."""

    def above(self, place: int) -> int | None:
        """Return the place below which a list begins that has *place* near its top."""

    def slice(
        self, size: int, after: int | None, before: int | None
    ) -> tuple[list[Any], int | None, int | None]:
        """Return a page, and the places of its neighbours."""

    def rows(
        self, found: list[Any], one: Listed | None, thread: int | None
    ) -> list[dict[str, Any]]:
        """Return what is shown of each of *found*."""


class Messages:
    """A folder's messages."""

    counted = MESSAGES

    def __init__(self, desk: Desk, box: Mailbox) -> None:
        self.desk = desk
        self.box = box

    @property
    def count(self) -> int:
        """How many there are."""
        return self.box.count

    def here(self, one: Listed | None, thread: int | None) -> int | None:
        """Return the place of the message that is read."""
        return None if one is None else one.row.place

    def above(self, place: int) -> int | None:
        """Return the place below which a list begins that has *place* near its top."""
        keys = list(zip(self.box.dates.keys(place, excludemin=True), range(LEAD), strict=False))
        return keys[-1][0] + 1 if len(keys) == LEAD else None

    def slice(
        self, size: int, after: int | None, before: int | None
    ) -> tuple[list[Listed], int | None, int | None]:
        """Return a page, and the places of its neighbours."""
        found: list[Listed] = []
        if after is not None:
            found = self.desk.reading.newer(self.box, after, size)
            if len(found) < size:  # the first page: filled from the top
                found, before = [], None
        if not found:
            found = self.desk.reading.page(self.box, before=before, most=size)
        if not found:
            return [], None, None
        dates = self.box.dates
        ends = (dates.minKey(), dates.maxKey())
        return found, *neighbours(ends, found[0].row.place, found[-1].row.place)

    def rows(
        self, found: list[Listed], one: Listed | None, thread: int | None
    ) -> list[dict[str, Any]]:
        """Return what is shown of each of *found*."""
        here = one.row.uid if one is not None else None
        return [row_of(self.desk, each, here) for each in found]


class Talks:
    """A folder's conversations."""

    counted = TALKS

    def __init__(self, desk: Desk, box: Mailbox) -> None:
        self.desk = desk
        self.box = box

    @property
    def count(self) -> int:
        """How many there are."""
        return talks.count(self.box)

    def here(self, one: Listed | None, thread: int | None) -> int | None:
        """Return the place of the conversation that is read, or to which the message belongs."""
        thread = one.row.thread if one is not None else thread
        talks.count(self.box)  # the index is there
        place: int | None = self.box.talks.get(thread) if thread is not None else None
        return place

    def above(self, place: int) -> int | None:
        """Return the place below which a list begins that has *place* near its top."""
        above = talks.newer(self.box, place, LEAD)
        return above[0][0] + 1 if len(above) == LEAD else None

    def slice(
        self, size: int, after: int | None, before: int | None
    ) -> tuple[list[Talk], int | None, int | None]:
        """Return a page, and the places of its neighbours."""
        pairs: Sequence[tuple[int, int]] = []
        if after is not None:
            pairs = talks.newer(self.box, after, size)
            if len(pairs) < size:
                pairs, before = [], None
        if not pairs:
            pairs = _first(talks.latest(self.box, before), size)
        ends = talks.ends(self.box)
        if not pairs or ends is None:
            return [], None, None
        found = conversing.page(self.desk.reading, self.box, pairs)
        return found, *neighbours(ends, pairs[0][0], pairs[-1][0])

    def rows(
        self, found: list[Talk], one: Listed | None, thread: int | None
    ) -> list[dict[str, Any]]:
        """Return what is shown of each of *found*."""
        here = one.row.thread if one is not None else thread
        return [talk_row(self.desk, each, here) for each in found]


def neighbours(ends: tuple[int, int], first: int, last: int) -> Places:
    """Return after which and before which place the next pages are; *ends* of the whole list."""
    return first if ends[1] > first else None, last if ends[0] < last else None


def _first(pairs: Iterator[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    return [pair for pair, _ in zip(pairs, range(size), strict=False)]
