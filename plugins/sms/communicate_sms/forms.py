"""The forms of text messages."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request

from communicate.web import fields
from communicate.web.forms import Button, Form, Schema, preview_button
from communicate_sms import numbers, parts

_ = TranslationStringFactory("communicate_sms")
Below = Callable[[str], Markup]  # what stands under a field, of its value


def longest(request: Request) -> int:
    """Return how many characters a message can have at most."""
    return int(request.registry.settings["sms.parts"]) * parts.TOGETHER[parts.GSM7]


def text_field(request: Request, rows: int, counted: Below) -> Any:
    """Return the field for what is written, with what it takes under it."""
    return fields.area(
        _("Message"),
        longest=longest(request),
        rows=rows,
        drafts=True,
        below=counted,
        name="text",
        attributes={"placeholder": request.localizer.translate(_("Message"))} if rows < 4 else {},
    )


def later_field(request: Request) -> Any:
    """Return the field for when it leaves."""
    zone = {"zone": request.page.formats.zone.key}
    return fields.moment(
        _("Send it later"),
        name="later",
        required=False,
        folded=True,
        help=_("In your time zone, ${zone}. Until then you can change it.", mapping=zone),
    )


def send_buttons() -> list[Button]:
    """Return the buttons under what is to be sent."""
    return [Button("send", _("Send"), icon="send"), preview_button()]


def say_form(request: Request, action: str, counted: Below) -> Form:
    """Return the form that writes one more message in a conversation."""
    schema = Schema()
    schema.add(text_field(request, 2, counted))
    schema.add(later_field(request))
    return Form(schema, request, send_buttons(), action=action, name="say")


def new_form(request: Request, reached: Below, counted: Below, to: str = "") -> Form:
    """Return the form that writes to somebody; *to* is a login.

    What was begun to one person is not found where somebody else is to be written to.
    """
    schema = Schema()
    schema.add(
        fields.line(
            _("To"),
            longest=numbers.LONGEST,
            below=reached,
            name="to",
            attributes={
                "list": "people",
                "autocapitalize": "none",
                "autocomplete": "off",
                "spellcheck": "false",
            },
            help=_("A number, such as +33 6 12 34 56 78, or the login of a member."),
        )
    )
    schema.add(text_field(request, 4, counted))
    schema.add(later_field(request))
    schema.add(fields.hidden(longest=numbers.LONGEST, name="seen"))
    place = f"{request.path_info}?to={to}" if to else ""
    values = {"to": to} if to else None
    return Form(schema, request, send_buttons(), values=values, place=place)


def change_form(request: Request, counted: Below, text: str, at: datetime) -> Form:
    """Return the form that changes what is to leave later."""
    schema = Schema()
    limit = longest(request)
    schema.add(fields.area(_("Message"), longest=limit, rows=4, below=counted, name="text"))
    zone = request.page.formats.zone.key
    schema.add(
        fields.moment(
            _("When it leaves"),
            name="later",
            help=_("In your time zone, ${zone}.", mapping={"zone": zone}),
        )
    )
    values = {"text": text, "later": at}
    return Form(schema, request, [Button("save", _("Save"))], values=values)
