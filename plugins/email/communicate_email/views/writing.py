"""Writing a message: a new one, an answer, one sent on, one taken back; and sending it."""

from dataclasses import replace
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.clock import now
from communicate.ids import encode, new_id
from communicate.permissions import EDIT
from communicate.quota import QuotaExceeded
from communicate.web import notices
from communicate.web.forms import Form, FormInvalid
from communicate.web.notices import Undo
from communicate_email import mime
from communicate_email.composing import (
    Draft,
    File,
    answer_subject,
    as_bytes,
    forward_subject,
    is_fit,
    people_of,
    quoted,
    references_of,
)
from communicate_email.content import Account, Mailbox
from communicate_email.errors import Refused
from communicate_email.interfaces import IAddresses, ISending
from communicate_email.letters import Letter
from communicate_email.mime import Shown
from communicate_email.receiving.settings import host_of
from communicate_email.store import rows as rowing
from communicate_email.store.reading import Listed
from communicate_email.store.services import Incoming
from communicate_email.views.desk import Desk, asked_message, asked_uid
from communicate_email.views.forms import LONGEST, draft_in, kept_in, write_form
from communicate_email.views.lists import side
from communicate_email.views.parts import part_of
from communicate_email.views.people import clean

_ = TranslationStringFactory("communicate_email")

PAGE = "communicate_email:templates/write.pt"
BACK = 10  # seconds for which what was sent can be taken back
ROOM = LONGEST // 2  # characters of what is quoted
METHODS = ("GET", "POST")
WROTE = _("On ${date}, ${who} wrote:")
SENT_ON = _("Message sent on")
FROM = _("From: ${names}")
DATE = _("Date: ${date}")
SUBJECT = _("Subject: ${subject}")
TO = _("To: ${names}")


def write_page(desk: Desk, form: Form, title: Any) -> dict[str, Any]:
    """Return what the page with the form shows."""
    return {"title": title, "side": side(desk), "form": form, "desk": desk}


def answer(
    desk: Desk,
    title: Any,
    path: str,
    values: dict[str, Any],
    one: Listed | None = None,
    verb: str = "",
) -> Any:
    """Show the form at *path*, or send what came with it; *one* is what it is about."""
    request = desk.request
    message = None if one is None else mime.read(desk.reading.raw(one.row.id))
    shown = None if message is None else mime.shown(message)
    kept = _kept(shown) if shown is not None and verb in ("forward", "resume") else []
    form = write_form(desk, path, values, kept)
    if request.method != "POST":
        return write_page(desk, form, title)
    try:
        found = form.validate()
        draft = draft_in(desk, form, found)
        numbers = kept_in(found, kept)
        draft = replace(draft, files=[*_files(message, shown, numbers), *draft.files])
        if shown is not None:
            draft = _related(draft, shown, verb)
        send(desk, form, draft)
    except FormInvalid:
        request.response.status = 400
        return write_page(desk, form, title)
    if one is not None:
        _mark(desk, one, verb)
    done: HTTPSeeOther = form.done(desk.path(desk.account.box("inbox")))
    return done


def _kept(shown: Shown) -> list[tuple[str, str]]:
    """Return the number and the name of each file that can go along."""
    return [(one.number, one.name or one.media) for one in shown.attachments]


def _files(message: Any, shown: Shown | None, numbers: list[str]) -> list[File]:
    names = {} if shown is None else {one.number: one.name for one in shown.attachments}
    parts = [(number, part_of(message, number)) for number in numbers]
    return [
        File(names.get(number) or "file", part.octets)
        for number, part in parts
        if part is not None
    ]


def _related(draft: Draft, shown: Shown, verb: str) -> Draft:
    """Return *draft* with what it answers, or what it answered when it was taken back."""
    if verb in ("reply", "reply-all"):
        answers = shown.message_id if is_fit(shown.message_id) else ""
        return replace(draft, answers=answers, references=references_of(shown))
    if verb == "resume":
        fit = [one for one in shown.in_reply_to if is_fit(one)]
        references = tuple(one for one in shown.references if is_fit(one))
        return replace(draft, answers=fit[0] if fit else "", references=references)
    return draft


def _mark(desk: Desk, one: Listed, verb: str) -> None:
    """Have the list say that *one* was answered or sent on; a draft that was sent is gone."""
    if verb == "resume":
        desk.store.expunge(one.box, [one.row.uid])
        return
    flag = rowing.FORWARDED if verb == "forward" else rowing.ANSWERED
    desk.store.flag(one.box, [one.row.uid], flag)


