"""What is different between two texts: lines, and within changed lines, words."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

MOST_LINES = 4_000  # that are compared with each other
MOST_PAIRS = 4_000_000  # of words, of one comparison: half a second at worst
AROUND = 2  # unchanged lines that are shown around what is different
_WORD = re.compile(r"\s+|[^\W_]+|.", re.DOTALL)


class Piece(NamedTuple):
    """A run of text that is the "same", "added", "removed", or "skipped" as it is the same."""

    kind: str
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """Return *after* as pieces, with what was in *before* and is not any more."""
    return list(_joined(_lines(before.splitlines(True), after.splitlines(True))))


def _lines(old: list[str], new: list[str]) -> Iterator[Piece]:
    if len(old) > MOST_LINES or len(new) > MOST_LINES:
        yield from _replaced("".join(old), "".join(new))
        return
    left = MOST_PAIRS
    for kind, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield from _same(new[k:m], first=k == 0, last=m == len(new))
        else:
            olds, news = _WORD.findall("".join(old[i:j])), _WORD.findall("".join(new[k:m]))
            pairs = len(olds) * len(news)
            compares = 0 < pairs <= left
            left -= pairs if compares else 0
            yield from _words(olds, news) if compares else _replaced("".join(olds), "".join(news))


def _same(lines: list[str], *, first: bool, last: bool) -> Iterator[Piece]:
    """Yield unchanged lines; a long run of them is skipped but for what is around changes."""
    head, tail = (0 if first else AROUND), (0 if last else AROUND)
    if len(lines) <= head + tail + 1:
        yield Piece("same", "".join(lines))
        return
    yield Piece("same", "".join(lines[:head]))
    yield Piece("skipped", "")
    yield Piece("same", "".join(lines[len(lines) - tail :]))


def _words(olds: Sequence[str], news: Sequence[str]) -> Iterator[Piece]:
    for kind, i, j, k, m in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(news[k:m]))
        else:
            yield from _replaced("".join(olds[i:j]), "".join(news[k:m]))


def _replaced(old: str, new: str) -> Iterator[Piece]:
    yield Piece("removed", old)
    yield Piece("added", new)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Yield *pieces* without empty ones, neighbours of one kind as one."""
    last: Piece | None = None
    for piece in pieces:
        if not piece.text and piece.kind != "skipped":
            continue
        if last is not None and last.kind == piece.kind:
            last = Piece(last.kind, last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
