"""The page of the member's labels: made, renamed, given another colour, deleted."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import EDIT
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.i18n import PluralFactory
from communicate_email.content import Account
from communicate_email.errors import Refused
from communicate_email.store import rows as rowing
from communicate_email.store.labels import COLOURS, LONGEST, Label
from communicate_email.store.marks import HIDDEN, by_box, count, every
from communicate_email.views.desk import Desk
from communicate_email.views.lists import side
from communicate_email.views.rows import chip

_ = TranslationStringFactory("communicate_email")
_n = PluralFactory("communicate_email")

PAGE = "communicate_email:templates/labels.pt"
ONE = "communicate_email:templates/label.pt"
NAMES = {
    "blue": _("Blue"),
    "turquoise": _("Teal"),
    "green": _("Green"),
    "yellow": _("Yellow"),
    "orange": _("Amber"),
    "red": _("Red"),
    "pink": _("Pink"),
    "violet": _("Purple"),
}
KEPT = _n(
    "${n} message has it: the message stays, without the label.",
    "${n} messages have it: the messages stay, without the label.",
)


def label_form(desk: Desk, path: str, button: Button, values: dict[str, str]) -> Form:
    """Return the form that asks for a name and a colour."""
    schema = Schema()
    schema.add(fields.line(_("Name"), longest=LONGEST, name="name"))
    colours = [(colour, NAMES[colour]) for colour in COLOURS]
    schema.add(fields.choice(_("Colour"), colours, folded=True, name="colour"))
    return Form(schema, desk.request, [button], values=values, action=path)


@view_config(
    context=Account, name="labels", permission=EDIT, request_method=("GET", "POST"), renderer=PAGE
)
def labels(context: Account, request: Request) -> Any:
    """Show the labels, and make one."""
    desk = Desk(request, context)
    path = f"{desk.base}/labels"
    start = {"colour": COLOURS[len(desk.labels.all) % len(COLOURS)]}
    form = label_form(desk, path, Button("make", _("Make the label")), start)
    if request.method == "POST":
        try:
            values = form.validate()
            try:
                made = desk.labels.make(values["name"], values["colour"])
            except Refused as error:
                form.fail("name", error.reason)
        except FormInvalid:
            request.response.status = 400
        else:
            notices.give(request, _("The label “${name}” is made.", mapping={"name": made.name}))
            return form.done(path)
    rows = [{**chip(one), "count": count(context, one.bit)} for one in desk.labels.all]
    return {"title": _("Labels"), "side": side(desk), "desk": desk, "form": form, "rows": rows}


@view_config(
    context=Account,
    name="relabel",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer=ONE,
)
def relabel(context: Account, request: Request) -> Any:
    """Give a label another name or colour."""
    desk = Desk(request, context)
    label = asked_label(desk)
    path = f"{desk.base}/relabel/{label.number}"
    values = {"name": label.name, "colour": label.colour}
    form = label_form(desk, path, Button("save", _("Save")), values)
    if request.method == "POST":
        try:
            found = form.validate()
            try:
                desk.labels.change(label, found["name"], found["colour"])
            except Refused as error:
                form.fail("name", error.reason)
        except FormInvalid:
            request.response.status = 400
        else:
            notices.give(request, _("The label is changed."))
            return form.done(f"{desk.base}/labels")
    held = count(context, label.bit)
    return {
        "title": label.name,
        "side": side(desk, str(label.number)),
        "desk": desk,
        "form": form,
        "label": chip(label),
        "keyword": label.keyword,
        "held": request.page.plural(KEPT, held) if held else "",
    }


@view_config(context=Account, name="unlabel", permission=EDIT, request_method="POST")
def unlabel(context: Account, request: Request) -> HTTPSeeOther:
    """Take a label off all messages, and forget it."""
    desk = Desk(request, context)
    label = asked_label(desk)
    for number, uids in by_box(every(context, label.bit)).items():
        desk.store.flag(context.boxes[number], uids, label.bit, "remove")
    for box in context.boxes.values():
        if box.role in HIDDEN:  # no index has these
            held = [row.uid for row in rowing.every(box) if row.flags & label.bit]
            desk.store.flag(box, held, label.bit, "remove")
    desk.labels.forget(label)
    notices.give(request, _("The label “${name}” is gone.", mapping={"name": label.name}))
    return HTTPSeeOther(f"{desk.base}/labels")


def asked_label(desk: Desk) -> Label:
    """Return the label that the address names; 404 where it is not there."""
    found = desk.labels.by_number("/".join(desk.request.subpath))
    if found is None:
        raise HTTPNotFound
    return found
