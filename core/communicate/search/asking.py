"""What somebody asks for: the query of the address, read and checked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from pyramid.i18n import TranslationStringFactory

from communicate.catalog.entries import Cursor
from communicate.catalog.text import query
from communicate.ids import RANDOM_BITS, decode, encode

_ = TranslationStringFactory("communicate")

LONGEST = 200  # characters of words
MOST_AUTHORS = 10
OLDEST, LATEST = date(1970, 1, 1), date(2100, 1, 1)


@dataclass
class Asked:
    """One question; *problems* says by field what cannot be used, in sentences."""

    words: str = ""
    kinds: tuple[str, ...] = ()
    author: str = ""
    since: str = ""
    until: str = ""
    before: int | None = None
    after: int | None = None
    problems: dict[str, Any] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked at all."""
        return not self.words.strip()

    @property
    def has_words(self) -> bool:
        """Whether there is a word to look for: marks alone are none."""
        return bool(query(self.words))

    @property
    def authors(self) -> list[str]:
        """The logins of the authors asked for."""
        return [login for login in re.split(r"[\s,;]+", self.author) if login]

    @property
    def narrows(self) -> bool:
        """Whether anything but words is asked for."""
        return bool(self.kinds or self.author or self.since or self.until)

    def address(self, **more: str) -> str:
        """Return the address of this question; *more* names the page, and may leave out a term."""
        terms: dict[str, Any] = {
            "q": self.words,
            "kind": self.kinds,
            "author": self.author,
            "since": self.since,
            "until": self.until,
        }
        given = {name: value for name, value in {**terms, **more}.items() if value}
        return "/search?" + urlencode(given, doseq=True)


def read(given: Any, kinds: Mapping[str, Any]) -> Asked:
    """Return what the query *given* asks, of the *kinds* that there are; nothing raises."""
    asked = Asked(words=_one(given, "q"), author=_one(given, "author").strip())
    asked.kinds = tuple(name for name in kinds if name in given.getall("kind"))
    if any(name not in kinds for name in given.getall("kind")):
        asked.problems["kind"] = _("There is no such kind of thing here.")
    if len(asked.words) > LONGEST:
        asked.words = asked.words[:LONGEST]
        asked.problems["q"] = _("Ask with at most ${n} characters.", mapping={"n": LONGEST})
    if len(asked.authors) > MOST_AUTHORS or len(asked.author) > LONGEST:
        asked.author = ""
        asked.problems["author"] = _("Write ${n} logins at most.", mapping={"n": MOST_AUTHORS})
    _read_days(asked, given)
    _read_page(asked, given)
    return asked


def _one(given: Any, name: str) -> str:
    values = given.getall(name)
    return str(values[-1]) if values else ""


def _read_days(asked: Asked, given: Any) -> None:
    for name in ("since", "until"):
        text = _one(given, name).strip()
        if text and day(text) is None:
            asked.problems[name] = _("Write a day as in 2026-01-31.")
        else:
            setattr(asked, name, text)
    if asked.since and asked.until and asked.since > asked.until:
        asked.problems["until"] = _("The last day comes before the first.")


def _read_page(asked: Asked, given: Any) -> None:
    for name in ("before", "after"):
        text = _one(given, name)
        if not text:
            continue
        try:
            setattr(asked, name, decode(text))
        except ValueError:
            asked.problems[name] = _("This page of results has a damaged address.")


def day(text: str) -> date | None:
    """Return the day that *text* names, or None where it names none that could hold anything."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if len(text) == 10 and OLDEST <= found <= LATEST else None


def first_moment(text: str, zone: Any = UTC) -> int:
    """Return the first millisecond of the day *text* in *zone*."""
    return _midnight(date.fromisoformat(text), zone)


def last_moment(text: str, zone: Any = UTC) -> int:
    """Return the last millisecond of the day *text* in *zone*."""
    return _midnight(date.fromisoformat(text) + timedelta(days=1), zone) - 1


def _midnight(when: date, zone: Any) -> int:
    return max(0, int(datetime.combine(when, time(), zone).timestamp() * 1000))


def cursor(number: int) -> Cursor:
    """Return the place of the id *number* among what is found: ids tell the time."""
    return (number >> RANDOM_BITS, number)


def named(number: int | None) -> str:
    """Return how an address names the place of the id *number*."""
    return "" if number is None else encode(number)
