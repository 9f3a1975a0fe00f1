"""An article as lists show it: cover or initials, title, author, date, reading time, audience."""

from typing import Any

from markupsafe import Markup

from communicate.web.skeletons import Skeleton
from communicate_articles import tags
from communicate_articles.content import Article
from communicate_articles.interfaces import IArticles
from communicate_articles.languages import attributes
from communicate_articles.listing import Asked
from communicate_articles.pictures import cover_of
from communicate_articles.views.showing import MINUTES

TEMPLATE = "communicate_articles:templates/card.pt"


class Cards(Skeleton):
    """Cards of one page, of a list that says already whose they are where *shelf* is set."""

    def __init__(self, request: Any, *, shelf: bool = False) -> None:
        super().__init__(request, TEMPLATE)
        self.request = request
        self.shelf = shelf
        self.service = request.find_service(IArticles)

    def card(self, article: Article) -> Markup | None:
        """Return the card of *article*, or None where there is nothing to show."""
        shown = self.service.page(article)
        if shown is None:
            return None
        page, given = self.request.page, attributes(article.language)
        path = self.service.path_for(article, shown.title)
        cover = cover_of(self.request, article, article.cover, "")
        login = page.login_of(article.owner)
        kind = {
            "language": given.get("lang"),
            "direction": given.get("dir"),
            "cover": bool(cover),
            "signed": not self.shelf,
            "tagged": bool(shown.tags),
        }
        return self.fill(
            kind,
            path=path,
            title=shown.title,
            summary=shown.summary,
            picture=cover.path if cover else "",
            mark=page.avatar(login, "l"),
            author=page.author(article.owner),
            time=page.time(article.published),
            minutes=page.plural(MINUTES, shown.minutes),
            badge=page.badge(article),
            tags=links_of(shown.tags),
        )


def links_of(names: list[str]) -> Markup:
    """Return links to the lists of articles with these tags."""
    link = Markup('<a class="tag" rel="tag" href="{}">{}</a> ')
    found = (link.format(Asked(tag=tags.folded(name)).address(), name) for name in names)
    return Markup("").join(found)
