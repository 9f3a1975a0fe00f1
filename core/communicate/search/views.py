"""The page of search."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.accounts.limits import network
from communicate.content import Site
from communicate.interfaces import ILimits
from communicate.permissions import OPEN
from communicate.search.asking import read
from communicate.search.finding import Finder, shown_kinds
from communicate.search.showing import content
from communicate.web.whole import whole

_ = TranslationStringFactory("communicate")

TEMPLATE = "communicate:templates/search.pt"


@view_config(context=Site, name="search", permission=OPEN, request_method="GET")
def search(context: Any, request: Any) -> Any:
    """Show what the viewer may read of what the address asks for."""
    asked = read(request.GET, shown_kinds(request))
    results = None
    if asked.problems:
        request.response.status = 400
    elif asked.has_words:
        count_search(request)
        results = Finder(request, asked).find()
    title = request.page.say(_("Search"))
    return whole(request, TEMPLATE, {"title": title, "content": content(request, asked, results)})


def count_search(request: Any) -> None:
    """Count one search of the viewer; raise TooMany where there were too many."""
    limits = request.find_service(ILimits)
    if request.member is None:
        limits.hit("search_address", network(request))
    else:
        limits.hit("search_account", str(request.member.uid))
