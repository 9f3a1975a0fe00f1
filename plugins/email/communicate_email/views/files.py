"""The page on which members bring mail as files, and take theirs home."""

from datetime import timedelta
from typing import Any, ClassVar, NamedTuple

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.accounts.limits import count_act
from communicate.clock import milliseconds, now
from communicate.ids import decode, encode
from communicate.permissions import EDIT
from communicate.web import fields, notices
from communicate.web.files import serve
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.widgets import FileWidget
from communicate_email.content import Account, Carried
from communicate_email.errors import Refused
from communicate_email.mime.filenames import safe
from communicate_email.store.carrying import MOST_FILES, Carrying
from communicate_email.store.homing import take
from communicate_email.views.desk import Desk
from communicate_email.views.lists import side

_ = TranslationStringFactory("communicate_email")

PAGE = "communicate_email:templates/files.pt"
FILES = "files"
EVERYTHING = "all"
SHORT, LONG = 90, 5400  # seconds told as such; above, minutes, and then hours
MEDIA = {".zip": "application/zip", ".mbox": "application/mbox"}


class SeveralFiles(FileWidget):
    """Files, which the view takes from the request."""

    attributes: ClassVar[dict[str, str]] = {"multiple": "multiple"}

    def sent_in(self, field: Any, posted: Any) -> Any:
        """Return nothing."""
        return None


class Row(NamedTuple):
    """What is on its way, as it is shown."""

    one: Carried
    code: str
    names: list[str]
    left: timedelta | None
    path: str  # where it is taken from; empty where there is nothing to take
    size: int


def row_of(request: Any, carrying: Carrying, one: Carried, base: str) -> Row:
    """Return *one* as it is shown."""
    names = [carrying.text(name) for name, _blob in one.files]
    if one.goes_out and not names:
        names = [carrying.text(one.folder)]
    ready = one.goes_out and one.state == "done" and one.files
    path = f"{base}/file/{encode(one.id)}" if ready else ""
    size = sum(blob.size for _name, blob in one.files)
    return Row(one, encode(one.id), list(filter(None, names)), _left(request, one), path, size)


def _left(request: Any, one: Carried) -> timedelta | None:
    """Return how long it takes still, about; None where that is not known yet."""
    if not one.is_under_way or not one.read or not one.size:
        return None
    gone = (milliseconds(now(request)) - one.began) / 1000
    seconds = int(gone * (one.size - one.read) / one.read) + 1
    if seconds > LONG:
        return timedelta(hours=round(seconds / 3600))
    return (
        timedelta(minutes=round(seconds / 60)) if seconds > SHORT else timedelta(seconds=seconds)
    )


def bring_form(desk: Desk, path: str) -> Form:
    """Return the form by which files come."""
    most = desk.request.registry.settings["email.import_size"]
    schema = Schema()
    help_text = _(
        "mbox, .eml, or a ZIP of such or of a Maildir; at most ${size} at once.",
        mapping={"size": desk.request.page.size(most)},
    )
    files = fields.file(_("Files"), name=FILES, required=False, help=help_text)
    files.widget = SeveralFiles()
    schema.add(files)
    places = [
        (encode(one.box.id), "\u00a0" * 3 * one.depth + one.name)
        for one in (*desk.standing, *desk.own)
    ]
    title = _("Messages of which no file says a folder go to")
    schema.add(fields.choice(title, places, folded=True, name="folder"))
    values = {"folder": encode(desk.account.box("inbox").id)}
    return Form(schema, desk.request, [Button("bring", _("Bring it"))], values=values, action=path)


def home_form(desk: Desk, path: str) -> Form:
    """Return the form by which mail is taken home."""
    schema = Schema()
    places = [(EVERYTHING, _("All folders, as a ZIP"))] + [
        (encode(one.box.id), "\u00a0" * 3 * one.depth + one.name)
        for one in (*desk.standing, *desk.own)
    ]
    schema.add(fields.choice(_("What"), places, folded=True, name="home"))
    buttons = [Button("take", _("Make a file"))]
    values = {"home": EVERYTHING}
    return Form(schema, desk.request, buttons, values=values, action=path, name="take")


