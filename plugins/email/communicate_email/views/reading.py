"""One message read: its text, its headers in words, its attachments, its source."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.view import view_config

from communicate.ids import encode
from communicate.permissions import EDIT, VIEW
from communicate.security import permits
from communicate.web import marks
from communicate_email import mime
from communicate_email.cleaning import step
from communicate_email.content import Mailbox
from communicate_email.letters import SITE
from communicate_email.mime import Address, Shown
from communicate_email.store import rows as rowing
from communicate_email.store.reading import Listed
from communicate_email.views.attached import listed
from communicate_email.views.desk import Desk, asked_message
from communicate_email.views.doubts import doubts
from communicate_email.views.html import ASKED, cleaned, is_asked
from communicate_email.views.lists import pane, row_of, side
from communicate_email.views.people import clean, short
from communicate_email.views.pictures import choice
from communicate_email.views.prose import is_cut, prose
from communicate_email.views.rows import chip
from communicate_email.views.vouching import Vouched, vouched

_ = TranslationStringFactory("communicate_email")

PAGE = "communicate_email:templates/read.pt"
SAID = "communicate_email:templates/said.pt"
PRINT = "communicate_email:templates/print.pt"
MOST_THREAD = 50  # other messages of a conversation beside one
MOST_PEOPLE = 50
FRAMED = ("read", "talk")  # pages that show HTML as it was made


def shown_of(desk: Desk, one: Listed) -> Shown:
    """Return what people see of a message."""
    return mime.shown(mime.read(desk.reading.raw(one.row.id)))


def read_page(context: Mailbox, request: Request) -> dict[str, Any]:
    """Return what the page of a message shows, and what prints it."""
    desk = Desk(request, context.__parent__)
    one = asked_message(desk, context)
    if not one.row.flags & rowing.SEEN and permits(request, context, EDIT):
        desk.store.flag(context, [one.row.uid], rowing.SEEN)
        one = desk.reading.listed(context, [one.row.uid])[0]
    shown = shown_of(desk, one)
    known = vouched(desk, one, shown)
    return {
        "desk": desk,
        "one": one,
        "title": clean(shown.subject) or _("(no subject)"),
        "path": desk.path(context),
        "uid": one.row.uid,
        "box": context,
        "folder": desk.name(context),
        "starred": bool(one.row.flags & rowing.FLAGGED),
        "number": encode(one.row.id),
        "author": None if known is None else request.page.login_of(known.author),
        "stranger": known is not None and known.author is None and known.way != SITE,
        "said": said(desk, one, shown, known),
        "chips": [chip(label) for label in desk.labels.of(one.row.flags)],
    }


def said(desk: Desk, one: Listed, shown: Shown, known: Vouched | None) -> Markup:
    """Return the HTML of who says what to whom, and what is attached."""
    request, path = desk.request, desk.path(one.box)
    values = {
        "authors": people(shown.author) or [("", "")],
        "mark": mark_of(desk, shown, known),
        "heads": heads(request, shown),
        "date": shown.date or one.row.date,
        "vouched": known,
        "doubts": doubts(desk, one.box.role, shown, known),
        "text": prose(shown.text),
        **framed(desk, one, shown, known),
        "cut": is_cut(shown.text),
        "attachments": listed(request, path, one.row.uid, shown.attachments),
    }
    return Markup(render(SAID, values, request))  # noqa: S704  # from our template


def mark_of(desk: Desk, shown: Shown, known: Vouched | None) -> Markup:
    """Return the mark of who wrote: the picture of a member only where that member did.

    Anybody can call themselves by a login of this site.
    """
    login = None if known is None else desk.request.page.login_of(known.author)
    if login is not None:
        found: Markup = desk.request.page.avatar(login)
        return found
    return marks.avatar(people(shown.author)[0][0] if shown.author else "", "")


def framed(desk: Desk, one: Listed, shown: Shown, known: Vouched | None) -> dict[str, Any]:
    """Return where the HTML of the message is shown, and what of it waits to be asked for."""
    request, path = desk.request, desk.path(one.box)
    here = f"{path}/read/{one.row.uid}"
    if not shown.html or request.view_name not in FRAMED:
        return {"frame": "", "held": False, "rich": "", "asks": "", "plain": ""}
    if request.GET.get("as") == "text":
        return {"frame": "", "held": False, "rich": here, "asks": "", "plain": ""}
    found, chosen = cleaned(shown), choice(desk, shown, known)
    remote = bool(found.remote) and (is_asked(request) or chosen.always)
    tail = f"?{ASKED}=yes" if remote else ""
    return {
        "frame": f"{path}/frame/{one.row.uid}{tail}",
        "high": step(found.html),
        "held": not remote and found.held,
        "chosen": chosen,
        "always": f"{path}/pictures/{one.row.uid}" if found.remote and chosen.sender else "",
        "senders": f"{desk.base}/pictures",
        "rich": "",
        "asks": f"{here}?{ASKED}=yes" if found.remote else "",
        "plain": f"{here}?as=text",
    }


def people(found: Sequence[Address]) -> list[tuple[str, str]]:
    """Return names and addresses of people, as they are shown."""
    return [(short(one.name, one.address), clean(one.address)) for one in found[:MOST_PEOPLE]]


def heads(request: Any, shown: Shown) -> list[tuple[Any, str]]:
    """Return whom the message is for, each with a word before it."""
    fields = ((_("To"), shown.to), (_("Cc"), shown.cc), (_("Bcc"), shown.bcc))
    return [
        (word, request.page.list([_full(name, address) for name, address in people(found)]))
        for word, found in fields
        if found
    ]


def _full(name: str, address: str) -> str:
    return name if name == address else f"{name} <{address}>"


@view_config(context=Mailbox, name="read", permission=VIEW, request_method="GET", renderer=PAGE)
def read(context: Mailbox, request: Request) -> dict[str, Any]:
    """Show a message beside its folder, and count it as read."""
    found = read_page(context, request)
    desk, one = found["desk"], found["one"]
    return {
        **found,
        "side": side(desk, context),
        "pane": pane(desk, context, one),
        "thread": thread(desk, one),
        "targets": desk.targets(context),
    }


def thread(desk: Desk, one: Listed) -> list[dict[str, Any]]:
    """Return the other messages of its conversation, the oldest first."""
    others = desk.reading.threads.mails(one.row.thread)[-MOST_THREAD:]
    if len(others) < 2:
        return []
    return [
        {**row_of(desk, each), "folder": desk.name(each.box), "here": each.row.id == one.row.id}
        for each in desk.reading.found(others)
    ]


@view_config(context=Mailbox, name="print", permission=VIEW, request_method="GET", renderer=PRINT)
def to_print(context: Mailbox, request: Request) -> dict[str, Any]:
    """Show a message alone, as it is put on paper."""
    return read_page(context, request)
