"""Messages put into threads by what they refer to (``THREAD=REFERENCES``, RFC 5256, section 3).

Messages only know who is above them; who is below is told at the end.  Nothing calls itself, and
looking for loops has an end, whatever anybody claims to answer.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from communicate_email.imap.subjects import Subject

STEPS = 1_000_000  # from a message to the one above it, when loops are looked for


class Letter(NamedTuple):
    """A message that is put into a thread; *date* in milliseconds."""

    number: int
    id: str  # its Message-ID, empty where it has none
    references: Sequence[str]  # the nearest last
    date: int
    subject: Subject


class Node:
    """A place in a thread: of a message, or of one that is not there (*letter* is None)."""

    __slots__ = ("above", "below", "key", "letter", "top")

    def __init__(self, letter: Letter | None = None) -> None:
        self.letter = letter
        self.above: Node | None = None
        self.below: list[Node] = []
        self.top: Node | None = None  # what `_anchor` has found
        self.key = (0, 0) if letter is None else (letter.date, letter.number)


def threads(letters: Iterable[Letter]) -> list[Node]:
    """Return the top of each thread that *letters* make, given in the order of the mailbox."""
    nodes = _linked(letters)
    tops = _by_subject(sorted(_grown(nodes), key=_first))
    for node in (*nodes, *tops):
        node.below.sort(key=_first)
    return sorted(tops, key=_first)


def written(tops: Iterable[Node]) -> bytes:
    """Return threads as they are told: ``(2)(3 6 (4 23)(44 7 96))``."""
    said: list[str] = []
    left: list[Node | str] = [*reversed([*tops])]
    while left:
        node = left.pop()
        if isinstance(node, str):
            said.append(node)
            continue
        said.append("(")
        left.append(")")
        numbers = []
        while True:
            if node.letter is not None:
                numbers.append(str(node.letter.number))
            if len(node.below) != 1:
                break
            node = node.below[0]
        said.append(" ".join([*numbers, ""]) if numbers and node.below else " ".join(numbers))
        left += node.below[::-1]
    return "".join(said).encode()


def _linked(letters: Iterable[Letter]) -> list[Node]:
    """Return *letters* and all that they refer to, each below what it answers (step 1)."""
    named: dict[str, Node] = {}
    nodes: list[Node] = []
    known = _Links()
    for letter in letters:
        node = named.get(letter.id) if letter.id else None
        if node is None or node.letter is not None:
            same, node = node, Node()
            nodes.append(node)
            if letter.id and same is None:
                named[letter.id] = node
        node.letter, node.key = letter, (letter.date, letter.number)
        last = None
        for reference in letter.references:
            here = named.get(reference)
            if here is None:
                here = named[reference] = Node()
                nodes.append(here)
            if last is not None and here.above is None:
                known.link(here, last)
            last = here
        known.unlink(node)
        if last is not None:
            known.link(node, last)
    return nodes


class _Links:
    """Who is above whom, without a loop."""

    def __init__(self) -> None:
        self._steps = STEPS
        self._leads: dict[Node, int] = {}  # how many are right below

    def link(self, node: Node, above: Node) -> None:
        """Have *node*, which is below nobody, below *above*, unless that would be a loop."""
        if node is above or (self._leads.get(node) and self._is_over(node, above)):
            return
        node.above = above
        self._leads[above] = self._leads.get(above, 0) + 1

    def unlink(self, node: Node) -> None:
        """Have *node* below nobody."""
        if node.above is not None:
            self._leads[node.above] -= 1
            node.above = None

    def _is_over(self, node: Node, other: Node) -> bool:
        """Tell whether *node* is above *other*; as if it were where that is too far to look."""
        at: Node | None = other
        while at is not None and at is not node and self._steps:
            self._steps -= 1
            at = at.above
        return at is not None


def _grown(nodes: Iterable[Node]) -> list[Node]:
    """Return the tops of the trees, without those that are not there (steps 2 and 3).

    One that is not there stays on top of several that all answer it.
    """
    tops: list[Node] = []
    for node in nodes:
        if node.letter is None:
            if node.above is None:
                tops.append(node)
            continue
        above = _anchor(node)
        if above is None:
            tops.append(node)
        else:
            above.below.append(node)
    found = []
    for top in tops:
        if top.letter is None and len(top.below) < 2:
            found += top.below
        else:
            found.append(top)
    return found


def _anchor(node: Node) -> Node | None:
    """Return the nearest above *node* that is there, or else the uppermost; None: nobody is."""
    passed: list[Node] = []
    at = node.above
    while at is not None and at.letter is None and at.above is not None:
        if at.top is not None:
            at = at.top
            break
        passed.append(at)
        at = at.above
    for each in passed:
        each.top = at
    return at


def _first(node: Node) -> tuple[int, int]:
    """Return by what *node* is sorted: its date, or the earliest right below it."""
    return node.key if node.letter is not None else min(one.key for one in node.below)


def _subject(node: Node) -> Subject:
    letter = node.letter or min(node.below, key=_first).letter
    return letter.subject if letter is not None else Subject()


def _by_subject(tops: Sequence[Node]) -> list[Node]:
    """Return the tops where threads about the same thing are one (step 5)."""
    table: dict[str, Node] = {}
    subjects = [_subject(node) for node in tops]
    for node, subject in zip(tops, subjects, strict=True):
        held = table.get(subject.base)
        if held is None or (held.letter is not None and _leads(node, held, subject)):
            table[subject.base] = node
    found: dict[Node, None] = dict.fromkeys(tops)
    for node, subject in zip(tops, subjects, strict=True):
        held = table[subject.base]
        if not subject.base or held is node or node not in found:
            continue
        del found[node]
        if held.letter is None:
            held.below += node.below if node.letter is None else [node]
        elif subject.is_reply and not held.letter.subject.is_reply:
            held.below.append(node)
        else:
            both = table[subject.base] = Node()
            both.below = [held, node]
            del found[held]
            found[both] = None
    return list(found)


def _leads(node: Node, held: Node, subject: Subject) -> bool:
    """Tell whether *node* is to hold the others about its subject rather than *held*."""
    if node.letter is None:
        return True
    was = held.letter
    return was is not None and was.subject.is_reply and not subject.is_reply
