"""A sealed list in the tree; the path and the name of each class are an on-disk contract."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any

from BTrees.IOBTree import IOBTree
from BTrees.Length import Length
from persistent import Persistent

from communicate.sealing.content import Sealed

MOST = 256  # places in one page
Place = tuple[str, int]  # the words that sort, and an id


class Page(Persistent):
    """Some places in order, sealed together."""

    def __init__(self, sealed: Sealed) -> None:
        self.sealed = sealed


class SealedPages(Persistent):
    """Ids in the order of words, all of it sealed under the key of *uid* as *kind*.

    A *spine*, sealed too, says with which place each page begins: it changes when a page is split
    or emptied, so that additions to two pages do not conflict.  Where the key is gone, asking
    raises `communicate.sealing.Destroyed`.
    """

    def __init__(self, uid: int, kind: str) -> None:
        self.uid = uid
        self.kind = kind
        self.spine: Sealed | None = None
        self.pages = IOBTree()
        self.count = Length()

    def __len__(self) -> int:
        return int(self.count())

    def __bool__(self) -> bool:
        return True

    # Changing

    def add(self, seals: Any, words: str, number: int) -> None:
        """Put *number* at the place of *words*; nothing changes where it is there already."""
        spine, place = self._spine(seals), (words, number)
        at = self._page_for(spine, place)
        places = self._places(seals, spine[at][1])
        where = bisect_left(places, place)
        if where < len(places) and places[where] == place:
            return
        places.insert(where, place)
        self.count.change(1)
        if len(places) > MOST:
            self._split(seals, spine, at, places)
        else:
            self._write(seals, spine[at][1], places)

    def remove(self, seals: Any, words: str, number: int) -> bool:
        """Take *number* out of the place of *words*; tell whether it was there."""
        spine, place = self._spine(seals), (words, number)
        at = self._page_for(spine, place)
        places = self._places(seals, spine[at][1])
        where = bisect_left(places, place)
        if where == len(places) or places[where] != place:
            return False
        del places[where]
        self.count.change(-1)
        if places or len(spine) == 1:
            self._write(seals, spine[at][1], places)
        else:
            self._drop(seals, spine, at)
        return True

    # Reading

    def after(self, seals: Any, place: Place | None = None) -> Iterator[Place]:
        """Yield the places that follow *place*, or all of them, in order."""
        spine = self._spine(seals)
        start = 0 if place is None else self._page_for(spine, place)
        for _first, page in spine[start:]:
            places = self._places(seals, page)
            yield from places if place is None else places[bisect_right(places, place) :]

    def before(self, seals: Any, place: Place | None = None) -> Iterator[Place]:
        """Yield the places that precede *place*, or all of them, from the last to the first."""
        spine = self._spine(seals)
        end = len(spine) - 1 if place is None else self._page_for(spine, place)
        for _first, page in reversed(spine[: end + 1]):
            places = self._places(seals, page)
            yield from reversed(places if place is None else places[: bisect_left(places, place)])

    # Pages

    def _spine(self, seals: Any) -> list[tuple[Place, int]]:
        """Return with which place each page begins, and its number; the first begins with all."""
        if self.spine is None:
            return [(("", 0), 0)]
        found = json.loads(seals.open(self.spine))
        return [((words, number), page) for words, number, page in found]

    def _page_for(self, spine: list[tuple[Place, int]], place: Place) -> int:
        return max(bisect_right(spine, place, key=lambda one: one[0]) - 1, 0)

    def _places(self, seals: Any, page: int) -> list[Place]:
        found = self.pages.get(page)
        if found is None:
            return []
        return [(words, number) for words, number in json.loads(seals.open(found.sealed))]

    def _write(self, seals: Any, page: int, places: list[Place]) -> None:
        sealed = self._sealed(seals, places)
        if page in self.pages:
            self.pages[page].sealed = sealed
        else:
            self.pages[page] = Page(sealed)

    def _split(
        self, seals: Any, spine: list[tuple[Place, int]], at: int, places: list[Place]
    ) -> None:
        new = int(self.pages.maxKey()) + 1
        # What comes in order fills its pages; anything else halves the page that is too full.
        half = MOST if at == len(spine) - 1 else MOST // 2
        self._write(seals, spine[at][1], places[:half])
        self._write(seals, new, places[half:])
        spine.insert(at + 1, (places[half], new))
        self._write_spine(seals, spine)

    def _drop(self, seals: Any, spine: list[tuple[Place, int]], at: int) -> None:
        del self.pages[spine[at][1]]
        del spine[at]
        spine[0] = (("", 0), spine[0][1])
        self._write_spine(seals, spine)

    def _write_spine(self, seals: Any, spine: list[tuple[Place, int]]) -> None:
        self.spine = self._sealed(
            seals, [(words, number, page) for (words, number), page in spine]
        )

    def _sealed(self, seals: Any, rows: Any) -> Sealed:
        text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        found: Sealed = seals.seal(self.uid, self.kind, text)
        return found
