"""The list of a folder: page by page from the latest message, at the side of what is read."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from markupsafe import Markup
from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.ids import encode
from communicate.permissions import EDIT, VIEW
from communicate.web.i18n import PluralFactory
from communicate.web.skeletons import as_is, fill_found
from communicate.web.slices import asked, query
from communicate.web.whole import whole
from communicate_email.content import NAME, Account, Mailbox, Office
from communicate_email.interfaces import IAddresses, IMailStore
from communicate_email.store.listed import Listed
from communicate_email.views.beside import side
from communicate_email.views.desk import Desk
from communicate_email.views.lines import rows_html
from communicate_email.views.listing import Listing, Messages, Talks
from communicate_email.views.rows import SENDERS, row_of

_ = TranslationStringFactory("communicate_email")
__all__ = ["list_html", "pane", "row_of", "side"]
_n = PluralFactory("communicate_email")

PAGE = "communicate_email:templates/mail.pt"
PANE = "communicate_email:templates/list.pt"
BEGIN = "communicate_email:templates/begin.pt"
OPTION = Markup('<option value="{}">{}</option>')
ALL = _n("The ${n} message of this list", "All ${n} messages of this list")


class Verb(NamedTuple):
    """Something to do with messages: *never* names the uses of folders where it means nothing."""

    value: str
    icon: str
    word: Any
    never: tuple[str | None, ...] = ()
    style: str = "btn-plain"


VERBS = (
    Verb("seen", "envelope-open", _("Read")),
    Verb("unseen", "envelope", _("Unread")),
    Verb("star", "star", _("Star")),
    Verb("archive", "archive", _("Archive"), ("archive",)),
    Verb("junk", "exclamation-octagon", _("Junk"), ("junk", "sent", "drafts", "trash")),
    Verb("not-junk", "inbox", _("Not junk"), ("inbox", "", "archive", *SENDERS, "trash", None)),
    Verb("delete", "trash", _("Delete"), style="btn-bad"),
)


def pane(desk: Desk, box: Mailbox, one: Listed | None = None, thread: int | None = None) -> Markup:
    """Return the HTML of the list of *box*, around *one* or the conversation that is read."""
    read = one is not None or thread is not None
    listing: Listing = Talks(desk, box) if desk.account.together else Messages(desk, box)
    here = listing.here(one, thread)
    size: int = desk.request.registry.settings["email.page_size"]
    after, before = asked(desk.request, "after"), asked(desk.request, "before")
    if read:
        after, before = None, None if here is None else listing.above(here)
    found, newer, older = listing.slice(size, after, before)
    path = desk.path(box)
    values = {
        "rows": listing.rows(found, one, thread),
        "heading": desk.name(box),
        "count": desk.request.page.plural(listing.counted, listing.count),
        "box": box,
        "path": path,
        "back": path + query(before=before),
        "newer": newer and path + query(after=newer),
        "older": older and path + query(before=older),
        "all": str(box.uid_next),
        "all_count": box.count,
        "of": "",
        "read": read,
    }
    return list_html(desk, values)


def list_html(desk: Desk, values: Mapping[str, Any]) -> Markup:
    """Return the HTML of a list with what can be done with its messages.

    It is put together from pieces: what is anybody's is a part, the rest says which kind it is of.
    """
    box: Mailbox | None = values["box"]
    role = None if box is None else box.role
    page, account = desk.request.page, desk.account
    labels = desk.labels.all
    kind = {
        "level": "h2" if values["read"] else "h1",
        "turns": box is not None and not values["read"],
        "together": account.together,
        "searches": values["of"] != "search",
        "rows": bool(values["rows"]),
        "verbs": tuple(one for one in VERBS if role not in one.never),
        "inbox": role == "inbox",
    }
    return fill_found(
        desk.request,
        PANE,
        kind,
        csrf=page.csrf(),
        base=desk.base,
        heading=values["heading"],
        count=values["count"],
        number=values["path"].rpartition("/")[2],
        action=values["path"] if box is not None else desk.base,
        back=values["back"],
        of=values["of"] if values["of"] not in ("", "search") else None,
        all=values["all"] or None,
        all_words=page.plural(ALL, values["all_count"]),
        lines=rows_html(desk.request, values["rows"]),
        targets=_options((encode(one.box.id), one.name) for one in desk.targets(box)),
        put=_options((f"+{one.number}", one.name) for one in labels) or None,
        take=_options((f"-{one.number}", one.name) for one in labels) or None,
        address=desk.addresses[0] if desk.addresses else "",
        pager=page.pager(values["newer"], values["older"]) or None,
    )


def _options(pairs: Iterable[tuple[str, str]]) -> Markup:
    """Return the options of a list of pairs of value and word."""
    return as_is("".join(OPTION.format(*pair) for pair in pairs))


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


@view_config(context=Mailbox, permission=VIEW, request_method="GET")
def mailbox(context: Mailbox, request: Request) -> Any:
    """Show a page of a folder, the latest first."""
    desk = Desk(request, context.__parent__)
    values = {
        "title": desk.name(context),
        "side": side(desk, context),
        "pane": pane(desk, context),
    }
    return whole(request, PAGE, values)


@view_config(context=Account, name="together", permission=EDIT, request_method="POST")
def together(context: Account, request: Request) -> HTTPSeeOther:
    """Have lists show conversations, or messages; lead to the first page of the folder."""
    desk = Desk(request, context)
    wanted = request.POST.get("together") == "yes"
    if context.together != wanted:
        context.together = wanted
    return HTTPSeeOther(desk.path(desk.box_named(request.POST.get("box"))))
