"""Reporting a message: by disclosing it, and those with it that the reporter chooses."""

from itertools import islice
from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.ids import encode
from communicate.permissions import VIEW
from communicate.reports.interfaces import IReports
from communicate.reports.reasons import REASONS
from communicate.security import permits
from communicate.web import fields
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.notices import give
from communicate.web.slices import asked, backwards
from communicate_messages.content import Conversation, Message
from communicate_messages.indexing import KIND
from communicate_messages.lines import Lines
from communicate_messages.quotes import plain
from communicate_messages.reading import Reading
from communicate_messages.views.conversation import part_of
from communicate_messages.windows import window_of

_ = TranslationStringFactory("communicate_messages")

TEMPLATE = "communicate_messages:templates/report.pt"
BEFORE, AFTER = 12, 6  # messages around the one that is reported
LONGEST = 2_000  # characters of a note
PIECE = 200  # characters of a message in the list


def is_read(reading: Reading, context: Conversation, line: Any) -> bool:
    """Tell whether *line* is a message of *context* that its page shows to the viewer."""
    return (
        isinstance(line, Message)
        and permits(reading.request, line, VIEW)
        and not reading.keeps_apart(context, line)
    )


def reported(context: Conversation, reading: Reading) -> Message:
    """Return the message that the query names; 404 where the viewer cannot report it."""
    request = reading.request
    number = asked(request, "message")
    found = None if number is None else context.lines.get(number)
    if not isinstance(found, Message) or found.owner in (None, request.viewer.uid):
        raise HTTPNotFound
    if not is_read(reading, context, found):
        raise HTTPNotFound
    return found


def around(context: Conversation, reading: Reading, message: Message) -> list[Message]:
    """Return what the viewer reads around *message*, the oldest first, without it."""
    window = window_of(context, part_of(context, reading.request))
    before = [line for _number, line in islice(backwards(window, message.id), BEFORE)]
    after = [line for _number, line in islice(window.items(message.id, True), AFTER)]
    return [line for line in (*reversed(before), *after) if is_read(reading, context, line)]


def form_of(request: Request, reading: Reading, near: list[Message]) -> Form:
    """Return the form with a reason, a note, and a box for each message of *near*."""
    schema = Schema()
    schema.add(fields.choice(_("What is wrong with it?"), tuple(REASONS.items()), name="reason"))
    for each in near:
        words = plain(reading.words.html(each) or "")[:PIECE]
        label = f"{reading.name_of(each.owner)}, {reading.page.exact(each.created)} – {words}"
        schema.add(fields.checkbox(label, name=f"show-{each.__name__}"))
    schema.add(
        fields.area(
            _("What should a moderator know?"),
            longest=LONGEST,
            rows=4,
            name="note",
            required=False,
            help=_("Only moderators read it."),
        )
    )
    return Form(schema, request, [Button("report", _("Report"))], name="report")


@view_config(context=Conversation, name="report", permission=VIEW, renderer=TEMPLATE)
def report(context: Conversation, request: Request) -> dict[str, Any] | HTTPSeeOther:
    """Show what can be disclosed, or disclose what was chosen."""
    reading = Reading(request)
    message = reported(context, reading)
    near = around(context, reading, message)
    form, service = form_of(request, reading, near), request.find_service(IReports)
    waits = service.has_reported(request.member.uid, KIND, message.id)
    back = f"/messages/{context.__name__}"
    if request.method == "POST":
        try:
            values = form.validate()
        except FormInvalid:
            request.response.status = 400
        else:
            if not waits:
                count_act(request, "reporting")
            shown = [each for each in near if values.get(f"show-{each.__name__}")]
            service.report(KIND, message, values["reason"], values["note"], shown=shown)
            give(request, _("Thank you. A moderator will look at it, and you will be told."))
            done: HTTPSeeOther = form.done(back)
            return done
    return {
        "title": _("Report a message"),
        "words": Lines(reading, context, may_say=False).spoken(message).html,
        "author": message.owner,
        "number": encode(message.id),
        "back": back,
        "name": reading.title_of(context),
        "several": bool(near),
        "form": None if waits else form,
    }
