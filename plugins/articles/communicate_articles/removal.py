"""Deleting an article, taking that back, hiding it: `IRemovals`.

A deletion hides at once.  What there is stays, unread, for the ten seconds in which its author may
take it back; then a job destroys it with its pictures, versions and comments.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pyramid.request import Request
from zope.interface import implementer

from communicate.catalog import set_audience
from communicate.clock import milliseconds, now
from communicate.interfaces import IAuthored, ICatalog, IOutbox, ISeals
from communicate.sealing import Destroyed
from communicate.web.comments import forget_on
from communicate.writing.interfaces import IAttachments
from communicate_articles.content import Article
from communicate_articles.indexing import ARTICLE, settle
from communicate_articles.interfaces import IArticles, IRemovals
from communicate_articles.services import articles_of
from communicate_articles.translations import unlink
from communicate_articles.versions import forget_versions

DESTROY = "articles.destroy"
REASON = "articles.reason"
SECONDS = 10  # in which a deletion can be taken back


@implementer(IRemovals)
class Removals:
    """Take articles of one request's site out of sight, and away for good."""

    def __init__(self, request: Request) -> None:
        self.request = request

    def delete(self, article: Article) -> None:
        """Hide *article* at once; a job destroys it in ten seconds."""
        if article.deleted:
            return
        moment = now(self.request)
        article.deleted = milliseconds(moment)
        self._told(article)
        self.request.find_service(IOutbox).add(
            DESTROY,
            {"article": article.id, "deleted": article.deleted},
            owner=article.owner,
            due=moment + timedelta(seconds=SECONDS),
        )

    def undo(self, article: Article) -> None:
        """Show a deleted *article* again."""
        if article.deleted:
            article.deleted = 0
            self._told(article)

    def destroy(self, article: Article) -> None:
        """Destroy *article* with all that hangs on it."""
        articles = articles_of(self.request)
        forget_on(self.request, article)
        unlink(self.request, article)
        self.request.find_service(IAttachments).clear(article)
        forget_versions(self.request, article)
        articles.owners.pop(article.id, None)
        if article.owner is not None:
            self.request.find_service(IAuthored).remove(article.owner, ARTICLE, article.id)
        self.request.find_service(ICatalog).remove(article.id)
        shelf = article.__parent__
        article.words = article.page = article.draft = article.reason = article.source = None
        article.owner = None
        if shelf is not None:
            shelf.remove(article)

    def set_hidden(self, article: Article, hidden: bool, reason: str = "") -> None:
        """Hide *article* from all but its author and moderators, or show it again."""
        if article.hidden == hidden:
            return
        article.hidden = hidden
        article.reason = self._sealed(article, reason) if hidden and reason else None
        article.__parent__.note(article)
        self._told(article)

    def _sealed(self, article: Article, reason: str) -> Any:
        try:
            return self.request.find_service(ISeals).seal(article.owner, REASON, reason)
        except Destroyed:  # its author is being erased: nobody is left to read it
            return None

    def reason(self, article: Article) -> str | None:
        """Return why a moderator hid *article*, or None."""
        sealed = article.reason
        return None if sealed is None else self.request.find_service(ISeals).text(sealed)

    def _told(self, article: Article) -> None:
        """Have the catalog know who may read *article* now, and what."""
        set_audience(self.request, article)
        settle(self.request, article)


def destroy_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Destroy an article whose ten seconds are over: the handler of DESTROY."""
    article = request.find_service(IArticles).find(payload["article"])
    if article is not None and article.deleted == payload["deleted"]:
        request.find_service(IRemovals).destroy(article)


def removals_service(_context: Any, request: Request) -> Removals:
    """Return the service for one request."""
    return Removals(request)
