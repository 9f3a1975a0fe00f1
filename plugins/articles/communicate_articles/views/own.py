"""What a member is writing: drafts, and what is scheduled; seen by the member alone."""

from itertools import islice
from typing import Any, NamedTuple

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.view import view_config

from communicate.declarations import Block
from communicate_articles.content import NAME, Article, Articles
from communicate_articles.interfaces import IArticles
from communicate_articles.permissions import WRITE

_ = TranslationStringFactory("communicate_articles")

MOST, AT_HOME = 100, 3
ROWS = "communicate_articles:templates/drafts.pt"


class Row(NamedTuple):
    """One article with a draft; *due* is 0 where it does not come out by itself."""

    path: str
    title: str
    changed: int
    due: int
    beside: bool  # whether there is a draft beside what is out
    hidden: bool  # by a moderator


def rows(request: Any, most: int) -> list[Row]:
    """Return the articles of the member that have a draft, the latest first."""
    shelf = request.member.get(NAME)
    service = request.find_service(IArticles)
    found = [] if shelf is None else islice(shelf.drafts(), most)
    return [row(service, article) for article in found]


def row(service: Any, article: Article) -> Row:
    """Return *article* as the list shows it."""
    written, beside = service.draft(article), bool(article.published)
    title = service.title(article) if written is None else written.title
    changed = article.changed if article.draft is None else article.draft.changed
    path = service.path(article)
    beside = beside and written is not None
    return Row(path, title, changed, article.due, beside, article.hidden)


@view_config(
    context=Articles,
    name="drafts",
    permission=WRITE,
    request_method="GET",
    renderer="communicate_articles:templates/own.pt",
)
def drafts(context: Articles, request: Request) -> dict[str, Any]:
    """Show what the member is writing."""
    return {"title": _("My drafts"), "rows": rendered(request, rows(request, MOST))}


def rendered(request: Any, found: list[Row]) -> Markup:
    """Return the HTML of the rows *found*, empty without any."""
    html = render(ROWS, {"rows": found}, request) if found else ""
    return Markup(html)  # noqa: S704  # from our template


def blocks(request: Any) -> list[Block]:
    """Return a block for the home page with the member's latest drafts, or none."""
    if request.member is None or request.site.get(NAME) is None:
        return []
    found = rows(request, AT_HOME)
    if not found:
        return []
    html = rendered(request, found)
    return [Block("articles-drafts", _("What you are writing"), html, 40, waiting=True)]
