"""Pictures that messages would load from elsewhere: once, or always from a sender who is known.

They come straight from where the sender put them, so that whoever answers there learns the
reader's address and the moment: the page says so before, and asks nobody else.
"""

from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import EDIT
from communicate.web import notices
from communicate_email.content import Account, Mailbox
from communicate_email.errors import Refused
from communicate_email.interfaces import IMailStore
from communicate_email.mime import Shown
from communicate_email.views.desk import Desk, asked_message
from communicate_email.views.lists import side
from communicate_email.views.vouching import Vouched, vouched

_ = TranslationStringFactory("communicate_email")

PAGE = "communicate_email:templates/pictures.pt"
FROM_NOW_ON = _("Pictures in messages of ${address} are loaded from now on.")
NO_MORE = _("Pictures in messages of ${address} wait until you ask for them.")


class Choice(NamedTuple):
    """The *sender*, empty where it is not known who that is; whether pictures always load."""

    sender: str = ""
    always: bool = False


def choice(desk: Desk, shown: Shown, known: Vouched | None) -> Choice:
    """Return what the member chose for the sender of *shown*, who is known by *known*."""
    if known is None or not (known.verified or known.author is not None):
        return Choice()
    if len(shown.author) != 1 or shown.author[0].odd:
        return Choice()
    sender = shown.author[0].address.lower()
    return Choice(sender, pictures_of(desk).shows(sender))


def pictures_of(desk: Desk) -> Any:
    """Return the service that keeps the choices of the member."""
    return desk.request.find_service(IMailStore).pictures(desk.account)


@view_config(context=Mailbox, name="pictures", permission=EDIT, request_method="POST")
def always(context: Mailbox, request: Request) -> HTTPSeeOther:
    """Load the pictures in messages of this sender from now on."""
    from communicate_email.views.reading import shown_of  # which shows what is chosen here

    desk = Desk(request, context.__parent__)
    one = asked_message(desk, context)
    shown = shown_of(desk, one)
    sender = choice(desk, shown, vouched(desk, one, shown)).sender
    if not sender:
        raise HTTPBadRequest
    try:
        pictures_of(desk).allow(sender)
    except Refused as error:
        notices.give(request, error.reason, "bad")
    else:
        notices.give(request, FROM_NOW_ON % {"address": sender})
    return HTTPSeeOther(f"{desk.path(context)}/read/{one.row.uid}")


@view_config(
    context=Account,
    name="pictures",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer=PAGE,
)
def senders(context: Account, request: Request) -> Any:
    """Show whose pictures are always loaded, and take one back."""
    desk = Desk(request, context)
    path = f"{desk.base}/pictures"
    if request.method == "POST":
        address = request.POST.get("address")
        if not isinstance(address, str):
            raise HTTPBadRequest
        if pictures_of(desk).shows(address):
            pictures_of(desk).withdraw(address)
            notices.give(request, NO_MORE % {"address": address})
        return HTTPSeeOther(path)
    return {
        "title": _("Pictures from elsewhere"),
        "side": side(desk),
        "path": path,
        "senders": pictures_of(desk).senders(),
    }