@view_config(
    context=Account, name="files", permission=EDIT, request_method=("GET", "POST"), renderer=PAGE
)
def files(context: Account, request: Request) -> Any:
    """Show what is on its way and how far it is; begin, cancel."""
    if request.subpath:
        raise HTTPNotFound
    desk = Desk(request, context)
    carrying = Carrying(request, context)
    path = f"{desk.base}/files"
    comes, goes = bring_form(desk, path), home_form(desk, path)
    if request.method == "POST":
        try:
            if "cancel" in request.POST:
                return cancel(request, carrying, path)
            return begin_home(desk, goes) if "home" in request.POST else begin(desk, comes)
        except FormInvalid:
            request.response.status = 400
    rows = [row_of(request, carrying, one, desk.base) for one in carrying.all()]
    return {
        "title": _("Bring mail, take mail home"),
        "side": side(desk),
        "desk": desk,
        "path": path,
        "comes": comes,
        "goes": goes,
        "rows": rows,
        "going": any(row.one.is_under_way for row in rows),
    }


def begin(desk: Desk, form: Form) -> HTTPSeeOther:
    """Take the files that came with the form; raise FormInvalid."""
    request, values = desk.request, form.validate()
    sent = [one for one in request.POST.getall(FILES) if getattr(one, "filename", "")]
    if not sent:
        form.fail(FILES, _("Choose a file."))
    if len(sent) > MOST_FILES:
        form.fail(FILES, _("Bring at most ${n} files at once.", mapping={"n": MOST_FILES}))
    count_act(request, "email.carrying")
    carrying = Carrying(request, desk.account)
    point = request.tm.savepoint()
    named = [(safe(one.filename) or "mail", one.file) for one in sent]
    try:
        carrying.bring(named, desk.boxes.path(desk.box_named(values["folder"])))
    except Refused as error:
        point.rollback()
        form.fail(FILES, error.reason)
    notices.give(request, _("Your mail comes in: here is how far it is."))
    done: HTTPSeeOther = form.done(form.action)
    return done


def begin_home(desk: Desk, form: Form) -> HTTPSeeOther:
    """Have a file made of what the form names; raise FormInvalid."""
    request, values = desk.request, form.validate()
    box = None if values["home"] == EVERYTHING else desk.box_named(values["home"])
    count_act(request, "email.carrying")
    try:
        take(request, desk.account, box)
    except Refused as error:
        form.fail("home", error.reason)
    notices.give(request, _("The file is being made: here is how far it is."))
    done: HTTPSeeOther = form.done(form.action)
    return done


def asked(carrying: Carrying, code: Any) -> Carried:
    """Return what is on its way under that id; 404 where nothing is."""
    try:
        found = carrying.find(decode(code))
    except (ValueError, TypeError):
        found = None
    if found is None:
        raise HTTPNotFound
    return found


def cancel(request: Any, carrying: Carrying, path: str) -> HTTPSeeOther:
    """End what the button names, or take it from the list."""
    one = asked(carrying, request.POST.get("cancel"))
    if one.is_under_way:
        said = _("It is cancelled. What has come in already stays.")
        notices.give(request, said if not one.goes_out else _("It is cancelled."))
    carrying.forget(one)
    return HTTPSeeOther(path)


@view_config(context=Account, name="file", permission=EDIT, request_method=("GET", "HEAD"))
def file(context: Account, request: Request) -> Any:
    """Hand out the file that was made to be taken home."""
    carrying = Carrying(request, context)
    one = asked(carrying, request.subpath[0] if len(request.subpath) == 1 else None)
    if not (one.goes_out and one.state == "done" and one.files):
        raise HTTPNotFound
    sealed, blob = one.files[0]
    name = carrying.text(sealed)
    media = MEDIA.get(name[name.rfind(".") :], "application/octet-stream")
    return serve(request, blob, name=name, media=media, tag=f"{encode(one.id)}-{blob.size}")
