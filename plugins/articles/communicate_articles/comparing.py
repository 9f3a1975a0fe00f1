"""What is different between two texts: lines, and within changed lines, words."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

MOST_LINES, MOST_WORDS = 4_000, 2_000  # that are compared with each other
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
    for kind, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            yield from _same(new[k:m], first=k == 0, last=m == len(new))
        else:
            yield from _words("".join(old[i:j]), "".join(new[k:m]))


def _same(lines: list[str], *, first: bool, last: bool) -> Iterator[Piece]:
    """Yield unchanged lines; a long run of them is skipped but for what is around changes."""
    head, tail = (0 if first else AROUND), (0 if last else AROUND)
    if len(lines) <= head + tail + 1:
        yield Piece("same", "".join(lines))
        return
    yield Piece("same", "".join(lines[:head]))
    yield Piece("skipped", "")
    yield Piece("same", "".join(lines[len(lines) - tail :]))


def _words(old: str, new: str) -> Iterator[Piece]:
    olds, news = _WORD.findall(old), _WORD.findall(new)
    if not olds or not news or len(olds) > MOST_WORDS or len(news) > MOST_WORDS:
        yield from _replaced(old, new)
        return
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
