"""What an article says, as its author wrote it and as it is shown, and how both are kept.

Each is one text under one seal: a page opens one seal, whatever an article holds.
"""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

from communicate.web.slugs import slug

KIND = "articles.words"  # of what is sealed, as written
SHOWN = "articles.page"  # of what is sealed, as shown


@dataclass(frozen=True)
class Written:
    """What an author has written; *tags* are as typed, *cover* is the id of an attachment."""

    title: str
    text: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    cover: int = 0
    cover_text: str = ""  # what the picture shows, for who cannot see it

    def dump(self) -> str:
        """Return it as text to be sealed."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> "Written":
        """Return what `dump` has written."""
        held: dict[str, Any] = json.loads(text)
        return cls(**{**held, "tags": tuple(held.get("tags", ()))})


@dataclass(frozen=True)
class Page:
    """What is shown: clean HTML, its headings, and what lists and feeds tell of it."""

    title: str
    html: str
    summary: str  # the author's, or cut from the words
    own_summary: bool = False  # whether the author wrote it
    minutes: int = 1  # it takes to read
    contents: list[tuple[int, str, str]] = field(default_factory=list)  # level, anchor, title
    tags: list[str] = field(default_factory=list)
    cover_text: str = ""

    def dump(self) -> str:
        """Return it as text to be sealed: a line of JSON, and the HTML as it is.

        The HTML is most of it: lists, which show the rest, need not take it apart.
        """
        told = {name: value for name, value in vars(self).items() if name != "html"}
        return f"{json.dumps(told, ensure_ascii=False, separators=(',', ':'))}\n{self.html}"

    @classmethod
    def load(cls, text: str) -> "Page":
        """Return what `dump` has written."""
        told, _line, html = text.partition("\n")
        held: dict[str, Any] = json.loads(told)
        contents = [(level, anchor, title) for level, anchor, title in held.pop("contents")]
        return cls(**held, html=html, contents=contents)


class Heading(NamedTuple):
    """The title of what is shown, and the words of it that its address ends with."""

    title: str
    words: str

    @classmethod
    def of(cls, title: str) -> "Heading":
        """Return that of what is called *title*."""
        return cls(title, slug(title))


def heading_in(text: str) -> Heading:
    """Return the heading of the page that `Page.dump` has written as *text*."""
    told: dict[str, Any] = json.loads(text.partition("\n")[0])
    return Heading.of(told["title"])
