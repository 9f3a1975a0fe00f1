"""What the catalog is told of articles: those that are out, and not hidden."""

from collections.abc import Iterator
from typing import Any

from communicate.catalog import Entry, entry_for
from communicate.declarations import Found
from communicate.interfaces import ICatalog
from communicate.web.longtext import plain_text
from communicate.writing.references import without
from communicate_articles.content import NAME, Article
from communicate_articles.interfaces import IArticles
from communicate_articles.tags import folded, labels_of

ARTICLE = "articles.article"


def entry_of(request: Any, article: Article) -> Entry | None:
    """Return the entry of *article*, or None where it is not to be found."""
    if not article.is_out or article.hidden:
        return None
    page = request.find_service(IArticles).page(article)
    if page is None:
        return None
    words = "\n".join((page.title, page.summary, *page.tags, plain_text(without(page.html))))
    labels = labels_of(map(folded, page.tags), article.language)
    return entry_for(
        article, ARTICLE, title=page.title, words=words, time=article.published, labels=labels
    )


def walk(request: Any) -> Iterator[Article]:
    """Yield every article of the site."""
    articles = request.site.get(NAME)
    find = request.find_service(IArticles).find
    for number in articles.owners if articles is not None else ():
        found = find(number)
        if found is not None:
            yield found


def settle(request: Any, article: Article) -> None:
    """Put the entry of *article* into the catalog, or take it out, as its state says."""
    catalog, entry = request.find_service(ICatalog), entry_of(request, article)
    if entry is None:
        catalog.remove(article.id)
    else:
        catalog.put(entry)


def found(request: Any, article: Article) -> Found | None:
    """Return how *article* looks where it is found."""
    service = request.find_service(IArticles)
    page = service.page(article)
    if page is None or not article.is_out:
        return None
    path = service.path_for(article, page.title)
    return Found(page.title, path, lambda: plain_text(without(page.html)), by=article.owner)


def address(request: Any, article: Article) -> str | None:
    """Return the address of the page of *article*, for the sitemap."""
    path: str = request.find_service(IArticles).path(article)
    return path
