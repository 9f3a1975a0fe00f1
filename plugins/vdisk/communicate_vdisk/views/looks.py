"""What was made of a file, to whoever may see the file: small pictures, and pages."""

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate import pictures
from communicate.permissions import VIEW
from communicate_vdisk.content import File

READ_ONLY = ("GET", "HEAD")


@view_config(context=File, name="small", permission=VIEW, request_method=READ_ONLY)
def small(context: File, request: Request) -> Response:
    """Answer with the small picture of the file."""
    return small_of(context, request)


@view_config(context=File, name="page", permission=VIEW, request_method=READ_ONLY)
def page(context: File, request: Request) -> Response:
    """Answer with the page that the address names."""
    return page_of(context, request)


def small_of(file: File, request: Request) -> Response:
    """Answer with the small picture of *file*; raise HTTPNotFound."""
    if file.blob is None or file.looks is None or file.looks.small is None:
        raise HTTPNotFound
    return pictures.serve(request, file.looks.small, f"{file.tag}-small")


def page_of(file: File, request: Request) -> Response:
    """Answer with the page of *file* that the address names; raise HTTPNotFound."""
    number = request.GET.get("n", "0")
    pages = () if file.blob is None or file.looks is None else file.looks.pages
    if not (number.isdecimal() and len(number) < 4 and int(number) < len(pages)):
        raise HTTPNotFound
    return pictures.serve(request, pages[int(number)].blob, f"{file.tag}-{int(number)}")
