"""Plain text of a message as HTML: paragraphs, quotations, links."""

import re
from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup, escape

from communicate_email.unseen import straight

DEEPEST = 6  # quotations within each other; deeper ones stand at that depth
LONGEST = 400_000  # characters that a page shows
_BETWEEN = r"\s<>\"\u00ab\u00bb\u201c\u201d\u061c\u200b-\u200f\u2066-\u2069\ufeff"
_LINK = re.compile(rf"\bhttps?://[^{_BETWEEN}]+[^{_BETWEEN}.,;:!?)\]}}'’]")
_QUOTED = re.compile(r"^((?:>[ \t]?)+)")


def prose(text: str) -> Markup:
    """Return *text* as HTML; what is cut off is told by `is_cut`."""
    lines = [_depth(line) for line in straight(text[:LONGEST]).splitlines()]
    return Markup("").join(_blocks(lines, 0))


def is_cut(text: str) -> bool:
    """Tell whether `prose` shows only the begin of *text*."""
    return len(text) > LONGEST


def _depth(line: str) -> tuple[int, str]:
    """Return how often *line* is quoted, and what it says."""
    match = _QUOTED.match(line)
    if match is None:
        return 0, line
    return min(match[1].count(">"), DEEPEST), line[match.end() :]


def _blocks(lines: list[tuple[int, str]], depth: int) -> Iterator[Markup]:
    for quoted, group in groupby(lines, lambda line: line[0] > depth):
        if quoted:
            inner = Markup("").join(_blocks(list(group), depth + 1))
            yield Markup("<blockquote>{}</blockquote>").format(inner)
        else:
            yield from _paragraphs([said for _depth, said in group])


def _paragraphs(lines: list[str]) -> Iterator[Markup]:
    for is_blank, group in groupby(lines, lambda line: not line.strip()):
        if not is_blank:
            said = Markup("<br>").join(linked(line.rstrip()) for line in group)
            yield Markup('<p dir="auto">{}</p>').format(said)


def linked(line: str) -> Markup:
    """Return *line* escaped, its addresses of pages as links."""
    made, at = Markup(""), 0
    for match in _LINK.finditer(line):
        link = Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>')
        made += escape(line[at : match.start()]) + link.format(match[0])
        at = match.end()
    return made + escape(line[at:])
