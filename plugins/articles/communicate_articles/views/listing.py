"""The list of articles, and that of one member."""

from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import OPEN, VIEW
from communicate.security import permits
from communicate_articles.cards import Cards
from communicate_articles.content import Articles, Shelf
from communicate_articles.facets import facets
from communicate_articles.feeds import feeds_of
from communicate_articles.languages import name_of
from communicate_articles.listing import Asked, Lister, month_in, read
from communicate_articles.permissions import WRITE

_ = TranslationStringFactory("communicate_articles")
TEMPLATE = "communicate_articles:templates/articles.pt"


class Choice(NamedTuple):
    """A filter: how it is called, and the address of the list with or without it."""

    title: str
    path: str


@view_config(context=Articles, permission=VIEW, request_method="GET", renderer=TEMPLATE)
def articles(context: Articles, request: Request) -> dict[str, Any]:
    """Show the latest articles that the viewer may read."""
    asked = read(request.GET)
    return {**listing(request, asked), "writes": bool(permits(request, context, WRITE))}


@view_config(context=Shelf, permission=OPEN, request_method="GET", renderer=TEMPLATE)
def shelf(context: Shelf, request: Request) -> dict[str, Any]:
    """Show the latest articles of a member that the viewer may read."""
    asked = read(request.GET, context.__parent__.login)
    own = request.viewer.uid == context.owner
    return {**listing(request, asked), "writes": own, "owner": context.owner}


def listing(request: Request, asked: Asked) -> dict[str, Any]:
    """Return what a page of articles shows."""
    listed = Lister(request, asked).page()
    cards = Cards(request, shelf=asked.shelf)
    shown = (cards.card(article) for _hit, article in listed.rows)
    return {
        "title": _("Articles"),
        "owner": None,
        "asked": asked,
        "feeds": feeds_of(request, asked),
        "chosen": chosen(request, asked),
        "facets": choices(request, asked),
        "cards": [card for card in shown if card is not None],
        "newer": listed.newer,
        "older": listed.older,
    }


def choices(request: Request, asked: Asked) -> list[tuple[Any, list[tuple[Choice, str]]]]:
    """Return by what the list can be narrowed: a title, and filters with their counts."""
    found, number = facets(request, asked), request.page.number
    tags = [(f"#{name}", "tag", tag, count) for tag, name, count in found.tags]
    languages = [(name_of(tag), "language", tag, count) for tag, count in found.languages]
    months = [
        (month_name(request, month), "month", month, count)
        for month, count in ([] if asked.month else found.months)
    ]
    return [
        (
            title,
            [
                (Choice(name, asked.with_(kind, value).address()), number(count))
                for name, kind, value, count in some
            ],
        )
        for title, some in ((_("Tags"), tags), (_("Languages"), languages), (_("Months"), months))
        if len(some) > (0 if title == "Tags" else 1)
    ]


def chosen(request: Request, asked: Asked) -> list[Choice]:
    """Return what *asked* is narrowed by, each with the address of the list without it."""
    titles = {
        "author": "" if asked.shelf else asked.author,
        "tag": f"#{asked.tag}" if asked.tag else "",
        "language": name_of(asked.language) if asked.language else "",
        "month": month_name(request, asked.month) if asked.month else "",
    }
    return [
        Choice(title, asked.without(name).address()) for name, title in titles.items() if title
    ]


def month_name(request: Request, month: str) -> str:
    """Return how the page calls *month*."""
    formats = request.page.formats
    return str(formats.month(month_in(month, formats.zone)[0]))