def send(desk: Desk, form: Form, draft: Draft) -> None:
    """Send *draft*, keep a copy, and offer to take it back; raise FormInvalid with the cure."""
    request, moment = desk.request, now(desk.request)
    host = host_of(request.registry.settings)
    raw = as_bytes(draft, f"{encode(new_id(moment))}@{host}", moment)
    letter = Letter(raw, draft.sender, author=desk.uid)
    point = request.tm.savepoint()
    try:
        sent = desk.store.append(desk.account.box("sent"), [Incoming(raw, rowing.SEEN)])
        number = request.find_service(ISending).send(letter, draft.recipients, after=BACK)
    except (Refused, QuotaExceeded) as error:
        point.rollback()
        form.fail("to" if isinstance(error, Refused) else None, error.reason)
    fields = {"number": encode(number), "uid": str(sent[0])}
    notices.give(request, _("Your message is sent."), undo=Undo(f"{desk.base}/unsend", fields))


@view_config(context=Account, name="write", permission=EDIT, request_method=METHODS, renderer=PAGE)
def write(context: Account, request: Request) -> Any:
    """Write a new message, to whom the query names if it does."""
    desk = Desk(request, context)
    values = {"to": request.GET.get("to", "")[:254]} if request.method == "GET" else {}
    return answer(desk, _("New message"), f"{desk.base}/write", values)


@view_config(context=Mailbox, name="reply", permission=EDIT, request_method=METHODS, renderer=PAGE)
@view_config(
    context=Mailbox, name="reply-all", permission=EDIT, request_method=METHODS, renderer=PAGE
)
def reply(context: Mailbox, request: Request) -> Any:
    """Answer who wrote, or all."""
    desk = Desk(request, context.__parent__)
    one = asked_message(desk, context)
    verb = request.view_name
    shown = mime.shown(mime.read(desk.reading.raw(one.row.id)))
    addresses = request.find_service(IAddresses)

    def own(address: str) -> bool:
        return bool(addresses.may_send(desk.uid, address))

    to, cc = people_of(shown, own, all_=verb == "reply-all")
    who = ", ".join(clean(each.name) or each.address for each in shown.author) or "?"
    date = request.page.exact(shown.date or one.row.date)
    head = request.page.say(WROTE, date=date, who=who)
    values = {
        "to": ", ".join(to),
        "cc": ", ".join(cc),
        "subject": answer_subject(clean(shown.subject))[:500],
        "body": f"\n\n{head}\n{quoted(shown.text, ROOM)}\n",
        **_sender(desk, shown),
    }
    return answer(
        desk, _("Reply"), f"{desk.path(context)}/{verb}/{one.row.uid}", values, one, verb
    )


def _sender(desk: Desk, shown: Shown) -> dict[str, str]:
    """Return that of the member's addresses to which *shown* came."""
    to = {one.address.lower() for one in (*shown.to, *shown.cc)}
    found = next((one for one in desk.addresses if one.lower() in to), None)
    return {} if found is None else {"sender": found}


@view_config(
    context=Mailbox, name="forward", permission=EDIT, request_method=METHODS, renderer=PAGE
)
def forward(context: Mailbox, request: Request) -> Any:
    """Send a message on, with its files."""
    desk = Desk(request, context.__parent__)
    one = asked_message(desk, context)
    shown = mime.shown(mime.read(desk.reading.raw(one.row.id)))
    say = request.page.say
    date = request.page.exact(shown.date or one.row.date)
    lines = [
        f"---------- {say(SENT_ON)} ----------",
        say(FROM, names=_written(shown.author)),
        say(DATE, date=date),
        say(SUBJECT, subject=clean(shown.subject)),
        say(TO, names=_written(shown.to)),
    ]
    body = "\n\n" + "\n".join(lines) + f"\n\n{shown.text[:ROOM]}\n"
    values = {"subject": forward_subject(clean(shown.subject))[:500], "body": body}
    path = f"{desk.path(context)}/forward/{one.row.uid}"
    return answer(desk, _("Forward"), path, values, one, "forward")


def _written(people: Any) -> str:
    return ", ".join(
        f"{clean(one.name)} <{one.address}>" if one.name else one.address for one in people
    )


@view_config(
    context=Mailbox, name="resume", permission=EDIT, request_method=METHODS, renderer=PAGE
)
def resume(context: Mailbox, request: Request) -> Any:
    """Go on with a message that is not sent."""
    if context.role != "drafts":
        raise HTTPNotFound
    desk = Desk(request, context.__parent__)
    one = asked_message(desk, context)
    shown = mime.shown(mime.read(desk.reading.raw(one.row.id)))
    values = {
        "to": ", ".join(each.address for each in shown.to),
        "cc": ", ".join(each.address for each in shown.cc),
        "bcc": ", ".join(each.address for each in shown.bcc),
        "subject": clean(shown.subject)[:500],
        "body": shown.text[:LONGEST],
    }
    if shown.author and shown.author[0].address in desk.addresses:
        values["sender"] = shown.author[0].address
    path = f"{desk.path(context)}/resume/{asked_uid(request)}"
    return answer(desk, _("Draft"), path, values, one, "resume")
