"""What authors are told of their articles."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Notification
from communicate.interfaces import INotifications
from communicate_articles.content import Article

_ = TranslationStringFactory("communicate_articles")

CAME_OUT, BROUGHT_IN = "articles.out", "articles.brought"

NOTIFICATIONS = (
    Notification(
        kind=CAME_OUT,
        title=_("An article that you scheduled is out"),
        sentence=_("An article that you scheduled is out."),
        several=_("${n} articles that you scheduled are out."),
        icon="journal-check",
    ),
    Notification(
        kind=BROUGHT_IN,
        title=_("The articles that you bring in are there"),
        sentence=_("The ZIP of articles that you sent is read."),
        icon="journal-arrow-down",
    ),
)


def tell_out(request: Any, article: Article) -> None:
    """Tell the author that *article* is out."""
    if article.owner is not None:
        request.find_service(INotifications).send(CAME_OUT, article.owner, about=article)
