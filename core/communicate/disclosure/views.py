"""The page on which members see what others received about them."""

from itertools import islice
from typing import Any

from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.declarations import Recipient
from communicate.disclosure import ROUTE
from communicate.disclosure.services import kept_for
from communicate.ids import encode
from communicate.interfaces import IDisclosures, IGate
from communicate.permissions import MEMBER
from communicate.web.paging import id_in

PAGE = 30


@view_config(
    route_name=ROUTE,
    permission=MEMBER,
    request_method="GET",
    renderer="communicate:templates/account/received.pt",
)
def received(request: Any) -> dict[str, Any]:
    """Show a page of what left about the member, the newest first."""
    after = id_in(request.GET.get("after"))
    service = request.find_service(IDisclosures)
    found = list(islice(service.of(request.member.uid, after=after, most=PAGE + 1), PAGE + 1))
    known = request.find_service(IGate).recipients()
    shown = found[:PAGE]
    return page(
        request,
        ROUTE,
        rows=[row(request, each, known.get(each.recipient)) for each in shown],
        older=f"{request.path}?after={encode(shown[-1].id)}" if len(found) > PAGE else None,
        newer=request.path if after is not None else None,
        kept=kept_for(request.registry.settings),
    )


def row(request: Any, disclosure: Any, recipient: Recipient | None) -> dict[str, Any]:
    """Return what the page says of *disclosure*; a recipient no longer declared has its name."""
    say, words = request.page.say, {} if recipient is None else recipient.words
    return {
        "when": disclosure.when,
        "who": disclosure.recipient if recipient is None else say(recipient.who),
        "fields": [say(words.get(name, name)) for name in disclosure.fields],
        "why": say(words.get(disclosure.why, disclosure.why)),
    }
