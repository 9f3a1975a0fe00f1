"""The page of an article."""

from dataclasses import replace
from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.interfaces import INotifications
from communicate.permissions import DELETE, EDIT, MODERATE, VIEW
from communicate.security import permits
from communicate.web import notices
from communicate.web.comments import comments_on
from communicate.web.whole import whole
from communicate_articles.content import NAME, Article
from communicate_articles.interfaces import IArticles, IRemovals
from communicate_articles.permissions import UNDO
from communicate_articles.pictures import cover_of, filled
from communicate_articles.related import related
from communicate_articles.sharing import shared
from communicate_articles.translations import others
from communicate_articles.views.body import body_of
from communicate_articles.views.showing import of_page, shown

_ = TranslationStringFactory("communicate_articles")

TEMPLATE = "communicate_articles:templates/article.pt"


@view_config(context=Article, permission=VIEW, request_method=("GET", "HEAD"))
def article(context: Article, request: Request) -> Any:
    """Show what is out; to its author, before that, the draft."""
    service = request.find_service(IArticles)
    page = service.page(context) if context.published else None
    if page is None:
        return whole(request, TEMPLATE, draft_page(context, request))
    if request.member is not None:
        request.find_service(INotifications).seen(request.member.uid, context)
    seen = of_page(request, page, context.language)
    seen = replace(
        seen,
        html=Markup(filled(request, context, page.html, context.cover)),  # noqa: S704  # cleaned
        cover=cover_of(request, context, context.cover, page.cover_text),
    )
    values = values_of(context, request, seen)
    values["comments"] = comments_on(request, context)
    values["related"] = related(request, context, page)
    content = body_of(request, context, values)
    told = shared(request, context, page, values["path"], values["others"])
    return whole(request, TEMPLATE, {"title": seen.title, "content": content, "shared": told})


@view_config(
    context=Article, name="draft", permission=EDIT, request_method="GET", renderer=TEMPLATE
)
def draft(context: Article, request: Request) -> dict[str, Any]:
    """Show the draft as its readers would see it."""
    return draft_page(context, request)


def draft_page(context: Article, request: Request) -> dict[str, Any]:
    """Return what the page with the draft of an article shows."""
    service = request.find_service(IArticles)
    written = service.draft(context)
    if written is None:
        raise HTTPNotFound
    seen = shown(request, service.preview(written), written)
    html = filled(request, context, seen.html, written.cover, draft=True)
    cover = cover_of(request, context, written.cover, written.cover_text)
    seen = replace(seen, html=Markup(html), cover=cover)  # noqa: S704  # cleaned
    values = {**values_of(context, request, seen), "is_draft": True}
    content = body_of(request, context, values)
    return {"title": seen.title, "content": content, "shared": None}


def values_of(article: Article, request: Request, seen: Any) -> dict[str, Any]:
    """Return what the page of *article* shows besides comments: *seen*, and what can be done."""
    service, removals = request.find_service(IArticles), request.find_service(IRemovals)
    member = article.__parent__.__parent__
    own = bool(permits(request, article, EDIT))
    signed = request.member is not None
    return {
        "shown": seen,
        "path": service.path_for(article, seen.title),
        "shelf": f"/members/{member.login}/{NAME}",
        "own": own,
        "is_draft": False,
        "comments": None,
        "related": [],
        "due": article.due,
        "beside": own and article.draft is not None and bool(article.published),
        "reason": removals.reason(article) if article.hidden else None,
        "others": translated(article, request),
        "moderates": article.hidden and bool(permits(request, article, MODERATE)) and not own,
        "report": f"/report/articles.article/{article.__name__}" if signed and not own else None,
    }


def translated(article: Article, request: Request) -> list[tuple[str, str, str]]:
    """Return address, language and a word for each translation that the viewer may read."""
    service = request.find_service(IArticles)
    return [
        (service.path(one), one.language, read_in(request, one))
        for one in others(request, article)
    ]


def read_in(request: Request, article: Article) -> str:
    """Return the word that leads to *article*, as "Read in English"."""
    name = request.page.formats.locale.languages.get(article.language)
    if name is None:
        return str(request.page.say(_("Read “${title}”"), title=title_of(request, article)))
    return str(request.page.say(_("Read in ${language}"), language=name))


def title_of(request: Request, article: Article) -> str:
    """Return the title of *article*."""
    title: str = request.find_service(IArticles).title(article)
    return title


@view_config(context=Article, name="show", permission=MODERATE, request_method="POST")
def show(context: Article, request: Request) -> HTTPSeeOther:
    """Show again, for a moderator, what was hidden."""
    request.find_service(IRemovals).set_hidden(context, False)
    notices.give(request, _("The article is shown again."))
    return HTTPSeeOther(request.find_service(IArticles).path(context))


@view_config(context=Article, name="delete", permission=DELETE, request_method="POST")
def delete(context: Article, request: Request) -> HTTPSeeOther:
    """Delete the article at once, and lead to where that can be taken back for ten seconds."""
    path = request.find_service(IArticles).path(context)
    request.find_service(IRemovals).delete(context)
    notices.give(request, _("Article deleted."), undo=notices.Undo(f"{path}/undo", {}))
    return HTTPSeeOther("/articles")


@view_config(context=Article, name="undo", permission=UNDO, request_method="POST")
def undo(context: Article, request: Request) -> HTTPSeeOther:
    """Show the article again, and lead to it."""
    request.find_service(IRemovals).undo(context)
    notices.give(request, _("The article is back."))
    return HTTPSeeOther(request.find_service(IArticles).path(context))
