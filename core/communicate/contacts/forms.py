"""The forms of contacts."""

from typing import Any

import colander
from pyramid.i18n import TranslationStringFactory

from communicate.contacts.circles import LONGEST
from communicate.contacts.services import LONGEST_NOTE
from communicate.web import fields
from communicate.web.forms import Button, Form, Schema

_ = TranslationStringFactory("communicate")

NOTE_HELP = _("A word about who you are, read by nobody else. It is deleted with the request.")


class Act(Schema):
    """What a button sends: what to do, to whom, and where to go afterwards."""

    act = fields.hidden(longest=20, missing=colander.required)
    who = fields.hidden(longest=40)
    token = fields.hidden(longest=1000)
    back = fields.hidden()


class CircleAct(Schema):
    """What the buttons of circles send."""

    act = fields.hidden(longest=20, missing=colander.required)
    circle = fields.hidden(longest=20)
    name = fields.line(_("Name of the circle"), longest=LONGEST, required=False)
    back = fields.hidden()


class Sort(Schema):
    """Who is to be in which circles; those are read apart."""

    who = fields.hidden(longest=40, missing=colander.required)
    back = fields.hidden()


def ask_form(
    request: Any, who: str = "", back: str = "", name: str = "ask", *, fixed: bool = False
) -> Form:
    """Return the form that asks somebody to be a contact, with a note.

    With *fixed*, the login is not to be typed.
    """
    schema = Schema()
    login = fields.line(_("Login"), longest=40, name="who", attributes={"autocapitalize": "none"})
    schema.add(fields.hidden(name="who", longest=40) if fixed else login)
    schema.add(
        fields.area(
            _("Note"), longest=LONGEST_NOTE, rows=3, required=False, name="note", help=NOTE_HELP
        )
    )
    schema.add(fields.hidden(name="back"))
    buttons = [Button("ask", _("Send the request"))]
    values = {"who": who, "back": back}
    return Form(schema, request, buttons, values=values, action="/contacts/ask", name=name)
