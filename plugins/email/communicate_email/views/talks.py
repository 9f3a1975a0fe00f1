"""A whole conversation on one page: what is new and the latest are open, older ones are folded."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.ids import decode, encode
from communicate.permissions import EDIT, VIEW
from communicate.security import permits
from communicate.web.i18n import PluralFactory
from communicate_email.content import Mailbox
from communicate_email.store import conversing
from communicate_email.store import rows as rowing
from communicate_email.store.listed import Listed
from communicate_email.views.desk import Desk
from communicate_email.views.lists import pane, side
from communicate_email.views.reading import said, shown_of
from communicate_email.views.rows import elsewhere
from communicate_email.views.vouching import vouched

_ = TranslationStringFactory("communicate_email")
_n = PluralFactory("communicate_email")

PAGE = "communicate_email:templates/talk.pt"
OPEN = 10  # messages that are open at once
FOLDED = 100  # folded ones that are listed
TOGETHER = _n("${n} message", "${n} messages")
EARLIER = _n(
    "${n} earlier message is not listed here.", "${n} earlier messages are not listed here."
)


@view_config(context=Mailbox, name="talk", permission=VIEW, request_method="GET", renderer=PAGE)
def talk(context: Mailbox, request: Request) -> dict[str, Any]:
    """Show a conversation; what is open in it counts as read."""
    desk = Desk(request, context.__parent__)
    thread = asked_thread(request)
    parts = conversing.whole(desk.reading, context, thread)
    if not any(one.box is context for one in parts):
        raise HTTPNotFound
    opened = open_ones(parts, request.GET.get("open"))
    if permits(request, context, EDIT):
        mark_read(desk, [one for one in parts if one.row.id in opened])
    start = len(parts) - FOLDED
    listed = [one for at, one in enumerate(parts) if at >= start or one.row.id in opened]
    last = latest(parts, context)
    rows = [row(desk, one, one.row.id in opened, thread, context) for one in listed]
    return {
        "title": rows[-1]["subject"],
        "side": side(desk, context),
        "pane": pane(desk, context, thread=thread),
        "desk": desk,
        "box": context,
        "path": desk.path(context),
        "folder": desk.name(context),
        "thread": encode(thread),
        "rows": rows,
        "count": request.page.plural(TOGETHER, len(parts)),
        "earlier": request.page.plural(EARLIER, len(parts) - len(listed))
        if len(parts) > len(listed)
        else "",
        "last": f"{desk.path(last.box)}/{{}}/{last.row.uid}",
        "starred": any(one.row.flags & rowing.FLAGGED for one in parts),
        "targets": desk.targets(context),
        "labels": desk.labels.all,
    }


def asked_thread(request: Any) -> int:
    """Return the thread that the address names; 404 without one."""
    try:
        return decode("/".join(request.subpath))
    except ValueError:
        raise HTTPNotFound from None


def open_ones(parts: list[Listed], asked: str | None) -> set[int]:
    """Return the ids of what is open: the latest, what is unread, and what is *asked* for."""
    readable = [one for one in parts if one.box.role != "drafts"]
    unread = [one for one in readable if not one.row.flags & rowing.SEEN]
    wanted = [one for one in readable if _name(one) == asked]
    first = [one.row.id for one in (*wanted, *readable[-1:], *unread[::-1])]
    return set(list(dict.fromkeys(first))[:OPEN])


def mark_read(desk: Desk, opened: list[Listed]) -> None:
    """Count what is open as read."""
    for one in opened:
        if not one.row.flags & rowing.SEEN:
            desk.store.flag(one.box, [one.row.uid], rowing.SEEN)


def latest(parts: list[Listed], box: Mailbox) -> Listed:
    """Return the message that is answered: the latest that came from somebody else, if any."""
    others = [one for one in parts if one.box.role not in ("sent", "drafts")]
    return (others or parts)[-1]


def row(desk: Desk, one: Listed, is_open: bool, thread: int, here: Mailbox) -> dict[str, Any]:
    """Return a message of the conversation, with its text where it is open."""
    found = elsewhere(desk, one)
    name = _name(one)
    draft = one.box.role == "drafts"
    path = f"{desk.path(here)}/talk/{encode(thread)}?open={name}#m-{name}"
    return {
        **found,
        "name": name,
        "alone": found["path"],
        "path": found["path"] if draft else path,
        "draft": draft,
        "folder": "" if one.box is here else desk.name(one.box),
        "said": told(desk, one) if is_open else None,
        "answers": f"{desk.path(one.box)}/reply/{one.row.uid}",
    }


def told(desk: Desk, one: Listed) -> Any:
    """Return the HTML of a message that is open."""
    shown = shown_of(desk, one)
    return said(desk, one, shown, vouched(desk, one, shown))


def _name(one: Listed) -> str:
    return f"{encode(one.box.id)}-{one.row.uid}"
