"""The forms that ask for a case and that grant help, and what was typed as typed values."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.clock import milliseconds, now
from communicate.ids import ALPHABET, LENGTH, decode
from communicate.interfaces import IAuthored, IMembers
from communicate.reports.kinds import kinds_of
from communicate.web import fields
from communicate.web.fields import Schema
from communicate.web.forms import Button, Form

_ = TranslationStringFactory("communicate")

IDS = re.compile(rf"(?<![{ALPHABET}])[{ALPHABET}]{{{LENGTH}}}(?![{ALPHABET}])")
MOST = 100  # named things
SPANS = {
    "hour": (_("An hour"), timedelta(hours=1)),
    "day": (_("A day"), timedelta(days=1)),
    "week": (_("A week"), timedelta(days=7)),
}
WRONG_MEMBER = _("There is no such member.")
NOT_THEIRS = _("This names nothing that the member wrote: copy the address of the thing.")


def field_of(kind: str) -> str:
    """Return the name of the box that stands for *kind*."""
    return "kind_" + re.sub(r"\W", "_", kind)


def add_kinds(schema: Any, request: Any) -> None:
    """Add a box for each kind of thing that can be read through a case."""
    for kind in kinds_of(request.registry).values():
        schema.add(fields.checkbox(kind.title, name=field_of(kind.kind)))


def kinds_in(values: dict[str, Any], request: Any) -> list[str]:
    """Return the kinds whose boxes are ticked."""
    return [kind for kind in kinds_of(request.registry) if values.get(field_of(kind))]


def new_case(request: Any, values: dict[str, Any]) -> Form:
    """Return the form that asks for a case."""
    schema = Schema()
    schema.add(fields.line(_("Login of the member concerned"), name="login", longest=30))
    schema.add(
        fields.area(_("Why?"), name="reason", rows=3, longest=2000, help=_("The member reads it."))
    )
    schema.add(
        fields.line(
            _("Reference"),
            name="reference",
            required=False,
            help=_("Of a letter, a complaint, a report. The member reads it."),
        )
    )
    add_kinds(schema, request)
    schema.add(
        fields.area(
            _("Or only these things"),
            name="things",
            rows=3,
            longest=10_000,
            required=False,
            help=_("Their addresses, one a line."),
        )
    )
    schema.add(
        fields.line(
            _("Who reads"),
            name="reader",
            longest=30,
            required=False,
            help=_("Login of a moderator or operator; you, where it is empty."),
        )
    )
    schema.add(fields.day(_("Last day"), name="ends"))
    schema.add(
        fields.line(
            _("Order that forbids telling the member yet"),
            name="order",
            required=False,
            help=_("Its reference. Without an order the member is told at once."),
        )
    )
    schema.add(fields.day(_("The member is told from"), name="silent", required=False))
    buttons = [Button("ask", _("Ask for the case"))]
    return Form(schema, request, buttons, values=values, name="case")


def helping(request: Any) -> Form:
    """Return the form by which a member lets staff read."""
    schema = Schema()
    add_kinds(schema, request)
    choices = tuple((name, title) for name, (title, _span) in SPANS.items())
    schema.add(fields.choice(_("For how long?"), choices, name="span"))
    buttons = [Button("grant", _("Let staff read this"))]
    return Form(schema, request, buttons, values={"span": "day"}, name="help")


def midnight(day: date | None) -> int:
    """Return the moment at which *day* begins, UTC, in milliseconds; 0 for none."""
    return 0 if day is None else milliseconds(datetime.combine(day, time(), UTC))


def end_of(day: date) -> int:
    """Return the moment at which *day* ends, UTC, in milliseconds."""
    return midnight(day) + timedelta(days=1) // timedelta(milliseconds=1)


def span_end(request: Any, span: str) -> int:
    """Return the moment, in milliseconds, at which *span* of now is over."""
    return milliseconds(now(request) + SPANS[span][1])


def member_named(form: Form, request: Any, field: str, login: str) -> Any:
    """Return the member *login*; raise FormInvalid where there is none."""
    found = request.find_service(IMembers).by_login(login)
    if found is None:
        form.fail(field, WRONG_MEMBER)
    return found


def things_named(form: Form, request: Any, uid: int, text: str) -> list[tuple[str, int]]:
    """Return kind and id of each thing whose address is a line of *text*; raise FormInvalid."""
    lines = [line for line in text.splitlines() if line.strip()]
    found = [next(authored_in(request, uid, line), None) for line in lines[:MOST]]
    if len(lines) > MOST or None in found:
        form.fail("things", NOT_THEIRS)
    return [one for one in dict.fromkeys(found) if one is not None]


def authored_in(request: Any, uid: int, address: str) -> Iterator[tuple[str, int]]:
    """Yield kind and id of what *address* names that *uid* has authored, the last one first."""
    authored = request.find_service(IAuthored)
    for text in reversed(IDS.findall(address.lower())):
        try:
            number = decode(text)
        except ValueError:
            continue
        # A topic and its first post have one id: the words come before the title.
        for kind in sorted(kinds_of(request.registry)):
            if authored.has(uid, kind, number):
                yield kind, number
