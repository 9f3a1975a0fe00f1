"""Writing an article, and bringing it out."""

from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate.interfaces import IAudiences
from communicate.permissions import EDIT
from communicate.web import notices
from communicate.web.forms import PREVIEW, Form, FormInvalid
from communicate.writing.counting import count_posting
from communicate.writing.interfaces import IAttachments
from communicate.writing.views.preview import fragment, words_in
from communicate_articles import forms
from communicate_articles.content import Article, Articles
from communicate_articles.interfaces import IArticles
from communicate_articles.permissions import WRITE
from communicate_articles.views.showing import shown
from communicate_articles.words import Written

_ = TranslationStringFactory("communicate_articles")

TEMPLATE = "communicate_articles:templates/write.pt"
SAVED = _("The draft is kept. Only you see it.")
PUBLISHED = _("It is out.")


def writing_page(request: Request, form: Form, article: Article | None) -> dict[str, Any]:
    """Return what the page with the form shows."""
    service = request.find_service(IArticles)
    return {
        "title": _("Write an article") if article is None else _("Change the article"),
        "article": article,
        "path": None if article is None else service.path(article),
        "form": form,
    }


def previewed(request: Request, written: Written) -> Markup:
    """Return how *written* would be shown; what is attached is still to be filled in."""
    seen = shown(request, request.find_service(IArticles).preview(written), written)
    html = render("communicate_articles:templates/preview.pt", {"shown": seen}, request)
    return Markup(html)  # noqa: S704  # from our template


@view_config(context=Articles, name="preview", permission=WRITE, request_method="POST")
def preview(context: Articles, request: Request) -> Response:
    """Show a text while it is typed; nothing is kept."""
    return followed(request, None)


@view_config(context=Article, name="preview", permission=EDIT, request_method="POST")
def preview_of(context: Article, request: Request) -> Response:
    """Show other words of an article while they are typed; nothing is kept."""
    return followed(request, context)


def followed(request: Request, article: Article | None) -> Response:
    """Return the preview that follows what is typed."""
    words = words_in(request)[: request.registry.settings["articles.longest"]]
    place = forms.place_of(request, article)
    html = previewed(request, Written("", words))
    attachments = request.find_service(IAttachments)
    return fragment(request, attachments.fill_written(html, place, article))


@view_config(
    context=Articles,
    name="write",
    permission=WRITE,
    request_method=("GET", "POST"),
    renderer=TEMPLATE,
)
def write(context: Articles, request: Request) -> Any:
    """Show the form of a new article; keep what was written."""
    form = forms.writing_form(request, None, {"language": request.page.language})
    return writing_page(request, form, None) if request.method != "POST" else kept(request, form)


@view_config(
    context=Article,
    name="edit",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer=TEMPLATE,
)
def edit(context: Article, request: Request) -> Any:
    """Show the form with the draft, or the words that are out; keep what was written."""
    service = request.find_service(IArticles)
    before = service.draft(context) or service.written(context)
    form = forms.writing_form(request, context, forms.values_of(before) if before else {})
    if request.method != "POST":
        return writing_page(request, form, context)
    return kept(request, form, context, before)


def kept(
    request: Request, form: Form, article: Article | None = None, before: Written | None = None
) -> Any:
    """Do with what was sent as the button says that was pressed."""
    service = request.find_service(IArticles)
    try:
        written = forms.written_in(form.validate(), before)
    except FormInvalid:
        request.response.status = 400
        return writing_page(request, form, article)
    if form.pressed == PREVIEW:
        form.preview = previewed(request, written)
        return writing_page(request, form, article)
    count_posting(request, written.text, "" if article else "topics")
    if article is None:
        article = service.begin(request.member.uid, written)
    else:
        service.save(article, written)
    attach(request, form, article)
    path = service.path(article)
    if form.pressed == forms.GO_ON:
        return form.done(f"{path}/publish")
    if form.pressed == forms.OUT and article.published:
        service.publish(article)
        notices.give(request, PUBLISHED)
        return form.done(service.path(article))
    notices.give(request, SAVED)
    return form.done(f"{path}/edit")


def attach(request: Request, form: Form, article: Article) -> None:
    """Attach what came with *form* to the draft of *article*, and take off what was ticked off.

    What is out stays until the draft comes out.
    """
    request.find_service(IAttachments).take(form, article, keeps=article.files)
    if article.draft is not None:
        article.draft.without = tuple(set(form.removed) & set(article.files))


@view_config(
    context=Article,
    name="publish",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer="communicate_articles:templates/publish.pt",
)
def publish(context: Article, request: Request) -> Any:
    """Ask to whom, and when, the article comes out; bring it out."""
    service = request.find_service(IArticles)
    path = service.path(context)
    if context.published:
        return HTTPSeeOther(f"{path}/edit")
    form = forms.publishing_form(request, context)
    if request.method == "POST":
        try:
            values = form.validate()
            moment = forms.moment_in(form, request, values)
        except FormInvalid:
            request.response.status = 400
        else:
            request.find_service(IAudiences).choose(context, values["visible"])
            service.schedule(context, moment)
            if moment is None:
                service.publish(context)
                notices.give(request, PUBLISHED)
            return form.done(path)
    return {
        "title": _("Publish"),
        "subject": service.title(context),
        "path": path,
        "form": form,
    }


@view_config(context=Article, name="hold", permission=EDIT, request_method="POST")
def hold(context: Article, request: Request) -> HTTPSeeOther:
    """Let a scheduled article not come out by itself any more."""
    service = request.find_service(IArticles)
    service.schedule(context, None)
    notices.give(request, _("It does not come out by itself any more."))
    return HTTPSeeOther(service.path(context))


@view_config(context=Article, name="discard", permission=EDIT, request_method="POST")
def discard(context: Article, request: Request) -> HTTPSeeOther:
    """Destroy the draft of an article that is out."""
    service = request.find_service(IArticles)
    service.discard(context)
    notices.give(request, _("The draft is gone; readers see what they saw."))
    return HTTPSeeOther(service.path(context))
