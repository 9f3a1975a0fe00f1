"""New folders, new files, and new bytes of a file: by plain forms."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.quota import QuotaExceeded
from communicate.web import fields, notices
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.web.i18n import PluralFactory
from communicate_vdisk.content import Directory, File
from communicate_vdisk.errors import Refused
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.keeping import count_upload, keep
from communicate_vdisk.names import BadName, last_part
from communicate_vdisk.permissions import ADD, CHANGE
from communicate_vdisk.uploads.pages import tray
from communicate_vdisk.views.folder import crumbs

_ = TranslationStringFactory("communicate_vdisk")
_n = PluralFactory("communicate_vdisk")

CANNOT = (Refused, BadName, QuotaExceeded)
MOST = 100  # files in one form
NONE = _("Choose at least one file.")
MANY = _("Send at most ${n} files at once.", mapping={"n": MOST})
CAME = _n("${n} file is here.", "${n} files are here.")
FORM = "communicate_vdisk:templates/form.pt"
UPLOAD = "communicate_vdisk:templates/upload.pt"


def name_form(request: Request, button: Button, name: str = "") -> Form:
    """Return the form that asks for a name."""
    schema = Schema()
    schema.add(fields.line(_("Name"), longest=255, name="name"))
    return Form(schema, request, [button], values={"name": name})


@view_config(
    context=Directory,
    name="folder",
    permission=ADD,
    request_method=("GET", "POST"),
    renderer=FORM,
)
def new_folder(context: Directory, request: Request) -> Any:
    """Make a folder."""
    service = request.find_service(IDisk)
    form = name_form(request, Button("make", _("Make the folder")))
    if request.method == "POST":
        try:
            values = form.validate()
            try:
                count_upload(request)
                made = service.make_folder(context, values["name"], request.member.uid)
            except CANNOT as error:
                form.fail("name", error.reason)
        except FormInvalid:
            request.response.status = 400
        else:
            return form.done(service.path(made))
    return form_page(request, context, _("New folder"), form)


def form_page(request: Request, node: Any, title: Any, form: Form) -> dict[str, Any]:
    """Return what a page with one form about *node* shows."""
    service = request.find_service(IDisk)
    return {
        "title": title,
        "form": form,
        "crumbs": crumbs(request, node, itself=True),
        "path": service.path(node),
        "name": service.name(node),
    }


@view_config(
    context=Directory,
    name="upload",
    permission=ADD,
    request_method="GET",
    renderer=UPLOAD,
)
def upload_form(context: Directory, request: Request) -> dict[str, Any]:
    """Ask for files."""
    return upload_page(request, context)


def upload_page(request: Request, node: Any, wrong: Any = None) -> dict[str, Any]:
    """Return what the page that asks for files shows; *wrong* says what cannot be taken."""
    if wrong is not None:
        request.response.status = 400
    service = request.find_service(IDisk)
    return {
        "title": _("Replace the file") if isinstance(node, File) else _("Upload files"),
        "several": not isinstance(node, File),
        "act": "replace" if isinstance(node, File) else "upload",
        "wrong": wrong,
        "crumbs": crumbs(request, node, itself=True),
        "path": service.path(node),
        "name": service.name(node),
        "most": request.registry.settings["vdisk.upload"],
        "tray": "" if isinstance(node, File) else tray(request, node, service.path(node)),
    }


def sent(request: Request) -> list[Any]:
    """Return the files that came."""
    return [each for each in request.POST.getall("file") if getattr(each, "filename", "")]


@view_config(
    context=Directory, name="upload", permission=ADD, request_method="POST", renderer=UPLOAD
)
def upload(context: Directory, request: Request) -> Any:
    """Keep the files that came, all of them or none; one of a known name is a new version.

    Who may add but not change gets a name of its own for what is there already.
    """
    files = sent(request)
    if not files or len(files) > MOST:
        return upload_page(request, context, MANY if files else NONE)
    count_upload(request, len(files))
    try:
        for each in files:
            keep(request, context, last_part(each.filename), each.file)
    except CANNOT as error:
        return upload_page(request, context, error.reason)
    notices.give(request, request.page.plural(CAME, len(files)))
    return HTTPSeeOther(request.find_service(IDisk).path(context))


@view_config(
    context=File, name="replace", permission=CHANGE, request_method="GET", renderer=UPLOAD
)
def replace_form(context: File, request: Request) -> dict[str, Any]:
    """Ask for other bytes."""
    return upload_page(request, context)


@view_config(
    context=File, name="replace", permission=CHANGE, request_method="POST", renderer=UPLOAD
)
def replace(context: File, request: Request) -> Any:
    """Let the file hold what came; what it held is a version."""
    files = sent(request)
    if len(files) != 1:
        return upload_page(request, context, NONE)
    count_upload(request)
    service = request.find_service(IDisk)
    try:
        service.replace(context, files[0].file, request.member.uid)
    except CANNOT as error:
        return upload_page(request, context, error.reason)
    notices.give(request, _("The file is replaced; what it was is kept as a version."))
    return HTTPSeeOther(service.path(context))
