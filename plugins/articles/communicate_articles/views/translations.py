"""Linking articles of one author that say the same in different languages."""

from itertools import islice
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.ids import decode, encode
from communicate.interfaces import IAuthored
from communicate.permissions import EDIT
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate_articles.content import Article
from communicate_articles.indexing import ARTICLE
from communicate_articles.interfaces import IArticles
from communicate_articles.languages import names
from communicate_articles.translations import link, unlink

_ = TranslationStringFactory("communicate_articles")

OFFERED = 100  # of one's latest articles


@view_config(
    context=Article,
    name="translations",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer="communicate_articles:templates/translations.pt",
)
def translations(context: Article, request: Request) -> Any:
    """Show which articles are translations of this one; link another."""
    service = request.find_service(IArticles)
    path = service.path(context)
    form = choosing(context, request)
    if request.method == "POST" and form is not None:
        try:
            other = service.find(decode(form.validate()["other"]))
        except FormInvalid:
            request.response.status = 400
        else:
            if other is not None:
                link(request, context, other)
            notices.give(request, _("They are linked: readers of one are led to the other."))
            return form.done(f"{path}/translations")
    found = [service.find(number) for number in context.translations]
    return {
        "title": _("Translations"),
        "subject": service.title(context),
        "path": path,
        "form": form,
        "rows": [(service.path(one), named(service, one)) for one in found if one is not None],
    }


def named(service: Any, article: Article) -> str:
    """Return the title of *article* with its language."""
    language = names().get(article.language)
    title = service.title(article)
    return f"{title} – {language}" if language else str(title)


def choosing(article: Article, request: Request) -> Form | None:
    """Return the form that offers the author's other articles, None where there is none."""
    service, listed = request.find_service(IArticles), request.find_service(IAuthored)
    known = {article.id, *article.translations}
    numbers = listed.newest(article.owner, ARTICLE, most=OFFERED + len(known))
    found = (service.find(number) for number in numbers if number not in known)
    offered = [one for one in found if one is not None and not one.deleted]
    if not offered:
        return None
    choices = [(encode(one.id), named(service, one)) for one in islice(offered, OFFERED)]
    schema = Schema()
    schema.add(
        fields.choice(
            _("Another article of yours"),
            choices,
            folded=True,
            name="other",
            help=_("Both say in which language they are: set it where you edit them."),
        )
    )
    return Form(schema, request, [Button("link", _("Link"))])


@view_config(context=Article, name="unlink", permission=EDIT, request_method="POST")
def take_apart(context: Article, request: Request) -> HTTPSeeOther:
    """Let the article be no translation of any other."""
    unlink(request, context)
    notices.give(request, _("It stands alone again."))
    return HTTPSeeOther(f"{request.find_service(IArticles).path(context)}/translations")
