"""The queue as operators see it: how much waits for which domain, until when, and why."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.view import view_config

from communicate.bells import ring_after_commit
from communicate.ids import decode, encode
from communicate.permissions import OPERATE
from communicate.web import notices
from communicate.web.i18n import PluralFactory
from communicate_email.sending import reasons
from communicate_email.sending.content import FIRST, NAME, Outgoing, Part
from communicate_email.sending.queue import Queue
from communicate_email.sending.settling import give_up

_ = TranslationStringFactory("communicate_email")
_n = PluralFactory("communicate_email")

SHOWN = 100
ADDRESSES, TRIES = _n("${n} address", "${n} addresses"), _n("${n} try", "${n} tries")


@dataclass(frozen=True)
class Row:
    """A part as the page shows it: nothing of its letter but the domain it goes to."""

    id: str
    domain: str
    count: int
    tries: int
    queued: int
    due: int
    error: str
    language: str  # of that, empty for the page's own
    underway: bool


@view_config(
    context=Outgoing,
    request_method="GET",
    permission=OPERATE,
    renderer="communicate_email:templates/outgoing.pt",
)
def outgoing(context: Outgoing, request: Any) -> dict[str, Any]:
    """Show what waits, what is due first before the others."""
    queue = Queue(request)
    first = islice(context.due.keys(FIRST), SHOWN)
    return {
        "title": _("Outgoing mail"),
        "rows": [row(request.page, queue, context.parts[number]) for _due, number in first],
        "count": len(context.parts) - 1,
        "addresses": ADDRESSES,
        "tries": TRIES,
        "sent": context.counts["sent"](),
        "failed": context.counts["failed"](),
        "closed": request.registry.settings["email.out"] == "off",
    }


def row(page: Any, queue: Queue, part: Part) -> Row:
    """Return *part* as *page* shows it."""
    error, language = reasons.said(page, queue.why(part))
    return Row(
        encode(part.id),
        queue.domain(part),
        part.count,
        part.tries,
        part.letter.queued,
        part.due,
        error,
        language,
        part.holder is not None,
    )


@view_config(context=Outgoing, request_method="POST", permission=OPERATE)
def settle(context: Outgoing, request: Any) -> Any:
    """Try a part again now, or all of them, or give one up, which its author is told."""
    queue = Queue(request)
    if "all" in request.POST:
        for part in queue.all():
            queue.hurry(part)
        said = _("They are tried again now.")
    elif "retry" in request.POST:
        queue.hurry(asked(context, request))
        said = _("It is tried again now.")
    elif "drop" in request.POST:
        give_up(request, asked(context, request))
        said = _("It will not be sent; its author is told.")
    else:
        raise HTTPBadRequest(_("Choose to try it again or to drop it."))
    ring_after_commit(request, NAME)
    notices.give(request, said)
    return HTTPSeeOther(request.resource_path(context))


def asked(context: Outgoing, request: Any) -> Part:
    """Return the part that the form names, unless somebody is at it; raise HTTPBadRequest."""
    try:
        part: Part | None = context.parts.get(decode(request.POST.get("part", "")))
    except (ValueError, TypeError):
        part = None
    if part is None or part.holder is not None:
        raise HTTPBadRequest(_("It does not wait any more: it may have left meanwhile."))
    return part
