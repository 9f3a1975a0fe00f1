"""Former versions: kept for a while so that their author can look back, then destroyed."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from communicate.clock import now
from communicate.ids import RANDOM_BITS
from communicate.interfaces import IOutbox
from communicate_articles.content import NAME, Article, Version
from communicate_articles.interfaces import IArticles
from communicate_articles.services import articles_of

SWEEP = "articles.sweep"
BATCH = 100  # versions in one transaction


def forget_version(request: Any, article: Article, number: int) -> bool:
    """Destroy the version *number* of *article*; tell whether it was there."""
    articles_of(request).versions.pop(number, None)
    return article.versions.pop(number, None) is not None


def forget_versions(request: Any, article: Article) -> int:
    """Destroy every version of *article*; return how many there were."""
    return sum(forget_version(request, article, number) for number in list(article.versions))


def restore(request: Any, article: Article, version: Version) -> bool:
    """Make the words of *version* the draft of *article*; tell whether they could be read.

    What was attached to the draft that was there goes with it: it was in no version.
    """
    service = request.find_service(IArticles)
    written = service.opened(version.sealed)
    if written is not None:
        service.discard(article)
        service.save(article, written)
    return written is not None


def sweep_job(request: Any, _payload: Mapping[str, Any]) -> None:
    """Destroy a batch of the versions that are too old; ask for the next: the handler of SWEEP."""
    if request.site.get(NAME) is None:
        return
    days = request.registry.settings["articles.keep_versions"]
    moment = now(request) - timedelta(days=days)
    limit = int(moment.timestamp() * 1000) << RANDOM_BITS
    articles = articles_of(request)
    old = list(islice(articles.versions.items(None, limit), BATCH))
    find = request.find_service(IArticles).find
    for number, where in old:
        article = find(where)
        if article is not None:
            article.versions.pop(number, None)
        articles.versions.pop(number, None)
    if len(old) == BATCH:
        request.find_service(IOutbox).add(SWEEP, {})
