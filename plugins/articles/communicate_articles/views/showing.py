"""An article as a template shows it: to its readers, and to its author before that."""

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from communicate.web.i18n import PluralFactory
from communicate_articles import tags
from communicate_articles.languages import attributes
from communicate_articles.words import Page, Written

_n = PluralFactory("communicate_articles")
MINUTES = _n("${n} min to read", "${n} min to read")
LISTED = 3  # headings from which on they are listed


@dataclass(frozen=True)
class Shown:
    """What is shown of one article; *attributes* say in which language it is."""

    title: str
    lead: str  # the author's own summary; empty without one
    html: Any
    minutes: str
    contents: list[tuple[int, str, str]]
    tags: list[tuple[str, str]]  # folded, and as typed
    attributes: dict[str, str]
    cover: Any = None  # a `pictures.Cover`, or None


def shown(request: Any, page: Page, written: Written) -> Shown:
    """Return how *page*, made of *written*, is shown."""
    return of_page(request, page, written.language)


def of_page(request: Any, page: Page, language: str) -> Shown:
    """Return how *page*, whose words are in *language*, is shown."""
    return Shown(
        title=page.title,
        lead=page.summary if page.own_summary else "",
        html=Markup(page.html),  # noqa: S704  # cleaned when it was made
        minutes=request.page.plural(MINUTES, page.minutes),
        contents=page.contents if len(page.contents) >= LISTED else [],
        tags=[(tags.folded(tag), tag) for tag in page.tags],
        attributes=attributes(language),
    )
