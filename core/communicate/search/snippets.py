"""Cut from a text the piece in which the words looked for stand, and mark them."""

import re
from collections.abc import Callable, Iterator
from string import ascii_lowercase

from markupsafe import Markup, escape

from communicate.catalog.text import Query, fold, words
from communicate.web.plain import on_one_line
from communicate.web.skeletons import as_is

MARK = "\ue000"  # of Unicode's private use area, around what is marked
LENGTH = 240  # characters of a piece
LEAD = 60  # of them before the first word that was looked for
Find = Callable[[str], Iterator[re.Match[str]]]
Apart = Callable[[str], list[str]]  # in turn what stands between words that are found, and these
_RUN = re.compile(r"[^\W_]+")
LATIN = [chr(code) for code in range(0xC0, 0x180)]


def _variants() -> dict[str, str]:
    """Return for each letter of a to z those that fold to it."""
    found = {letter: letter + letter.upper() for letter in ascii_lowercase}
    for letter in LATIN:
        folded = fold(letter)
        if folded in found:
            found[folded] += letter
    return found


VARIANTS = _variants()
# What folds to a letter of its own, letter by letter: a pattern finds words in it as they are.
_PLAIN = re.compile(
    "[\x00-\x7f\xa0\xab\xbb\u2010-\u2027\u202f"
    + "".join(letter for letter in LATIN if len(fold(letter)) == 1 and fold(letter).isascii())
    + "]*"
)


def pattern_of(asked: Query) -> re.Pattern[str] | None:
    """Return what finds the words of *asked* in plain text, None where none are, or not plain.

    It has one group, the word: what splits a text by it keeps the words.
    """
    terms = [*asked.words, *([asked.prefix] if asked.prefix is not None else [])]
    if not terms or not all(term.isascii() for term in terms):
        return None
    words = [[VARIANTS.get(letter, letter) for letter in term] for term in terms]
    rest = [f"(?<=[{word[0]}])" + "".join(f"[{one}]" for one in word[1:]) for word in words]
    if asked.prefix is not None:
        rest[-1] += "[^\\W_]*"
    # It begins with a set of letters: all others are passed by at once.
    first = "".join(dict.fromkeys(word[0] for word in words))
    return re.compile(rf"([{first}](?<![^\W_].)(?:{'|'.join(rest)})(?![^\W_]))")


class Marker:
    """Marks the words of one query; what it has learned about a word it keeps."""

    def __init__(self, asked: Query) -> None:
        self.asked = asked
        self._pattern = pattern_of(asked)
        self._known: dict[str, bool] = {}

    def snippet(self, text: str) -> Markup:
        """Return a piece of *text* around the first word that was looked for, or its beginning."""
        text, find, apart = self._ways(on_one_line(text))
        first = next(find(text), None)
        # A piece begins where a word does, so that the same words are found in it.
        start = 0 if first is None else _word_start(text, first.start())
        stop = _word_end(text, start + LENGTH)
        piece = _marked(text[start:stop], apart)
        before, after = "… " if start else "", " …" if stop < len(text) else ""
        return as_is(f"{before}{piece}{after}")  # the piece is escaped

    def mark(self, text: str) -> Markup:
        """Return all of *text*, escaped, with the words that were looked for marked."""
        text, _find, apart = self._ways(text)
        return _marked(text, apart)

    def _ways(self, text: str) -> tuple[str, Find, Apart]:
        """Return *text* without the sign that stands for marks, and what finds words in it."""
        if text.isascii() or _PLAIN.fullmatch(text):
            if self._pattern is not None:
                return text, self._pattern.finditer, self._pattern.split
        else:
            text = text.replace(MARK, "")
        return text, self._looked_up, self._taken_apart

    def _looked_up(self, text: str) -> Iterator[re.Match[str]]:
        known = self._known
        for match in _RUN.finditer(text):
            run = match[0]
            found = known.get(run)
            if found is None:
                found = known[run] = any(map(self._is_one, words(run)))
            if found:
                yield match

    def _taken_apart(self, text: str) -> list[str]:
        parts: list[str] = []
        done = 0
        for match in self._looked_up(text):
            parts += (text[done : match.start()], match[0])
            done = match.end()
        return [*parts, text[done:]]

    def _is_one(self, word: str) -> bool:
        prefix = self.asked.prefix
        return word in self.asked.words or (prefix is not None and word.startswith(prefix))


def _marked(text: str, apart: Apart) -> Markup:
    """Return *text*, escaped, with every other part that *apart* makes of it marked."""
    parts = apart(text)
    if len(parts) == 1:
        return escape(text)
    # Escaped once, not part by part: a page has dozens of them.
    parts = str(escape(MARK.join(parts))).split(MARK)
    parts[1::2] = [f"<mark>{word}</mark>" for word in parts[1::2]]
    return as_is("".join(parts))


def _word_start(text: str, at: int) -> int:
    """Return the place of the first word that begins LEAD characters before *at* or later."""
    return 0 if at <= LEAD else text.find(" ", at - LEAD, at) + 1 or at


def _word_end(text: str, at: int) -> int:
    """Return the end of the last word that ends at *at* or before it, of a long word itself."""
    if at >= len(text):
        return len(text)
    found = text.rfind(" ", at - LEAD, at)
    return at if found < 0 else found
