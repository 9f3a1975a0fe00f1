"""How the page of a public article presents itself to search engines and other sites."""

from dataclasses import dataclass
from typing import Any

from communicate.clock import moment
from communicate.web.indexing import open_page
from communicate.web.sitemap import base
from communicate_articles.content import Article
from communicate_articles.pictures import cover_of
from communicate_articles.words import Page

LONGEST = 200  # characters of a description


@dataclass(frozen=True, slots=True)
class Shared:
    """The address that is a page's own, and what other sites may show of it.

    *others* are language and address of each translation, with the page itself, where strangers
    may read one.
    """

    url: str
    title: str
    description: str
    image: str
    published: str
    changed: str
    tags: list[str]
    others: list[tuple[str, str]]


def shared(
    request: Any, article: Article, page: Page, path: str, others: list[tuple[str, str, str]]
) -> Shared | None:
    """Return how *article* is shared, to a stranger who may read it, else None.

    Search engines may keep its page, but not the same words with other comments below them.
    """
    if not open_page(request, article):
        return None
    if request.GET:
        request.page.indexed = False
    site = base(request)
    here = f"{site}{path}"
    known = [(tag, f"{site}{address}") for address, tag, _word in others if tag]
    if known and article.language:
        known.insert(0, (article.language, here))
    cover = cover_of(request, article, article.cover, "")
    return Shared(
        url=here,
        title=page.title,
        description=page.summary[:LONGEST],
        image=f"{site}{cover.path}" if cover else "",
        published=moment(article.published).isoformat(timespec="seconds"),
        changed=moment(article.changed or article.published).isoformat(timespec="seconds"),
        tags=list(page.tags),
        others=known,
    )
