"""The member's own folders: made, renamed, moved, deleted."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.ids import encode
from communicate.permissions import DELETE, EDIT
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.i18n import PluralFactory
from communicate_email.content import Account, Mailbox
from communicate_email.errors import Refused
from communicate_email.views.desk import Desk
from communicate_email.views.lists import side

_ = TranslationStringFactory("communicate_email")
_n = PluralFactory("communicate_email")

PAGE = "communicate_email:templates/folders.pt"
ONE = "communicate_email:templates/folder.pt"
TOP = "top"
HELD = _n(
    "The ${n} message in it is destroyed with it.",
    "The ${n} messages in it are destroyed with it.",
)


def folder_form(
    desk: Desk, path: str, button: Button, values: dict[str, str], but: Mailbox | None = None
) -> Form:
    """Return the form that asks for a name and a place; *but* is no place for itself."""
    below = [] if but is None else [but, *desk.boxes.below(but)]
    places = [(TOP, _("On top"))]
    places += [
        (encode(one.box.id), "\u00a0" * 3 * one.depth + one.name)
        for one in desk.own
        if one.box not in below
    ]
    schema = Schema()
    schema.add(fields.line(_("Name"), longest=200, name="name"))
    schema.add(fields.choice(_("Lies in"), places, folded=True, name="parent"))
    return Form(schema, desk.request, [button], values=values, action=path)


def parent_in(desk: Desk, values: dict[str, Any]) -> int:
    """Return the id of the folder that the form names, 0 for none."""
    return 0 if values["parent"] == TOP else desk.box_named(values["parent"]).id


@view_config(
    context=Account,
    name="folders",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer=PAGE,
)
def folders(context: Account, request: Request) -> Any:
    """Show one's own folders, and make one."""
    desk = Desk(request, context)
    path = f"{desk.base}/folders"
    form = folder_form(desk, path, Button("make", _("Make the folder")), {"parent": TOP})
    if request.method == "POST":
        try:
            values = form.validate()
            try:
                made = desk.boxes.make(values["name"], parent_in(desk, values))
            except Refused as error:
                form.fail("name", error.reason)
        except FormInvalid:
            request.response.status = 400
        else:
            notices.give(request, _("The folder is made."))
            return form.done(desk.path(made))
    return {"title": _("Folders"), "side": side(desk), "desk": desk, "form": form}


@view_config(
    context=Mailbox,
    name="folder",
    permission=EDIT,
    request_method=("GET", "POST"),
    renderer=ONE,
)
def folder(context: Mailbox, request: Request) -> Any:
    """Give a folder another name or place."""
    desk = own_desk(context, request)
    path = f"{desk.path(context)}/folder"
    values = {
        "name": desk.boxes.name(context),
        "parent": encode(context.parent) if context.parent else TOP,
    }
    form = folder_form(desk, path, Button("save", _("Save")), values, context)
    if request.method == "POST":
        try:
            found = form.validate()
            try:
                before = desk.boxes.path(context)
                desk.boxes.rename(context, found["name"], parent_in(desk, found))
                desk.store.filters(desk.account).follow(before, desk.boxes.path(context))
            except Refused as error:
                form.fail("name", error.reason)
        except FormInvalid:
            request.response.status = 400
        else:
            notices.give(request, _("The folder is changed."))
            return form.done(f"{desk.base}/folders")
    return {
        "title": desk.name(context),
        "side": side(desk, context),
        "desk": desk,
        "form": form,
        "path": desk.path(context),
        "held": request.page.plural(HELD, context.count) if context.count else "",
    }


@view_config(context=Mailbox, name="remove", permission=DELETE, request_method="POST")
def remove(context: Mailbox, request: Request) -> HTTPSeeOther:
    """Destroy a folder with what is in it."""
    desk = own_desk(context, request)
    try:
        desk.store.remove_box(context)
    except Refused as error:
        notices.give(request, error.reason, "bad")
    else:
        notices.give(request, _("The folder is gone."))
    return HTTPSeeOther(f"{desk.base}/folders")


def own_desk(box: Mailbox, request: Request) -> Desk:
    """Return the desk of who made *box*; 404 where everybody has it."""
    if box.role:
        raise HTTPNotFound
    return Desk(request, box.__parent__)
