"""The list of a folder: page by page from the latest message, at the side of what is read."""

from typing import Any

from markupsafe import Markup
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.ids import encode
from communicate.permissions import EDIT, VIEW
from communicate.web.i18n import PluralFactory
from communicate.web.slices import asked, query
from communicate_email.content import NAME, Account, Mailbox, Office
from communicate_email.interfaces import IAddresses, IMailStore
from communicate_email.store import rows as rowing
from communicate_email.store import words
from communicate_email.store.reading import Listed
from communicate_email.views.desk import Desk
from communicate_email.views.people import clean, in_list

_ = TranslationStringFactory("communicate_email")
_n = PluralFactory("communicate_email")

PAGE = "communicate_email:templates/mail.pt"
PANE = "communicate_email:templates/list.pt"
SIDE = "communicate_email:templates/side.pt"
BEGIN = "communicate_email:templates/begin.pt"
FOUND = "communicate_email:templates/found.pt"
LEAD = 8  # messages above the one that is read, in the list beside it
LONGEST = 200  # characters of a search
TO = _("To: ${names}")
MESSAGES = _n("${n} message", "${n} messages")
SENDERS = ("sent", "drafts")  # folders in which whom it is for matters


def row_of(desk: Desk, one: Listed, here: int | None = None) -> dict[str, Any]:
    """Return a message as a list shows it; *here* is the uid of the one that is read."""
    page, head, flags = desk.request.page, one.head, one.row.flags
    who = in_list(page, head.to if one.box.role in SENDERS else head.authors)
    if one.box.role in SENDERS and who:
        who = page.say(TO, names=who)
    verb = "resume" if one.box.role == "drafts" else "read"
    return {
        "uid": one.row.uid,
        "path": f"{desk.path(one.box)}/{verb}/{one.row.uid}",
        "who": who or page.say(_("(nobody named)")),
        "subject": clean(head.subject) or page.say(_("(no subject)")),
        "line": clean(head.preview),
        "time": page.time(one.row.date),
        "unread": not flags & rowing.SEEN,
        "starred": bool(flags & rowing.FLAGGED),
        "answered": bool(flags & rowing.ANSWERED),
        "attached": bool(flags & rowing.ATTACHED),
        "here": one.row.uid == here,
        "folder": "",
    }


def side(desk: Desk, here: Mailbox | None = None) -> Markup:
    """Return the HTML of the folders, *here* marked in it."""
    values = {"desk": desk, "here": here}
    return Markup(render(SIDE, values, desk.request))  # noqa: S704  # from our template


def pane(desk: Desk, box: Mailbox, one: Listed | None = None) -> Markup:
    """Return the HTML of the list of *box*, around *one* where that is read."""
    request = desk.request
    size: int = request.registry.settings["email.page_size"]
    path = desk.path(box)
    if one is None:
        after, before = asked(request, "after"), asked(request, "before")
    else:
        after, before = None, _place_above(desk, box, one)
    found, newer, older = _slice(desk, box, size, after, before)
    values = {
        "rows": [row_of(desk, each, one.row.uid if one else None) for each in found],
        "heading": desk.name(box),
        "count": request.page.plural(MESSAGES, box.count),
        "unread": box.unseen,
        "path": path,
        "box": box,
        "targets": desk.targets(box),
        "before": encode(before) if before is not None else "",
        "newer": newer and path + query(after=newer),
        "older": older and path + query(before=older),
        "level": "h1" if one is None else "h2",
        "address": desk.addresses[0] if desk.addresses else "",
    }
    return Markup(render(PANE, values, request))  # noqa: S704  # from our template


def _place_above(desk: Desk, box: Mailbox, one: Listed) -> int | None:
    """Return the place below which a list begins that has *one* near its top."""
    above = desk.reading.newer(box, one.row.place, LEAD)
    return above[0].row.place + 1 if len(above) == LEAD else None


def _slice(
    desk: Desk, box: Mailbox, size: int, after: int | None, before: int | None
) -> tuple[list[Listed], int | None, int | None]:
    """Return a page, and the places of its neighbours: after which, and before which they are."""
    found: list[Listed] = []
    if after is not None:
        found = desk.reading.newer(box, after, size)
        if len(found) < size:  # the first page: filled from the top
            found, before = [], None
    if not found:
        found = desk.reading.page(box, before=before, most=size)
    if not found:
        return [], None, None
    first, last = found[0].row.place, found[-1].row.place
    newer = first if box.dates.maxKey() > first else None
    older = last if box.dates.minKey() < last else None
    return found, newer, older


@view_config(context=Office, permission=VIEW, request_method="GET", renderer=BEGIN)
def mine(_context: Office, request: Request) -> Any:
    """Lead to the member's own mail, or say what would be there."""
    uid = request.member.uid
    account = request.find_service(IMailStore).account(uid)
    if account is not None:
        return HTTPSeeOther(f"/members/{request.page.login}/{NAME}")
    return {"title": _("Mail"), "address": request.find_service(IAddresses).of(uid)[0]}


@view_config(context=Office, name="begin", permission=VIEW, request_method="POST")
def begin(_context: Office, request: Request) -> HTTPSeeOther:
    """Make the member's folders, and lead there."""
    request.find_service(IMailStore).opened(request.member.uid)
    return HTTPSeeOther(f"/members/{request.page.login}/{NAME}")


@view_config(context=Account, permission=VIEW, request_method="GET")
def account(context: Account, request: Request) -> HTTPSeeOther:
    """Lead to what came in."""
    return HTTPSeeOther(Desk(request, context).path(context.box("inbox")))


@view_config(context=Mailbox, permission=VIEW, request_method="GET", renderer=PAGE)
def mailbox(context: Mailbox, request: Request) -> dict[str, Any]:
    """Show a page of the messages of a folder, the latest first."""
    desk = Desk(request, context.__parent__)
    return {
        "title": desk.name(context),
        "side": side(desk, context),
        "pane": pane(desk, context),
    }


@view_config(context=Account, name="search", permission=EDIT, request_method="GET", renderer=FOUND)
def search(context: Account, request: Request) -> dict[str, Any]:
    """Show the messages with all of the words, the newest first."""
    desk = Desk(request, context)
    given = request.GET.get("q", "")[:LONGEST]
    wanted, numbers = words.asked(given), []
    if wanted:
        count_act(request, "email.searching")
        numbers = desk.reading.search(wanted)
    size: int = request.registry.settings["email.page_size"]
    before = asked(request, "before")
    left = [number for number in numbers if before is None or number < before]
    found = desk.reading.found(left[:size])
    older = left[size - 1] if len(left) > size else None
    tail = f"q={request.page.url('', q=given).partition('q=')[2]}"
    path = f"{desk.base}/search"
    return {
        "title": _("Search your mail"),
        "side": side(desk),
        "path": path,
        "q": given,
        "looked": bool(wanted),
        "rows": [{**row_of(desk, one), "folder": desk.name(one.box)} for one in found],
        "older": older and f"{path}{query(before=older)}&{tail}",
        "newer": f"{path}?{tail}" if before is not None else None,
    }
