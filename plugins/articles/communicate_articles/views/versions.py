"""Former versions of an article: looked at, compared, restored, erased; for its author alone."""

from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.ids import decode, encode
from communicate.permissions import EDIT
from communicate.web import notices
from communicate.web.slices import asked, newest_first, query
from communicate_articles.comparing import Piece, compare
from communicate_articles.content import Article, Version
from communicate_articles.interfaces import IArticles
from communicate_articles.versions import forget_version, forget_versions, restore
from communicate_articles.words import Written

_ = TranslationStringFactory("communicate_articles")

SIZE = 30  # versions on a page: each is opened whole for its title


class Row(NamedTuple):
    """One version in the list: its id in addresses, its title, from when until when it was out."""

    number: str
    title: str
    since: int
    until: int


@view_config(
    context=Article,
    name="versions",
    permission=EDIT,
    request_method="GET",
    renderer="communicate_articles:templates/versions.pt",
)
def versions(context: Article, request: Request) -> dict[str, Any]:
    """List the former versions; with ``?version=``, compare one with what took its place."""
    service = request.find_service(IArticles)
    number, *ends = (asked(request, name) for name in ("version", "after", "before"))
    if number is not None and number not in context.versions:
        raise HTTPNotFound
    shown = newest_first(context.versions, SIZE, *ends)
    path = f"{service.path(context)}/versions"
    return {
        "title": _("Former versions"),
        "subject": service.title(context),
        "path": service.path(context),
        "days": request.registry.settings["articles.keep_versions"],
        "rows": [row(service, version) for _number, version in shown.items],
        "newer": shown.forth and path + query(after=shown.forth),
        "older": shown.back and path + query(before=shown.back),
        "ends": dict(zip(("after", "before"), map(named, ends), strict=True)),
        "compared": named(number),
        "pieces": [] if number is None else pieces(service, context, number),
    }


def named(number: int | None) -> str | None:
    """Return an id as it stands in addresses, None for None."""
    return None if number is None else encode(number)


def row(service: Any, version: Version) -> Row:
    """Return *version* as the list shows it."""
    written = service.opened(version.sealed)
    title = "" if written is None else written.title
    return Row(encode(version.id), title, version.changed, version.replaced)


def pieces(service: Any, article: Article, number: int) -> list[Piece]:
    """Return what is different in the words that took the place of version *number*."""
    later = next(iter(article.versions.keys(number, excludemin=True)), None)
    after = (
        service.written(article)
        if later is None
        else service.opened(article.versions[later].sealed)
    )
    before = service.opened(article.versions[number].sealed)
    return compare(text_of(before), text_of(after))


def text_of(written: Written | None) -> str:
    """Return all that *written* says as one text to be compared."""
    if written is None:
        return ""
    parts = (written.title, written.summary, ", ".join(written.tags), written.text)
    return "\n\n".join(filter(None, parts)).rstrip("\n") + "\n"


@view_config(context=Article, name="versions", permission=EDIT, request_method="POST")
def change(context: Article, request: Request) -> HTTPSeeOther:
    """Make a version the draft, or erase one or all of them."""
    path = request.find_service(IArticles).path(context)
    act = request.POST.get("act")
    if act == "erase-all":
        forget_versions(request, context)
        notices.give(request, _("Former versions are erased."))
        return HTTPSeeOther(f"{path}/versions")
    try:
        version = context.versions[decode(request.POST.get("version", ""))]
    except ValueError:
        raise HTTPBadRequest from None
    except KeyError:
        raise HTTPNotFound from None
    if act == "erase":
        forget_version(request, context, version.id)
        notices.give(request, _("The version is erased."))
        return HTTPSeeOther(f"{path}/versions")
    if act != "restore":
        raise HTTPBadRequest
    if restore(request, context, version):
        notices.give(request, _("That version is your draft now. Publish it, or go on with it."))
    return HTTPSeeOther(f"{path}/edit")
