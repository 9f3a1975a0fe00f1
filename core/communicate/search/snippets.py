"""Cut from a text the piece in which the words looked for stand, and mark them."""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from communicate.catalog.text import Query, fold, words
from communicate.web.plain import on_one_line

OPENS, CLOSES = "\ue000", "\ue001"  # of Unicode's private use area, around what is marked
LENGTH = 240  # characters of a piece
LEAD = 60  # of them before the first word that was looked for
_RUN = re.compile(r"[^\W_]+")
LATIN = [chr(code) for code in range(0xC0, 0x180)]


def _variants() -> dict[str, str]:
    """Return for each letter of a to z a class of those that fold to it."""
    found = {chr(code): chr(code) for code in range(ord("a"), ord("z") + 1)}
    for letter in LATIN:
        folded = fold(letter)
        if folded in found:
            found[folded] += letter
    return {letter: f"[{letters}]" for letter, letters in found.items()}


VARIANTS = _variants()
# What folds to a letter of its own, letter by letter: a pattern finds words in it as they are.
_PLAIN = re.compile(
    "[\x00-\x7f\xa0\xab\xbb\u2010-\u2027\u202f"
    + "".join(letter for letter in LATIN if len(fold(letter)) == 1 and fold(letter).isascii())
    + "]*"
)


def pattern_of(asked: Query) -> re.Pattern[str] | None:
    """Return what finds the words of *asked* in plain text, None where they are not plain."""
    terms = [*asked.words, *([asked.prefix] if asked.prefix is not None else [])]
    if not all(term.isascii() for term in terms):
        return None
    words = ["".join(VARIANTS.get(letter, letter) for letter in term) for term in terms]
    if asked.prefix is not None:
        words[-1] += "[^\\W_]*"
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])", re.IGNORECASE)


class Marker:
    """Marks the words of one query; what it has learned about a word it keeps."""

    def __init__(self, asked: Query) -> None:
        self.asked = asked
        self._pattern = pattern_of(asked)
        self._known: dict[str, bool] = {}

    def snippet(self, text: str) -> Markup:
        """Return a piece of *text* around the first word that was looked for, or its beginning."""
        text = on_one_line(text)
        first = next(self._matches(text, 0), None)
        start = 0 if first is None else _word_start(text, first.start())
        stop = _word_end(text, start + LENGTH)
        piece = self.mark(text[start:stop])
        before, after = "… " if start else "", " …" if stop < len(text) else ""
        return Markup(f"{before}{piece}{after}")  # noqa: S704  # the piece is escaped

    def mark(self, text: str) -> Markup:
        """Return all of *text*, escaped, with the words that were looked for marked."""
        text = text.replace(OPENS, "").replace(CLOSES, "")
        parts: list[str] = []
        done = 0
        for match in self._matches(text, 0):
            parts += (text[done : match.start()], OPENS, match[0], CLOSES)
            done = match.end()
        # Escaped once, not part by part: a page has dozens of them.
        html = str(escape("".join([*parts, text[done:]])))
        return Markup(html.replace(OPENS, "<mark>").replace(CLOSES, "</mark>"))  # noqa: S704

    def _matches(self, text: str, start: int) -> Iterator[re.Match[str]]:
        if self._pattern is not None and _PLAIN.fullmatch(text):
            yield from self._pattern.finditer(text, start)
            return
        known = self._known
        for match in _RUN.finditer(text, start):
            run = match[0]
            found = known.get(run)
            if found is None:
                found = known[run] = any(map(self._is_one, words(run)))
            if found:
                yield match

    def _is_one(self, word: str) -> bool:
        prefix = self.asked.prefix
        return word in self.asked.words or (prefix is not None and word.startswith(prefix))


def _word_start(text: str, at: int) -> int:
    """Return the place of the first word that begins LEAD characters before *at* or later."""
    return 0 if at <= LEAD else text.find(" ", at - LEAD, at) + 1 or at


def _word_end(text: str, at: int) -> int:
    """Return the end of the last word that ends at *at* or before it, of a long word itself."""
    if at >= len(text):
        return len(text)
    found = text.rfind(" ", at - LEAD, at)
    return at if found < 0 else found
