"""The part of a conversation that somebody reads, as pages of `communicate.web.slices` need it."""

from collections.abc import Iterator
from typing import Any

from communicate.web.slices import Slice, oldest_first, start_for
from communicate_messages.content import LAST, Conversation, Part

LEAD = 3  # lines that were read, shown before the first that was not


class Window:
    """The lines of *tree* above the id *floor* up to *last*; reading them costs what is read."""

    def __init__(self, tree: Any, floor: int, last: int = LAST) -> None:
        self.tree, self.floor, self.last = tree, floor, last

    def __getitem__(self, number: int) -> Any:
        return self.tree[number]

    def items(self, low: int | None = None, excludemin: bool = False) -> Iterator[tuple[int, Any]]:
        """Yield ids and lines from *low* on, or from above it."""
        if low is None or low <= self.floor:
            low, excludemin = self.floor, True
        return iter(self.tree.items(low, self.last, excludemin=excludemin))

    def minKey(self) -> int:  # as a BTree has it
        """Return the id of the first line; raise ValueError without one."""
        found: int = self.tree.minKey(self.floor + 1)
        if found > self.last:
            raise ValueError("nothing is there yet")
        return found

    def maxKey(self, high: int | None = None) -> int:  # as a BTree has it
        """Return the id of the last line up to *high*; raise ValueError without one."""
        found: int = self.tree.maxKey(self.last if high is None else min(high, self.last))
        if found <= self.floor:
            raise ValueError("nothing is left below")
        return found


def window_of(conversation: Conversation, part: Part) -> Window:
    """Return what whoever has *part* in *conversation* reads: since joining, and what lasts."""
    floor = max(part.since, conversation.ended())
    return Window(conversation.lines, floor, conversation.last_for(part))


def page_of(window: Window, size: int, after: int | None, before: int | None) -> Slice:
    """Return a page of *size* lines, the oldest first; one at the end has nothing after it."""
    page = oldest_first(window, size, after, before)
    at_end = not page.items or page.items[-1][0] >= window.maxKey()
    return Slice(page.items, page.back, None) if at_end else page


def opening(window: Window, part: Part, size: int) -> Slice:
    """Return the page that opens: the one with the first new message, else the last one."""
    if part.unread():
        first = next((number for number, _line in window.items(part.seen, True)), None)
        if first is not None:
            page = page_of(window, size, start_for(window, first, LEAD), None)
            if page.forth is not None:
                return page
    return page_of(window, size, None, LAST)
