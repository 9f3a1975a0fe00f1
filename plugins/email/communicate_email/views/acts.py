"""What is done with messages, one or many: marks, labels, other folders, the trash, and back."""

from functools import cached_property
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.view import view_config

from communicate.ids import decode, encode
from communicate.permissions import EDIT
from communicate.web import notices, once
from communicate.web.i18n import PluralFactory
from communicate.web.notices import Undo
from communicate.web.preferences import safe_path
from communicate_email.content import Account, Mailbox
from communicate_email.errors import Refused
from communicate_email.store import rows as rowing
from communicate_email.store.marks import HIDDEN
from communicate_email.views.chosen import Places, chosen, picked
from communicate_email.views.desk import Desk

_ = TranslationStringFactory("communicate_email")
_n = PluralFactory("communicate_email")

SURE = "communicate_email:templates/sure.pt"
ADD, REMOVE = "add", "remove"
MARKS = {
    "seen": (rowing.SEEN, ADD),
    "unseen": (rowing.SEEN, REMOVE),
    "star": (rowing.FLAGGED, ADD),
    "unstar": (rowing.FLAGGED, REMOVE),
}
PUT = {"archive": "archive", "delete": "trash", "junk": "junk", "not-junk": "inbox"}
MOVED = _n("${n} message is in “${name}” now.", "${n} messages are in “${name}” now.")
GONE = _n("${n} message is gone for good.", "${n} messages are gone for good.")
MANY = _n(
    "${n} message will be destroyed. Nobody can bring it back.",
    "${n} messages will be destroyed. Nobody can bring them back.",
)
MARKED = {
    "seen": _n("${n} message is read now.", "${n} messages are read now."),
    "unseen": _n("${n} message is unread now.", "${n} messages are unread now."),
    "star": _n("${n} message has a star now.", "${n} messages have a star now."),
    "unstar": _n("${n} message has no star any more.", "${n} messages have no star any more."),
}
LABELLED = _n(
    "${n} message has the label “${name}” now.", "${n} messages have the label “${name}” now."
)
UNLABELLED = _n(
    "${n} message has lost the label “${name}”.", "${n} messages have lost the label “${name}”."
)
BACK, LATE = _("It is as it was."), _("It is too late to take that back.")
THERE = _("The messages are in this folder already.")
GONE_MEANWHILE = _("What you meant is not in this folder any more.")


@view_config(context=Mailbox, name="act", permission=EDIT, request_method="POST")
def act(context: Mailbox, request: Request) -> Any:
    """Do what the button says with the messages that are ticked or named."""
    return Acting(Desk(request, context.__parent__), context).done()


@view_config(context=Account, name="act", permission=EDIT, request_method="POST")
def act_across(context: Account, request: Request) -> Any:
    """Do it from a list across folders."""
    return Acting(Desk(request, context), None).done()


@view_config(context=Account, name="undo", permission=EDIT, request_method="POST")
def undo(context: Account, request: Request) -> HTTPSeeOther:
    """Take the last step back."""
    once.check(request)
    desk = Desk(request, context)
    try:
        number = decode(request.POST.get("step"))
    except (ValueError, TypeError):
        raise HTTPBadRequest from None
    box = desk.store.steps(context).take_back(number)
    notices.give(request, *((LATE, "warn") if box is None else (BACK,)))
    inbox = desk.path(context.box("inbox"))
    return once.done(request, back_to(desk) or (inbox if box is None else desk.path(box)))


