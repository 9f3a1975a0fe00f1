"""Write a member's articles as Markdown files with front matter."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from communicate.clock import moment
from communicate.web.slugs import slug
from communicate_articles.content import Article
from communicate_articles.exporting import own_articles
from communicate_articles.folders.importing import key_of
from communicate_articles.folders.parsing import Parsed, as_moment, day_of, text_of
from communicate_articles.folders.pictures import data_of, named_by_paths, placed
from communicate_articles.interfaces import IArticles


def parsed_of(request: Any, article: Article) -> Parsed | None:
    """Return what the file of *article* says: what is out, else the draft; or None."""
    service = request.find_service(IArticles)
    written = service.written(article) or service.draft(article)
    if written is None:
        return None
    due = None if article.published else as_moment(article.due)
    others = [service.find(number) for number in article.translations]
    return Parsed(
        key=key_of(request, article),
        written=written,
        published=as_moment(article.published) or due,
        audience=article.audience.level if article.audience is not None else "private",
        translations=sorted(key_of(request, one) for one in others if one is not None),
    )


def files_of(request: Any, uid: int) -> Iterator[tuple[str, Article, Parsed]]:
    """Yield name, article and contents of each file of member *uid*, in a lasting order.

    Names come of days and titles; of two that are alike the later one gets a number.
    """
    articles = sorted(own_articles(request, uid), key=lambda one: (order(one), one.id))
    taken: set[str] = set()
    for article in articles:
        parsed = parsed_of(request, article)
        if parsed is not None:
            name = free(name_of(parsed), taken)
            taken.add(name)
            yield name, article, parsed


def order(article: Article) -> datetime:
    """Return the moment by which an article comes in order."""
    return moment(article.published or article.due or 0)


def name_of(parsed: Parsed) -> str:
    """Return how the file of *parsed* would be called."""
    return f"{day_of(parsed.published)}{slug(parsed.written.title) or 'article'}"


def free(name: str, taken: set[str]) -> str:
    """Return *name*, or with a number what is not *taken*."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}-{number}"
    return found


def rendered(request: Any, uid: int) -> Iterator[tuple[str, bytes]]:
    """Yield path and bytes of each file: those of articles, and of the pictures in them."""
    for name, article, parsed in files_of(request, uid):
        yield f"{name}.md", text_of(named_by_paths(request, article, parsed, name)).encode()
        for _number, path, attachment in placed(request, article, name):
            yield path, data_of(request, attachment)
