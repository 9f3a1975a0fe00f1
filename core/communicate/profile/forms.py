"""The form of an element: its value, a label, and who may see it."""

from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.accounts.limits import count_act
from communicate.audience import PRIVATE
from communicate.pictures import BadPicture, recode
from communicate.profile import values
from communicate.profile.content import Element
from communicate.profile.interfaces import IProfiles
from communicate.profile.kinds import Kind
from communicate.web import fields
from communicate.web.forms import Button, Form

_ = TranslationStringFactory("communicate")

SAVE = Button("save", _("Save"))
DELETE = Button("delete", _("Delete"), "bad", unchecked=True)
FORM = "element"
LABEL = 60  # characters


def schema_of(kind: Kind, *, new: bool) -> Any:
    """Return the fields of an element of *kind*; of a new one also who may see it."""
    schema = fields.Schema()
    if kind.label:
        help_text = "" if kind.label == "must" else _("Such as “work”.")
        required = kind.label == "must"
        schema.add(
            fields.line(_("Label"), longest=LABEL, name="label", required=required, help=help_text)
        )
    if kind.form == "picture":
        accepted = {"accept": "image/jpeg,image/png,image/webp,image/gif"}
        schema.add(fields.file(kind.title, name="picture", attributes=accepted))
    else:
        schema.add(values.field(kind))
    if kind.form == "day":
        schema.add(fields.checkbox(_("Show the year too"), name="shows_year"))
    if new:
        schema.add(fields.audience(name="audience"))
    if new and kind.form == "picture":
        beside = _("Show it, small, beside what I write, too")
        schema.add(fields.checkbox(beside, name="beside"))
    return schema


def new_form(request: Any, kind: Kind) -> Form:
    """Return the form of a new element of *kind*: private, until its owner says otherwise."""
    values = {"audience": PRIVATE, "shows_year": False}
    return Form(schema_of(kind, new=True), request, [SAVE], values=values, name=FORM)


def edit_form(request: Any, element: Element, kind: Kind) -> Form:
    """Return the form of *element* as it is."""
    profiles, schema = request.find_service(IProfiles), schema_of(kind, new=False)
    text = profiles.value(element)
    found = {
        "value": values.typed(kind, text) if text else None,
        "label": profiles.label(element),
        "shows_year": element.shows_year,
    }
    named = {node.name for node in schema.children}
    shown = {name: value for name, value in found.items() if name in named and value is not None}
    return Form(schema, request, [SAVE, DELETE], values=shown, name=FORM)


def validated(form: Form, request: Any) -> dict[str, Any]:
    """Return what *form* was sent with, its picture made anew; raise FormInvalid."""
    found = form.validate()
    count(request)
    upload = found.get("picture")
    if upload is not None:
        count_act(request, "pictures")
        try:
            found["picture"] = recode(upload.file)
        except BadPicture as error:
            form.fail("picture", error.reason)
    return found


def count(request: Any) -> None:
    """Count one change of the space; raise TooMany where there were too many."""
    count_act(request, "profile")