class Acting:
    """One press of a button: *box* is the folder whose list it was, None for several."""

    def __init__(self, desk: Desk, box: Mailbox | None) -> None:
        self.desk = desk
        self.box = box
        self.request = desk.request
        self.picks = picked(self.request.POST)
        self.verb = self._verb()

    def _verb(self) -> str:
        post = self.request.POST
        for star in ("star", "unstar"):
            if post.get(star):
                return star
        verb, to = post.get("act"), post.get("to")
        if verb in ("move", "delete", "destroy", *MARKS, *PUT):
            labels = verb == "move" and isinstance(to, str) and to[:1] in ("+", "-")
            return str(to if labels else verb)
        if isinstance(verb, str) and verb[:1] in ("+", "-"):
            return verb
        raise HTTPBadRequest

    @cached_property
    def places(self) -> Places:
        """The uids that are meant, by the id of their folder."""
        return chosen(self.desk, self.box, self.verb, self.picks)

    @cached_property
    def back(self) -> str:
        """The address of the page of the list from which the form came."""
        return back_to(self.desk) or (
            f"{self.desk.base}/starred" if self.box is None else list_at(self.desk, self.box)
        )

    def done(self) -> Any:
        """Do it; return what answers the request."""
        if not self.picks:
            notices.give(self.request, _("Tick the messages that you mean first."), "warn")
            return HTTPSeeOther(self.back)
        if not any(rowing.one(box, uid) for box, uids in self._boxes() for uid in uids):
            notices.give(self.request, GONE_MEANWHILE, "warn")
            return HTTPSeeOther(self.back)
        if self.verb == "destroy" or (self.verb == "delete" and self._is("trash")):
            return self.destroy()
        steps = self.desk.store.steps(self.desk.account)
        try:
            text = self._do(steps)
        except Refused as error:
            notices.give(self.request, error.reason, "bad")
            return HTTPSeeOther(self.back)
        number = steps.remember()
        if number is not None:
            fields = {"step": encode(number), "back": self.back, once.FIELD: once.new()}
            taking = Undo(f"{self.desk.base}/undo", fields)
            notices.give(self.request, text, undo=taking)
        return HTTPSeeOther(self._after())

    def _is(self, *roles: str) -> bool:
        return self.box is not None and self.box.role in roles

    def _do(self, steps: Any) -> str:
        """Do what the button says; return the sentence that tells it."""
        page = self.request.page
        if self.verb in MARKS:
            count = self._flag(steps, *MARKS[self.verb])
            return str(page.plural(MARKED[self.verb], count))
        if self.verb[0] in "+-":
            label = self.desk.labels.by_number(self.verb[1:])
            if label is None:
                raise Refused(_("That label is not there any more."))
            puts = self.verb[0] == "+"
            count = self._flag(steps, label.bit, ADD if puts else REMOVE)
            return said(self.request, LABELLED if puts else UNLABELLED, count, label.name)
        target = self._target()
        count = 0
        for box, uids in self._boxes():
            if box is not target:
                count += steps.move(box, uids, target)
        if not count:
            raise Refused(THERE)
        return said(self.request, MOVED, count, self.desk.name(target))

    def _flag(self, steps: Any, bits: int, how: str) -> int:
        return sum(steps.flag(box, uids, bits, how) for box, uids in self._boxes())

    def _boxes(self) -> list[tuple[Mailbox, list[int]]]:
        boxes = self.desk.account.boxes
        return [(boxes[number], uids) for number, uids in self.places.items()]

    def _target(self) -> Mailbox:
        if self.verb in PUT:
            return self.desk.account.box(PUT[self.verb])
        return self.desk.box_named(self.request.POST.get("to"))

    def _after(self) -> str:
        """Return where it leads: to the message on which the mark was set, or to the list."""
        stays = self.request.POST.get("stay") == "yes"
        uids = [value for name, value in self.picks if name == "uid"]
        marks = self.verb in MARKS or self.verb[0] in "+-"
        if stays and marks and self.verb != "unseen" and len(uids) == 1 and self.box is not None:
            return f"{self.desk.path(self.box)}/read/{uids[0]}"
        return self.back

    def destroy(self) -> Any:
        """Ask whether to destroy messages of the trash for good, or do it."""
        if not self._is(*HIDDEN) or self.box is None:
            raise HTTPBadRequest
        self.verb = "destroy"  # what it concerns in a conversation lies in this folder
        uids = self.places.get(self.box.id, [])
        page, post = self.request.page, self.request.POST
        if post.get("sure") != "yes":
            values = {
                "title": _("Delete for good"),
                "path": self.desk.path(self.box),
                "folder": self.desk.name(self.box),
                "fields": self.picks,
                "many": page.plural(MANY, len(uids)),
            }
            return render_to_response(SURE, values, self.request)
        gone = self.desk.store.expunge(self.box, uids)
        notices.give(self.request, page.plural(GONE, len(gone)))
        return HTTPSeeOther(self.desk.path(self.box))


def said(request: Any, words: Any, count: int, name: str) -> str:
    """Return the sentence with a count and the name of a folder or a label."""
    return str(request.page.plural(words, count)).replace("${name}", name)


def back_to(desk: Desk) -> str | None:
    """Return the address in this account to which the form asks to lead, if it does."""
    back = desk.request.POST.get("back")
    if isinstance(back, str) and safe_path(back) == back and back.startswith(f"{desk.base}/"):
        return back
    return None


def list_at(desk: Desk, box: Mailbox) -> str:
    """Return the address of the page of the list from which the form came."""
    before = desk.request.POST.get("before")
    try:
        number = decode(before) if before else None
    except (ValueError, TypeError):
        raise HTTPBadRequest from None
    return desk.path(box) + (f"?before={encode(number)}" if number is not None else "")
