"""A few other articles for who has read one: of the same tags, author, language, in this order."""

from typing import Any

from communicate.catalog import Hit
from communicate.catalog.entries import Terms
from communicate.catalog.memory import remembered
from communicate.interfaces import ICatalog
from communicate_articles import tags
from communicate_articles.content import Article
from communicate_articles.indexing import ARTICLE
from communicate_articles.interfaces import IArticles
from communicate_articles.words import Page

MOST = 4
TRIED = 3  # tags

Row = tuple[str, str, int | None]  # path, title, uid of the author


def related(request: Any, article: Article, page: Page) -> list[Row]:
    """Return articles beside *article* that the viewer may read, MOST at most."""
    hits = remembered(
        request, ("articles.related", article.id), lambda: found(request, article, page)
    )
    service = request.find_service(IArticles)
    rows = []
    for _hit, other in request.find_service(ICatalog).load(hits):
        heading = service.heading(other)
        if heading is not None:
            rows.append((service.path_under(other, heading), heading.title, other.owner))
    return rows


def found(request: Any, article: Article, page: Page) -> list[Hit]:
    """Return the newest of each kind, each once, neither *article* nor its translations."""
    catalog = request.find_service(ICatalog)
    left_out = {article.id, *article.translations}
    hits: dict[int, Hit] = {}
    with catalog.together():
        for terms in questions(article, page):
            asked: Terms = {"kinds": (ARTICLE,), "limit": MOST + len(left_out), **terms}
            for hit in catalog.newest(request.viewer, **asked):
                if hit.id not in left_out:
                    hits.setdefault(hit.id, hit)
            if len(hits) >= MOST:
                break
    return list(hits.values())[:MOST]


def questions(article: Article, page: Page) -> list[Terms]:
    """Return what is asked of the catalog, the nearest first."""
    names = [tags.folded(tag) for tag in page.tags[:TRIED]]
    asked: list[Terms] = []
    if len(names) > 1:
        asked.append({"labels": tags.labels_of(names, "")})
    asked += [{"labels": tags.labels_of([name], "")} for name in names]
    if article.owner is not None:
        asked.append({"author": article.owner})
    if article.language:
        asked.append({"labels": tags.labels_of([], article.language)})
    return asked
