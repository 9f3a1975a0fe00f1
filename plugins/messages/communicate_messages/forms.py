"""The forms of messages."""

from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request

from communicate.web import fields
from communicate.web.forms import Button, Form, Schema, preview_button
from communicate_messages.life import LIVES

_ = TranslationStringFactory("communicate_messages")

LONGEST_TITLE = 80
LONGEST_PEOPLE = 2000
WHO = {
    "private": _("Nobody"),
    "contacts": _("My contacts"),
    "chosen": _("My contacts, and the people named below"),
    "members": _("All members; strangers' messages wait apart as requests"),
}


def body_field(request: Request, title: Any, rows: int) -> Any:
    """Return the field for the words of a message."""
    longest = request.registry.settings["messages.longest"]
    return fields.words(title, longest=longest, rows=rows, name="body", attaches=True)


def send_buttons() -> list[Button]:
    """Return the buttons under words that are to be sent."""
    return [Button("send", _("Send"), icon="send"), preview_button()]


def people_field(title: Any, **more: Any) -> Any:
    """Return the field for logins, completed while they are typed."""
    attributes = {"data-people": "/people", "data-remove": "–", "autocapitalize": "none"}
    return fields.line(title, longest=LONGEST_PEOPLE, attributes=attributes, **more)


def say_form(request: Request, action: str, body: str = "") -> Form:
    """Return the form that adds a message, with *body* in it."""
    schema = Schema()
    schema.add(body_field(request, _("Your message"), 2))
    adds = {"body": body} if body else None
    return Form(schema, request, send_buttons(), action=action, adds=adds, name="say")


def new_form(request: Request, people: str = "") -> Form:
    """Return the form that begins a conversation with *people*."""
    schema = Schema()
    schema.add(people_field(_("To"), name="people", help=_("Logins, with commas between them.")))
    schema.add(
        fields.line(
            _("Name of the conversation"),
            longest=LONGEST_TITLE,
            name="title",
            required=False,
            help=_("Where you write to several people, if you like."),
        )
    )
    schema.add(body_field(request, _("Message"), 6))
    values = {"people": people} if people else None
    return Form(schema, request, send_buttons(), values=values)


def add_form(request: Request, action: str) -> Form:
    """Return the form that lets more people in."""
    schema = Schema()
    help_text = _("They read what comes from then on, nothing of what was written before.")
    schema.add(people_field(_("Add people"), name="people", help=help_text))
    return Form(schema, request, [Button("add", _("Add"))], action=action, name="adding")


def name_form(request: Request, action: str, title: str) -> Form:
    """Return the form that gives a conversation another name."""
    schema = Schema()
    schema.add(
        fields.line(
            _("Name of the conversation"), longest=LONGEST_TITLE, name="title", required=False
        )
    )
    buttons = [Button("name", _("Save"))]
    return Form(schema, request, buttons, action=action, values={"title": title}, name="naming")


def life_form(request: Request, action: str, life: int) -> Form:
    """Return the form that proposes for how long messages are kept."""
    schema = Schema()
    choices = [(str(seconds), title) for seconds, title in LIVES.items()]
    schema.add(fields.choice(_("Keep messages for"), choices, folded=True, name="life"))
    buttons = [Button("propose", _("Propose it"))]
    values = {"life": str(life)}
    return Form(schema, request, buttons, action=action, values=values, name="keeping")


def settings_form(request: Request, values: Any) -> Form:
    """Return the form of the member's choices."""
    schema = Schema()
    schema.add(fields.choice(_("Who may write to you"), tuple(WHO.items()), name="who"))
    schema.add(
        people_field(
            _("The people named"),
            name="people",
            required=False,
            help=_("Logins, with commas between them."),
        )
    )
    schema.add(
        fields.checkbox(
            _("Show what I have read, and see what others have"),
            name="receipts",
            help=_("Only people who have ticked this too see what you have read, and you them."),
        )
    )
    return Form(schema, request, [Button("save", _("Save"))], values=values)
