"""One's own articles as a ZIP of Markdown files: taken along, or brought in."""

import tempfile
import zipfile
from typing import Any

from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.response import FileIter, Response
from pyramid.view import view_config

from communicate.accounts.subjects import page
from communicate.interfaces import ILimits
from communicate.permissions import MEMBER
from communicate.web import fields
from communicate.web.forms import Button, Form, FormInvalid, Schema
from communicate.writing.counting import count_posting
from communicate_articles.folders.exporting import rendered
from communicate_articles.folders.files import Unreadable, ZipFiles
from communicate_articles.folders.importing import Import, Outcome

_ = TranslationStringFactory("communicate_articles")

ROUTE = "account.articles"
DOWNLOAD, UPLOAD = "account.articles.download", "account.articles.upload"
TEMPLATE = "communicate_articles:templates/upload.pt"
LARGEST = 20 * 2**20  # bytes of a ZIP
MOST, LETTERS = 200, 2 * 2**20  # files of one, and bytes of text in them
PIECE = 20_000  # of these count as one preview: so long it may take to make pages of them

TOO_LARGE = _("Send a ZIP of at most 20 MB.")
TOO_MANY = _("Send at most ${n} files at once: divide them.", mapping={"n": MOST})
TOO_LONG = _("Send at most 2 MB of text at once: divide it.")
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


@view_config(
    route_name=UPLOAD, permission=MEMBER, request_method=("GET", "POST"), renderer=TEMPLATE
)
def upload(_context: Any, request: Request) -> dict[str, Any]:
    """Ask for a ZIP; bring in what it holds, and say what became of each file."""
    form, outcome = upload_form(request), None
    if request.method == "POST":
        try:
            outcome = brought(request, form, form.validate()["zip"])
        except FormInvalid:
            request.response.status = 400
    return page(request, ROUTE, form=form, outcome=outcome)


def brought(request: Request, form: Form, sent: Any) -> Outcome:
    """Bring in the files of the ZIP that was *sent*; raise FormInvalid with the cure."""
    file = sent.file
    size = file.seek(0, 2)
    file.seek(0)
    if size > LARGEST:
        form.fail("zip", TOO_LARGE)
    try:
        files = ZipFiles(file)
        if len(files.names()) > MOST:
            form.fail("zip", TOO_MANY)
        if files.letters() > LETTERS:
            form.fail("zip", TOO_LONG)
    except Unreadable:
        form.fail("zip", NOT_ONE)
    count_posting(request, "", "topics")
    limits, uid = request.find_service(ILimits), str(request.member.uid)
    limits.hit("downloads", uid)
    limits.hit("previews", uid, cost=1 + files.letters() // PIECE)
    job = Import(lambda func: func(request), request.member.uid, files, "private")
    for _name in job.run():
        pass
    return job.outcome
