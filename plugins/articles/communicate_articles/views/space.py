"""The block in a member's space: the latest articles, as far as the viewer may read them."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render

from communicate.declarations import Block
from communicate.interfaces import ICatalog
from communicate_articles.content import NAME
from communicate_articles.indexing import ARTICLE
from communicate_articles.interfaces import IArticles

_ = TranslationStringFactory("communicate_articles")

MOST = 5


def blocks(member: Any, request: Any) -> list[Block]:
    """Return a block with the latest articles of *member* that the viewer may read, or none."""
    catalog, service = request.find_service(ICatalog), request.find_service(IArticles)
    hits = catalog.newest(request.viewer, kinds=(ARTICLE,), author=member.uid, limit=MOST)
    rows = []
    for hit, article in catalog.load(hits):
        page = service.page(article)
        if page is not None:
            path = service.path_for(article, page.title)
            rows.append((path, page.title, request.page.time(hit.time), page.minutes))
    if not rows:
        return []
    values = {"rows": rows, "path": f"/members/{member.login}/{NAME}"}
    html = render("communicate_articles:templates/space.pt", values, request)
    return [Block("articles.latest", _("Articles"), html, 20)]
