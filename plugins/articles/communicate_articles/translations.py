"""Articles that say the same in other languages: each knows all the others of its author's."""

from typing import Any

from communicate.permissions import VIEW
from communicate.security import permits
from communicate_articles.content import Article
from communicate_articles.interfaces import IArticles


def others(request: Any, article: Article) -> list[Article]:
    """Return the translations of *article* that are out and that the viewer may read."""
    find = request.find_service(IArticles).find
    found = [find(number) for number in article.translations]
    return [one for one in found if one is not None and one.is_out and permits(request, one, VIEW)]


def link(request: Any, article: Article, other: Article) -> None:
    """Make *article* and *other*, of one author, translations of each other and of all theirs."""
    if article.owner != other.owner:
        raise ValueError("translations are linked by their one author")
    group = {article.id, other.id, *article.translations, *other.translations}
    find = request.find_service(IArticles).find
    known = [one for one in map(find, sorted(group)) if one is not None]
    for one in known:
        one.translations = tuple(each.id for each in known if each is not one)


def unlink(request: Any, article: Article) -> None:
    """Let *article* be no translation of any other."""
    find = request.find_service(IArticles).find
    for number in article.translations:
        other = find(number)
        if other is not None:
            left = (each for each in other.translations if each != article.id)
            other.translations = tuple(left)
    article.translations = ()
