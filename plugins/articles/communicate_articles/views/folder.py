"""One's own articles as a ZIP of Markdown files: taken along, or brought in."""

import tempfile
import zipfile
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.response import FileIter, Response
from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.interfaces import ILimits
from communicate.mydata.views.export import time_left
from communicate.permissions import MEMBER
from communicate.web import fields
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.writing.counting import count_posting
from communicate_articles.folders import uploads
from communicate_articles.folders.errors import Unreadable
from communicate_articles.folders.exporting import rendered
from communicate_articles.folders.files import ZipFiles

_ = TranslationStringFactory("communicate_articles")

ROUTE = "account.articles"
DOWNLOAD, UPLOAD = "account.articles.download", "account.articles.upload"
TEMPLATE = "communicate_articles:templates/upload.pt"
LARGEST = 20 * 2**20  # bytes of a ZIP
MOST, LETTERS = 1000, 4 * 2**20  # files of one, and bytes of text in them
PIECE = 20_000  # of these count as one preview: so long it may take to make pages of them

TOO_LARGE = _("Send a ZIP of at most 20 MB.")
TOO_MANY = _("Send at most ${n} files at once: divide them.", mapping={"n": MOST})
TOO_LONG = _("Send at most 4 MB of text at once: divide it.")
NOTHING = _("There is no Markdown file in it: their names end in .md.")
ONE_BY_ONE = _("The ZIP that you sent before is still being read: wait until that is done.")
NOT_ONE = _("This cannot be read. Send a ZIP made of a folder of .md files.")


@view_config(route_name=DOWNLOAD, permission=MEMBER, request_method="POST")
def download(_context: Any, request: Request) -> Response:
    """Answer with a ZIP of the member's articles."""
    request.find_service(ILimits).hit("downloads", str(request.member.uid))
    file = tempfile.TemporaryFile()  # noqa: SIM115  # the answer reads it; it has no name
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in rendered(request, request.member.uid):
            made.writestr(name, data)
    response = Response(content_type="application/zip")
    response.content_length = file.tell()
    file.seek(0)
    response.app_iter = FileIter(file)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = 'attachment; filename="articles.zip"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def upload_form(request: Request) -> Form:
    """Return the form that takes a ZIP."""
    schema = Schema()
    schema.add(
        fields.file(
            _("ZIP of Markdown files"),
            name="zip",
            help=_("What is new comes in for you alone; you publish it to others yourself."),
        )
    )
    return Form(schema, request, [Button("bring", _("Bring in"))])


@view_config(route_name=UPLOAD, permission=MEMBER, request_method="GET", renderer=TEMPLATE)
def upload(_context: Any, request: Request) -> dict[str, Any]:
    """Ask for a ZIP; say how far the last one is, or what became of each of its files."""
    return upload_page(request, upload_form(request))


@view_config(route_name=UPLOAD, permission=MEMBER, request_method="POST", renderer=TEMPLATE)
def send(_context: Any, request: Request) -> Any:
    """Have a ZIP brought in, or forget what became of the last one."""
    if "drop" in request.POST:
        uploads.drop(request, request.member.uid)
        return HTTPSeeOther(uploads.PAGE)
    form = upload_form(request)
    try:
        begin(request, form, form.validate()["zip"])
    except FormInvalid:
        request.response.status = 400
        return upload_page(request, form)
    return form.done(uploads.PAGE)


def upload_page(request: Request, form: Form) -> dict[str, Any]:
    """Return what the page shows."""
    last = uploads.of(request, request.member.uid)
    state = None if last is None else uploads.state(request, last)
    return page(
        request,
        ROUTE,
        form=form,
        last=last,
        state=state,
        left=time_left(request, last) if state == uploads.RUNNING else None,
        outcome=None if last is None else uploads.outcome_of(request, last),
    )


def begin(request: Request, form: Form, sent: Any) -> None:
    """Have the ZIP that was *sent* brought in; raise FormInvalid with the cure."""
    last = uploads.of(request, request.member.uid)
    if last is not None and uploads.state(request, last) == uploads.RUNNING:
        form.fail("zip", ONE_BY_ONE)
    file = sent.file
    size = file.seek(0, 2)
    file.seek(0)
    if size > LARGEST:
        form.fail("zip", TOO_LARGE)
    try:
        files = ZipFiles(file)
    except Unreadable:
        form.fail("zip", NOT_ONE)
    names = files.names()
    if not names:
        form.fail("zip", NOTHING)
    if len(names) > MOST:
        form.fail("zip", TOO_MANY)
    if files.letters() > LETTERS:
        form.fail("zip", TOO_LONG)
    count_posting(request, "", "topics")
    limits, uid = request.find_service(ILimits), request.member.uid
    limits.hit("downloads", str(uid))
    limits.hit("previews", str(uid), cost=1 + files.letters() // PIECE)
    file.seek(0)
    uploads.start(request, uid, file.read(), len(names))
