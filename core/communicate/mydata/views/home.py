"""The page of what is held about the signed-in member."""

from typing import Any

from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.audience import Audience
from communicate.mydata import HOME, held
from communicate.permissions import MEMBER
from communicate.web.i18n import PluralFactory

_n = PluralFactory("communicate")

THINGS = _n("${n} thing", "${n} things")
MORE = _n("more than ${n} thing", "more than ${n} things")


@view_config(
    route_name=HOME,
    permission=MEMBER,
    request_method="GET",
    renderer="communicate:templates/mydata/home.pt",
)
def home(request: Any) -> dict[str, Any]:
    """Show what is held, by service, how much, who sees it, and until when."""
    return page(
        request,
        HOME,
        services=held.services(request),
        said=lambda count: said(request, count),
        kept=lambda kind: kind.kept(request.registry.settings),
        badge=lambda level: request.page.badge(Audience(level)),
    )


def said(request: Any, count: Any) -> str:
    """Return *count* in words."""
    return str(request.page.plural(MORE if count.more else THINGS, count.number))
