"""The key of the file that an article came from: by it the file finds its article again."""

from typing import Any

from communicate.interfaces import ISeals
from communicate_articles.content import Article

KIND = "articles.source"  # of what is sealed
LONGEST = 500  # characters of a key


def source_of(request: Any, article: Article) -> str | None:
    """Return the key of the file that *article* came from, None where it came from none."""
    sealed = article.source
    found: str | None = None
    if sealed is not None:
        found = request.find_service(ISeals).text(sealed)
    return found


def remember(request: Any, article: Article, key: str) -> None:
    """Let *article* be found by the *key* of its file."""
    article.source = request.find_service(ISeals).seal(article.owner, KIND, key)
