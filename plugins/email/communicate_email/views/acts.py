"""What is done with messages, one or many: marks, other folders, the trash, and back."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.view import view_config

from communicate.ids import decode, encode
from communicate.permissions import EDIT
from communicate.web import notices
from communicate.web.i18n import PluralFactory
from communicate.web.notices import Undo
from communicate_email.content import Mailbox
from communicate_email.errors import Refused
from communicate_email.store import rows as rowing
from communicate_email.views.desk import Desk, chosen

_ = TranslationStringFactory("communicate_email")
_n = PluralFactory("communicate_email")

SURE = "communicate_email:templates/sure.pt"
MARKS = {
    "seen": (rowing.SEEN, "add"),
    "unseen": (rowing.SEEN, "remove"),
    "star": (rowing.FLAGGED, "add"),
    "unstar": (rowing.FLAGGED, "remove"),
}
PUT = {"archive": "archive", "delete": "trash", "junk": "junk", "not-junk": "inbox"}
MOVED = _n("${n} message is in “${name}” now.", "${n} messages are in “${name}” now.")
GONE = _n("${n} message is gone for good.", "${n} messages are gone for good.")
BACK = _("It is as it was.")


@view_config(context=Mailbox, name="act", permission=EDIT, request_method="POST")
def act(context: Mailbox, request: Request) -> Any:
    """Do what the button says with the messages that are ticked or named."""
    desk, verb, uids = Desk(request, context.__parent__), request.POST.get("act"), chosen(request)
    if not uids:
        notices.give(request, _("Tick the messages that you mean first."), "warn")
        return HTTPSeeOther(list_at(desk, context))
    if verb in MARKS:
        bit, how = MARKS[verb]
        desk.store.flag(context, uids, bit, how)
        return HTTPSeeOther(after_mark(desk, context, verb, uids))
    if verb in PUT:
        target = desk.account.box(PUT[verb])
    elif verb in ("move", "back"):
        target = desk.box_named(request.POST.get("to"))
    elif verb == "destroy":
        return destroy(desk, context, uids)
    else:
        raise HTTPBadRequest
    if target is context:
        if verb == "delete":
            return destroy(desk, context, uids)
        notices.give(request, _("The messages are in this folder already."), "warn")
        return HTTPSeeOther(list_at(desk, context))
    return move(desk, context, target, uids, undoes=verb == "back")


def move(
    desk: Desk, source: Mailbox, target: Mailbox, uids: list[int], *, undoes: bool
) -> HTTPSeeOther:
    """Put messages into *target*, and offer to put them back."""
    request = desk.request
    try:
        made = desk.store.move(source, uids, target)
    except Refused as error:
        notices.give(request, error.reason, "bad")
        return HTTPSeeOther(list_at(desk, source))
    if undoes:
        notices.give(request, BACK)
        return HTTPSeeOther(desk.path(target))
    fields = {
        "act": "back",
        "to": encode(source.id),
        "uids": " ".join(map(str, made.values())),
    }
    if made:
        undo = Undo(f"{desk.path(target)}/act", fields) if len(made) <= MOST_UNDONE else None
        notices.give(request, said(request, MOVED, len(made), desk.name(target)), undo=undo)
    return HTTPSeeOther(list_at(desk, source))


MOST_UNDONE = 100  # messages whose numbers fit into what the browser brings back once


def destroy(desk: Desk, box: Mailbox, uids: list[int]) -> Any:
    """Ask whether to destroy messages of the trash for good, or do it."""
    request = desk.request
    if box.role not in ("trash", "junk"):
        raise HTTPBadRequest
    if request.POST.get("sure") != "yes":
        values = {
            "title": _("Delete for good"),
            "path": desk.path(box),
            "folder": desk.name(box),
            "uids": " ".join(map(str, uids)),
            "many": request.page.plural(MANY, len(uids)),
        }
        return render_to_response(SURE, values, request)
    gone = desk.store.expunge(box, uids)
    notices.give(request, request.page.plural(GONE, len(gone)))
    return HTTPSeeOther(desk.path(box))


MANY = _n(
    "${n} message will be destroyed. Nobody can bring it back.",
    "${n} messages will be destroyed. Nobody can bring them back.",
)


def said(request: Any, words: Any, count: int, name: str) -> str:
    """Return the sentence with a count and the name of a folder."""
    return str(request.page.plural(words, count)).replace("${name}", name)


def list_at(desk: Desk, box: Mailbox) -> str:
    """Return the address of the page of the list from which the form came."""
    before = desk.request.POST.get("before")
    try:
        number = decode(before) if before else None
    except (ValueError, TypeError):
        raise HTTPBadRequest from None
    return desk.path(box) + (f"?before={encode(number)}" if number is not None else "")


def after_mark(desk: Desk, box: Mailbox, verb: str, uids: list[int]) -> str:
    """Return where a mark leads: to the message it was set on, or to the list."""
    stays = desk.request.POST.get("stay") == "yes" and verb != "unseen" and len(uids) == 1
    return f"{desk.path(box)}/read/{uids[0]}" if stays else list_at(desk, box)
