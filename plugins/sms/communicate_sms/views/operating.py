"""``/operate/sms``: how text messages do, and what operators decide about those in doubt."""

from typing import Any

from babel import Locale
from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.bells import ring_after_commit
from communicate.ids import decode, encode
from communicate.permissions import OPERATE
from communicate.web import notices
from communicate_sms import costs, operating, reasons
from communicate_sms.content import NAME, Message
from communicate_sms.queue import Queue
from communicate_sms.views.raising import spent

_ = TranslationStringFactory("communicate_sms")

ROUTE = "operate_sms"
PURPOSES = {
    "message": _("a member’s message"),
    "code": _("a code"),
    "notice": _("a notice"),
    "test": _("a test"),
    "announcement": _("an announcement"),
    "answer": _("an answer of this site"),
}
WAYS = {  # what a way does: the word, its class, its icon
    operating.IN_ORDER: (_("in order"), "text-good", "check-circle-fill"),
    operating.BROKEN: (_("out of order"), "text-bad", "exclamation-circle-fill"),
    operating.UNBOUND: (_("no session"), "text-bad", "exclamation-circle-fill"),
    operating.UNUSED: (_("not used yet"), "quiet", "circle"),
}
AGAIN = _("What was in doubt is sent again now.")
SENT = _("What was in doubt counts as sent.")
DECIDED = _("It is not in doubt any more: it was decided meanwhile, or a receipt has come.")


def includeme(config: Configurator) -> None:
    """Name the addresses, and list the first for operators."""
    config.add_route(ROUTE, "/operate/sms")
    config.include("communicate_sms.views.trying")
    config.include("communicate_sms.views.raising")
    config.add_operators_page("/operate/sms", "phone", _("Text messages"), weight=20, needs=needed)


def needed(request: Any) -> Any:
    """Say that a ceiling is reached, or how many messages wait for a decision; or nothing."""
    if spent(request)["resumes"]:
        return _("Text messages have stopped: a ceiling of what they may cost is reached")
    count = operating.needed(request)
    if not count:
        return None
    return _("Text messages that may have been sent or not: ${count}", mapping={"count": count})


@view_config(
    route_name=ROUTE,
    request_method="GET",
    permission=OPERATE,
    renderer="communicate_sms:templates/operating.pt",
)
def overview(request: Any) -> dict[str, Any]:
    """Show how the ways do, how much there is in the queue, and what is in doubt."""
    queue = Queue(request)
    return {
        "title": _("Text messages"),
        "closed": not request.registry.settings["sms.ways"],
        "ways": [way(request.page, each) for each in operating.ways(request)],
        "counts": operating.counts(queue),
        "doubts": [row(request.page, each) for each in operating.doubts(queue)],
        "spent": spent(request),
        **last_days(request),
    }


def last_days(request: Any) -> dict[str, Any]:
    """Return what the page shows of the last thirty days."""
    days = costs.last_days(request)
    busy = [day for day in reversed(days) if costs.is_busy(day)]
    return {
        "days": [costs.row(request, day) for day in busy],
        "together": costs.row(request, costs.total(days)),
        "chart": costs.drawing(request, days) if busy else None,
    }


def way(page: Any, found: operating.WayRow) -> dict[str, Any]:
    """Return *found* as *page* shows it."""
    word, css, icon = WAYS[found.state]
    return {
        "way": found,
        "state": word,
        "css": css,
        "icon": icon,
        "why": reasons.said(page, found.why),
    }


def row(page: Any, doubt: operating.Doubt) -> dict[str, Any]:
    """Return *doubt* as *page* shows it."""
    names = Locale.parse(page.language).territories
    return {
        "id": encode(doubt.id),
        "queued": doubt.queued,
        "way": doubt.way,
        "country": names.get(doubt.country) or doubt.country,
        "parts": page.plural(operating.PARTS, doubt.parts),
        "purpose": PURPOSES.get(doubt.purpose, ""),
        "why": reasons.said(page, doubt.why),
    }


@view_config(route_name=ROUTE, request_method="POST", permission=OPERATE)
def decide(request: Any) -> Any:
    """Have an uncertain message sent once more, or take it for sent; or all of them."""
    again = "again" in request.POST
    if not again and "sent" not in request.POST:
        raise HTTPBadRequest(_("Choose to send it again or to take it as sent."))
    queue = Queue(request)
    found = chosen(queue, request.POST.get("message", ""))
    for message in found:
        queue.decide(message, again=again)
    if again:
        ring_after_commit(request, NAME)
    notices.give(request, (AGAIN if again else SENT) if found else DECIDED)
    return HTTPSeeOther(request.route_path(ROUTE))


def chosen(queue: Queue, name: Any) -> list[Message]:
    """Return the message of that *name*, all that are in doubt for ``all``; none if it is settled.

    Raise HTTPBadRequest where there is no such message.
    """
    if name == "all":
        return list(queue.uncertain())
    try:
        message = queue.tree.messages.get(decode(name))
    except (ValueError, TypeError):
        message = None
    if message is None:
        raise HTTPBadRequest(_("There is no such message: it may have been deleted meanwhile."))
    return [message] if message.id in queue.tree.uncertain else []
