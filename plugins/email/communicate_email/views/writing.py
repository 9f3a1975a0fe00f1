"""Writing a message: a new one, an answer, one sent on, one taken back; and sending it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.clock import now
from communicate.ids import encode, new_id
from communicate.permissions import EDIT
from communicate.quota import QuotaExceeded
from communicate.web import notices, once
from communicate.web.forms import PREVIEW, Button, Form, FormInvalid
from communicate.web.notices import Undo
from communicate.writing.interfaces import IAttachments, IDrafts
from communicate_email.composing import Draft, as_bytes, speaks_of_file
from communicate_email.content import Account, Mailbox
from communicate_email.errors import Refused
from communicate_email.identities import Identities, block
from communicate_email.interfaces import ISending
from communicate_email.letters import Letter
from communicate_email.receiving.settings import host_of
from communicate_email.store import rows as rowing
from communicate_email.store.services import Incoming
from communicate_email.views.desk import Desk, asked_message, asked_uid
from communicate_email.views.forms import KEEP, KEPT, draft_in, kept_in, preview, write_form
from communicate_email.views.lists import side
from communicate_email.views.originals import Beginning, Original

_ = TranslationStringFactory("communicate_email")

PAGE = "communicate_email:templates/write.pt"
METHODS = ("GET", "POST")
ANYWAY = "anyway"  # the button that sends without the file of which the text speaks
GONE = _(
    "The message that you send on is not there any more: its files cannot go along. Attach them "
    "here, or send it without."
)
FORGOTTEN = _("Your message speaks of a file, and none goes along: attach it, or send it so.")


class Writing:
    """The page at *path* on which a message is written, which may be about *original*."""

    def __init__(
        self,
        desk: Desk,
        title: Any,
        path: str,
        beginning: Beginning,
        original: Original | None = None,
    ) -> None:
        self.desk = desk
        self.request = desk.request
        self.title = title
        self.notes: Sequence[Any] = beginning.notes
        self.original = original
        self.kept = [] if original is None else original.kept
        self.form: Form = write_form(desk, path, beginning.values, self.kept)

    def page(self) -> dict[str, Any]:
        """Return what the page shows."""
        return {
            "title": self.title,
            "side": side(self.desk),
            "form": self.form,
            "desk": self.desk,
            "notes": self.notes,
            "signatures": json.dumps(signatures(self.desk, self.form)),
        }

    def answer(self) -> Any:
        """Show the form, or do what it asks for with what came."""
        if self.request.method != "POST":
            return self.page()
        try:
            values = self.form.validate()
            if self.form.pressed == PREVIEW:
                self.form.preview = preview(values)
                return self.page()
            keeps = self.form.pressed == KEEP
            draft = self.draft(values, nobody=keeps)
            where = self.keep(draft) if keeps else self.send(draft)
        except FormInvalid:
            self.request.response.status = 400
            return self.page()
        if self.original is not None:
            self.original.mark(sent=not keeps)
        return self.form.done(self.desk.path(self.desk.account.box(where)))

    def draft(self, values: dict[str, Any], *, nobody: bool) -> Draft:
        """Return what was written; *nobody* says that it may be for nobody yet."""
        draft = draft_in(self.desk, self.form, values, nobody=nobody)
        if self.original is not None:
            files = self.original.files(kept_in(values, self.kept))
            draft = self.original.related(replace(draft, files=[*files, *draft.files]))
        if not nobody and not draft.files and speaks_of_file(f"{draft.subject}\n{draft.text}"):
            self.ask_for_file()
        return draft

    def ask_for_file(self) -> None:
        """Ask once whether a file was forgotten."""
        if ANYWAY in self.request.POST:
            return
        first, *others = self.form.buttons
        anyway = Button(ANYWAY, _("Send without a file"), style="plain")
        self.form.buttons = (first, anyway, *others)
        self.form.fail(None, FORGOTTEN)

    def send(self, draft: Draft) -> str:
        """Send *draft*, keep a copy, and offer to take it back; raise FormInvalid with the cure.

        Return in the place of which folder one goes on.
        """
        desk, request = self.desk, self.request
        raw = self.raw(draft)
        letter = Letter(raw, draft.sender.address, author=desk.uid)
        after: int = request.registry.settings["email.undo"]
        point = request.tm.savepoint()
        try:
            self.let_go()
            sent = desk.store.append(desk.account.box("sent"), [Incoming(raw, rowing.SEEN)])
            number = request.find_service(ISending).send(letter, draft.recipients, after=after)
        except (Refused, QuotaExceeded) as error:
            point.rollback()
            self.form.fail("to" if isinstance(error, Refused) else None, error.reason)
        undo = None
        if after:
            fields = {"number": encode(number), "uid": str(sent[0]), once.FIELD: once.new()}
            undo = Undo(f"{desk.base}/unsend", fields)
        notices.give(request, _("Your message is sent."), undo=undo)
        return "inbox"

    def keep(self, draft: Draft) -> str:
        """Put *draft* into the folder of drafts; return its use."""
        drafts, point = self.desk.account.box("drafts"), self.request.tm.savepoint()
        try:
            self.let_go()
            self.desk.store.append(drafts, [Incoming(self.raw(draft), rowing.SEEN | rowing.DRAFT)])
        except (Refused, QuotaExceeded) as error:
            point.rollback()
            self.form.fail(None, error.reason)
        notices.give(self.request, _("Your message waits among the drafts."))
        return "drafts"

    def raw(self, draft: Draft) -> bytes:
        """Return the message."""
        moment = now(self.request)
        host = host_of(self.request.registry.settings)
        return as_bytes(draft, f"{encode(new_id(moment))}@{host}", moment)

    def let_go(self) -> None:
        """Have the files of the draft take no room any more: they are in the message."""
        draft = self.request.find_service(IDrafts).draft(self.desk.uid, self.form.place)
        if draft is not None:
            self.request.find_service(IAttachments).clear(draft)


def signatures(desk: Desk, form: Form) -> dict[str, str]:
    """Return the end of a message from each address among which *form* lets choose."""
    identities = Identities(desk.request, desk.account)
    senders = [field for field in form.fields if field.name == "sender"]
    choices = senders[0].widget.choices if senders else []
    found = {address: block(identities.of(address).signature) for address, _label in choices}
    return {address: end for address, end in found.items() if end}


@view_config(context=Account, name="write", permission=EDIT, request_method=METHODS, renderer=PAGE)
def write(context: Account, request: Request) -> Any:
    """Write a new message, to whom the query names if it does."""
    desk = Desk(request, context)
    signature = block(Identities(request, context).of(desk.addresses[0]).signature)
    values = {"body": f"\n\n{signature}" if signature else ""}
    if request.method == "GET":
        values["to"] = request.GET.get("to", "")[:254]
    return Writing(desk, _("New message"), f"{desk.base}/write", Beginning(values)).answer()


@view_config(context=Mailbox, name="reply", permission=EDIT, request_method=METHODS, renderer=PAGE)
@view_config(
    context=Mailbox, name="reply-all", permission=EDIT, request_method=METHODS, renderer=PAGE
)
def reply(context: Mailbox, request: Request) -> Any:
    """Answer who wrote, or all."""
    original = original_in(context, request)
    if original is None:
        return writing_alone(context, request, _("Reply"))
    return writing_about(original, _("Reply"), original.answered())


@view_config(
    context=Mailbox, name="forward", permission=EDIT, request_method=METHODS, renderer=PAGE
)
def forward(context: Mailbox, request: Request) -> Any:
    """Send a message on, with its files."""
    original = original_in(context, request)
    if original is None:
        return writing_alone(context, request, _("Forward"))
    return writing_about(original, _("Forward"), original.sent_on())


@view_config(
    context=Mailbox, name="resume", permission=EDIT, request_method=METHODS, renderer=PAGE
)
def resume(context: Mailbox, request: Request) -> Any:
    """Go on with a message that is not sent."""
    if context.role != "drafts":
        raise HTTPNotFound
    original = original_in(context, request)
    if original is None:
        raise HTTPNotFound
    return writing_about(original, _("Draft"), original.resumed())


def original_in(box: Mailbox, request: Request) -> Original | None:
    """Return the message of *box* that the address names; 404 where it is not there.

    None where it has gone while somebody wrote about it.
    """
    if request.method == "POST":
        once.check(request)  # the first of two presses may have sent this draft
    desk = Desk(request, box.__parent__)
    try:
        return Original(desk, asked_message(desk, box), request.view_name)
    except HTTPNotFound:
        if request.method != "POST":
            raise
        return None


def writing_alone(box: Mailbox, request: Request, title: Any) -> Any:
    """Go on with what was written about a message that is not there any more."""
    desk = Desk(request, box.__parent__)
    path = f"{desk.path(box)}/{request.view_name}/{asked_uid(request)}"
    writing = Writing(desk, title, path, Beginning({}))
    if any(name.startswith(f"{KEPT}-") for name in request.POST):
        try:
            writing.form.validate()
            writing.form.fail(None, GONE)
        except FormInvalid:
            request.response.status = 400
            return writing.page()
    return writing.answer()


def writing_about(original: Original, title: Any, beginning: Beginning) -> Any:
    """Return what is shown of the page on which one writes about *original*."""
    desk, one = original.desk, original.one
    path = f"{desk.path(one.box)}/{original.verb}/{one.row.uid}"
    return Writing(desk, title, path, beginning, original).answer()
