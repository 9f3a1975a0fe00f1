"""Fold text and cut it into words, the same way for what is stored and for what is asked.

Both engines index these words as they are: no stemming, no stop words, no syntax.  Folding is
NFKD without marks, then case folding, then the letters that Unicode does not decompose.
"""

import re
import unicodedata
from collections.abc import Set
from dataclasses import dataclass

MAX_WORD = 64  # characters; PostgreSQL refuses lexemes over 2,046 bytes
MAX_STORED = 400_000  # bytes of words of one item; PostgreSQL refuses a tsvector over 1 MiB
MOST_BYTES = 80  # of the words that a single character may fold to (U+FDFA), in UTF-8
REMEMBERED = 4096  # letters
MAX_ASKED = 16  # words of one query
MAX_SORT = 80  # characters
MIN_PREFIX = 3  # a shorter last word is looked for as it is
KIND_MARK, AUTHOR_MARK, PUBLIC_MARK = "ⓚ", "ⓐ", "ⓟ"

_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h"}
    | {"\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)


class _Bare(dict[int, int | None]):
    """A table for ``str.translate`` that drops marks; what it has looked up, it remembers."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.category(chr(code)).startswith("M") else code
        if len(self) < REMEMBERED:
            self[code] = kept
        return kept


_BARE = _Bare()
_WORD = re.compile(r"[^\W_]+")
_MARKED = re.compile(r"[A-Za-z0-9]+")


def fold(text: str) -> str:
    """Return *text* without marks and case: "Œuvre d'ÉTÉ" becomes "oeuvre d'ete"."""
    if text.isascii():
        return text.lower()
    # Case folding may yield marks again (İ), and decomposing may yield capitals (℡): both, twice.
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = lowered.translate(_BARE)
    return bare.lower() if bare.isascii() else bare.casefold().translate(_LETTERS)


def words(text: str) -> list[str]:
    """Return the folded words of *text* in their order, each at most MAX_WORD characters long."""
    return [word[:MAX_WORD] for word in _WORD.findall(fold(text))]


def stored_words(text: str) -> list[str]:
    """Return the different words of *text*, sorted: the catalog knows which, never in what order.

    What goes beyond MAX_STORED bytes of words is left out.
    """
    if len(text) < MAX_STORED // MOST_BYTES:  # they fit
        return sorted({word[:MAX_WORD] for word in _different(text)})
    room, kept = MAX_STORED, []
    for word in dict.fromkeys(words(text)):
        room -= len(word.encode()) + 1
        if room < 0:
            break
        kept.append(word)
    return sorted(kept)


def _different(text: str) -> set[str]:
    """Return the folded words of *text*; most are ASCII letters, which fold at once."""
    runs = set(text.split())
    plain = {run for run in runs if run.isascii() and run.isalnum()}
    others = _WORD.findall(fold(" ".join(runs - plain)))
    return {*map(str.lower, plain), *others}


def sort_key(title: str) -> str:
    """Return the key by which *title* sorts: its folded words, at most MAX_SORT characters."""
    return " ".join(words(title))[:MAX_SORT]


@dataclass(frozen=True)
class Query:
    """The words somebody looks for: all of them, and anything that begins with ``prefix``."""

    words: tuple[str, ...]
    prefix: str | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.prefix)

    def matches(self, stored: Set[str]) -> bool:
        """Tell whether an item whose words are *stored* is found."""
        if not self or not stored >= set(self.words):
            return False
        return self.prefix is None or any(word.startswith(self.prefix) for word in stored)


@dataclass(frozen=True)
class Marks:
    """What is stored beside the words of an item, so that one search looks for both.

    Each begins with a letter that folding takes apart, so that no text holds it.  They make a
    search quick whose terms few items meet; what the terms mean is asked of the items' rows.
    """

    kinds: tuple[str, ...] = ()
    authors: tuple[int, ...] = ()
    public: bool = False

    def required(self) -> list[list[str]]:
        """Return marks of which an item has, of each list, one at least."""
        found = [[_kind_mark(kind) for kind in self.kinds]] if self.kinds else []
        if self.authors:
            found.append([f"{AUTHOR_MARK}{author}" for author in self.authors])
        if self.public:
            found.append([PUBLIC_MARK])
        return found

    def stored(self) -> list[str]:
        """Return every mark, to be stored."""
        return [mark for marks in self.required() for mark in marks]


def _kind_mark(kind: str) -> str:
    return KIND_MARK + KIND_MARK.join(_MARKED.findall(kind))


def query(text: str) -> Query:
    """Return the query that *text* asks; a last word that is still being typed is a prefix."""
    folded = fold(text)
    asked = words(text)[:MAX_ASKED]
    if asked and folded[-1].isalnum() and len(asked[-1]) >= MIN_PREFIX:
        return Query(tuple(dict.fromkeys(asked[:-1])), asked[-1])
    return Query(tuple(dict.fromkeys(asked)))
