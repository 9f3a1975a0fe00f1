"""The page of a file, its bytes, and its former versions."""

from collections.abc import Callable
from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate.ids import encode
from communicate.interfaces import INotifications
from communicate.permissions import VIEW
from communicate.security import permits
from communicate.web import files, notices
from communicate_vdisk import scanning
from communicate_vdisk.content import File, number_in
from communicate_vdisk.errors import Refused
from communicate_vdisk.interfaces import IDisk, ITrash
from communicate_vdisk.keeping import count_change
from communicate_vdisk.kinds import kind_of
from communicate_vdisk.permissions import CHANGE, OWN
from communicate_vdisk.views.folder import crumbs, last_of, report
from communicate_vdisk.views.locks import working
from communicate_vdisk.views.rows import shown
from communicate_vdisk.waiting import later, waits

_ = TranslationStringFactory("communicate_vdisk")

READ = 64 * 1024  # bytes of a text that its page shows
READ_ONLY = ("GET", "HEAD")


class Shown(NamedTuple):
    """A page of a file as a picture, and what it is called."""

    address: str
    width: int
    height: int
    said: str


@view_config(
    context=File,
    permission=VIEW,
    request_method=READ_ONLY,
    renderer="communicate_vdisk:templates/file.pt",
)
def file(context: File, request: Request) -> dict[str, Any]:
    """Show the file as far as a browser can, and what can be done with it."""
    service, own = request.find_service(IDisk), bool(permits(request, context, OWN))
    if own and context.is_infected:
        request.find_service(INotifications).seen(request.member.uid, context)
    return {
        "title": service.name(context),
        "file": context,
        "path": service.path(context),
        "base": service.path(last_of(context)),
        "crumbs": crumbs(request, context),
        "kind": kind_of(context.media),
        "preview": "" if context.is_infected or waits(request, context) else preview_of(context),
        "waiting": waits(request, context),
        "text": text_of(request, context),
        **neighbours(request, context),
        "pages": pages_of(request, context, lambda n: f"{service.path(context)}/page?n={n}"),
        "own": own,
        "working": working(request, context),
        "changes": bool(permits(request, context, CHANGE)),
        "versions": len(context.versions) if own else 0,
        "scan": scanning.WORDS.get(context.scan),
        "infected": context.is_infected,
        "finding": scanning.finding(request, context) if own else "",
        "reason": request.find_service(ITrash).reason(context) if context.hidden else None,
        "report": report(request, context, own),
    }


def neighbours(request: Request, file: File) -> dict[str, str | None]:
    """Return the addresses of its folder, and of the files before and after it by name there.

    None where the viewer sees none; all of them where the folder itself is closed.
    """
    folder, service = file.__parent__, request.find_service(IDisk)
    if file.is_gone or not permits(request, folder, VIEW):
        return {"up": None, "prev": None, "next": None}
    found = {"up": service.path(folder)}
    for rel, turned in (("prev", True), ("next", False)):
        around = shown(request, folder, "name", file, turned=turned)
        node = next((one for one in around if isinstance(one, File)), None)
        found[rel] = None if node is None else service.path(node)
    return found


def preview_of(file: File) -> str:
    """Return how the page shows *file*: image, audio, video, text, or nothing."""
    if file.media == "application/pdf" and file.looks is not None and file.looks.pages:
        return "pages"
    if file.media not in files.SHOWN:
        return "text" if file.media.startswith("text/") else ""
    return file.media.partition("/")[0]


def pages_of(request: Request, file: File, address: Callable[[int], str]) -> list[Shown]:
    """Return the pages that are shown of *file*, each at the *address* of its number.

    Of a picture it is the one that is no larger than a screen.
    """
    made = () if file.looks is None else file.looks.pages
    said = [request.page.say(_("Page ${n}", mapping={"n": n + 1})) for n in range(len(made))]
    return [Shown(address(n), page.width, page.height, said[n]) for n, page in enumerate(made)]


def text_of(request: Request, file: File) -> str | None:
    """Return the beginning of *file* where it is text that its page shows, else None."""
    if preview_of(file) != "text" or file.blob is None or waits(request, file):
        return None
    pieces = request.find_service(IDisk).seals.open_range(file.blob, 0, READ)
    text = b"".join(pieces).decode("utf-8", "replace")
    return "".join(char for char in text if char.isprintable() or char in "\n\t")


@view_config(context=File, name="content", permission=VIEW, request_method=READ_ONLY)
def content(context: File, request: Request) -> Response:
    """Answer with the bytes; the browser shows what it can show without running it."""
    return answer(context, request, inline=True)


@view_config(context=File, name="download", permission=VIEW, request_method=READ_ONLY)
def download(context: File, request: Request) -> Response:
    """Answer with the bytes, to be kept."""
    return answer(context, request, inline=False)


def answer(file: File, request: Request, *, inline: bool) -> Response:
    """Answer with what *file* holds."""
    if file.blob is None:
        raise HTTPNotFound
    if waits(request, file):
        return later(request)
    name = request.find_service(IDisk).name(file)
    return files.serve(
        request, file.blob, name=name, media=file.media, tag=file.tag, inline=inline
    )


@view_config(
    context=File,
    name="versions",
    permission=OWN,
    request_method="GET",
    renderer="communicate_vdisk:templates/versions.pt",
)
def versions(context: File, request: Request) -> dict[str, Any]:
    """Show what the file was."""
    service, settings = request.find_service(IDisk), request.registry.settings
    found = sorted(context.versions.values(), key=lambda version: -version.id)
    return {
        "title": _("Former versions"),
        "name": service.name(context),
        "path": service.path(context),
        "crumbs": crumbs(request, context, itself=True),
        "rows": [(encode(version.id), version) for version in found],
        "days": settings["vdisk.version_days"],
    }


@view_config(context=File, name="version", permission=OWN, request_method=READ_ONLY)
def version(context: File, request: Request) -> Response:
    """Answer with the bytes of a former version, to be kept."""
    number = number_in(request.GET.get("id", ""))
    found = context.versions.get(number)
    if found is None or found.blob is None:
        raise HTTPNotFound
    name = request.find_service(IDisk).name(context)
    return files.serve(request, found.blob, name=name, media=found.media, tag=encode(number))


@view_config(context=File, name="versions", permission=OWN, request_method="POST")
def change_versions(context: File, request: Request) -> HTTPSeeOther:
    """Go back to a version, or erase one, or all."""
    service, act = request.find_service(IDisk), request.POST.get("act")
    number = number_in(request.POST.get("version", ""))
    path = service.path(context)
    if act == "erase-all":
        for each in list(context.versions):
            service.forget_version(context, each)
        notices.give(request, _("The former versions are erased."))
        return HTTPSeeOther(path)
    if number not in context.versions:
        raise HTTPNotFound
    if act == "restore":
        count_change(request)
        try:
            service.go_back(context, number)
        except Refused as error:
            notices.give(request, error.reason, "bad")
            return HTTPSeeOther(f"{path}/versions")
        notices.give(request, _("The file is what it was; what it held is a version now."))
        return HTTPSeeOther(path)
    if act != "erase":
        raise HTTPBadRequest
    service.forget_version(context, number)
    notices.give(request, _("The version is erased."))
    return HTTPSeeOther(f"{path}/versions")
