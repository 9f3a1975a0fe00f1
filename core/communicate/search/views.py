"""The page of search."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.limits import network
from communicate.content import Site
from communicate.interfaces import ILimits
from communicate.permissions import OPEN
from communicate.search.asking import Asked, named, read
from communicate.search.finding import OTHERS, OWN, Finder, Results, shown_kinds
from communicate.web.i18n import PluralFactory

_ = TranslationStringFactory("communicate")
_n = PluralFactory("communicate")

FOUND = _n("${n} result", "${n} results")


@view_config(
    context=Site,
    name="search",
    permission=OPEN,
    request_method="GET",
    renderer="communicate:templates/search.pt",
)
def search(context: Any, request: Any) -> dict[str, Any]:
    """Show what the viewer may read of what the address asks for."""
    kinds = shown_kinds(request)
    asked = read(request.GET, kinds)
    results = None
    if asked.problems:
        request.response.status = 400
    elif asked.has_words:
        count_search(request)
        results = Finder(request, asked).find()
    return {
        "title": _("Search"),
        "asked": asked,
        "kinds": [(name, kind.title, kind.icon) for name, kind in kinds.items()],
        "results": results,
        "count": None if results is None else count_of(request, results),
        "newer": _neighbour(asked, after=results.newer if results else None),
        "older": _neighbour(asked, before=results.older if results else None),
        "own": request.page.number(OWN),
        "others": request.page.number(OTHERS),
    }


def count_search(request: Any) -> None:
    """Count one search of the viewer; raise TooMany where there were too many."""
    limits = request.find_service(ILimits)
    if request.member is None:
        limits.hit("search_address", network(request))
    else:
        limits.hit("search_account", str(request.member.uid))


def count_of(request: Any, results: Results) -> str:
    """Return how much was found, in words."""
    number = results.count.number
    if results.count.more:
        return str(request.page.say(_("more than ${n} results"), n=request.page.number(number)))
    return str(request.page.plural(FOUND, number))


def _neighbour(asked: Asked, **place: int | None) -> str | None:
    """Return the address of the page at *place*, None where there is none."""
    given = {name: named(number) for name, number in place.items() if number is not None}
    return asked.address(**given) if given else None
