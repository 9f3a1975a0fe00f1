"""The list of articles, and that of one member."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.interfaces import ICatalog
from communicate.permissions import OPEN, VIEW
from communicate.security import permits
from communicate_articles.content import Articles, Shelf
from communicate_articles.indexing import ARTICLE, found
from communicate_articles.permissions import WRITE

_ = TranslationStringFactory("communicate_articles")
TEMPLATE = "communicate_articles:templates/articles.pt"
MOST = 20


@view_config(context=Articles, permission=VIEW, request_method="GET", renderer=TEMPLATE)
def articles(context: Articles, request: Request) -> dict[str, Any]:
    """Show the latest articles that the viewer may read."""
    return listing(request, _("Articles"), bool(permits(request, context, WRITE)))


@view_config(context=Shelf, permission=OPEN, request_method="GET", renderer=TEMPLATE)
def shelf(context: Shelf, request: Request) -> dict[str, Any]:
    """Show the latest articles of a member that the viewer may read."""
    own = request.viewer.uid == context.owner
    return listing(request, _("Articles"), own, author=context.owner)


def listing(request: Request, title: Any, writes: bool, **terms: Any) -> dict[str, Any]:
    """Return what a page of articles shows."""
    catalog = request.find_service(ICatalog)
    hits = catalog.newest(request.viewer, kinds=(ARTICLE,), limit=MOST, **terms)
    rows = [found(request, thing) for _hit, thing in catalog.load(hits)]
    return {"title": title, "rows": [row for row in rows if row], "writes": writes}
