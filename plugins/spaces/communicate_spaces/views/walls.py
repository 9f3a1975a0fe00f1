"""Pages that show comments: of a space, of what has no page of its own; and what waits."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound, HTTPSeeOther
from pyramid.i18n import TranslationStringFactory
from pyramid.request import Request
from pyramid.view import view_config

from communicate.ids import decode
from communicate.permissions import EDIT, OPEN, VIEW
from communicate.profile import showing
from communicate.security import permits
from communicate.web.slices import asked, oldest_first, query
from communicate_spaces import places
from communicate_spaces.content import Comment, Comments, Gone, Thread, Wall
from communicate_spaces.lines import Lines
from communicate_spaces.showing import Shown, undo_path

_ = TranslationStringFactory("communicate_spaces")

TEMPLATES = "communicate_spaces:templates"


@view_config(context=Wall, permission=VIEW, request_method="GET", renderer=f"{TEMPLATES}/wall.pt")
def wall(context: Wall, request: Request) -> dict[str, Any]:
    """Show all comments on the space."""
    member = context.__parent__
    title = _("Comments on the space of ${login}", mapping={"login": member.login})
    return page(request, title, places.thread_of(request, context), context)


@view_config(context=Thread, permission=VIEW, request_method="GET")
def thread(context: Thread, request: Request) -> HTTPSeeOther:
    """Lead to the page that shows the comments."""
    return HTTPSeeOther(f"{places.path_of(request, context)}#comments")


@view_config(
    context=Comments,
    name="on",
    permission=OPEN,
    request_method="GET",
    renderer=f"{TEMPLATES}/wall.pt",
)
def on(_context: Comments, request: Request) -> dict[str, Any]:
    """Show the comments on the thing, one without a page of its own, that the address names."""
    thing = places.find_thing(request, number_in(request.subpath))
    found = None if thing is None else places.thread_of(request, thing)
    if found is None or places.has_page(thing) or not permits(request, found, VIEW):
        raise HTTPNotFound
    title = _("Comments on: ${subject}", mapping={"subject": thing.subject(request)})
    return {**page(request, title, found, thing), "about": part_of(request, thing)}


def part_of(request: Request, element: Any) -> Any:
    """Return the HTML of a part of a space, which the viewer may read."""
    member, picture = element.__parent__.__parent__, element.kind == "picture"
    line = showing.line(request, member, element, own=picture)
    return None if line is None else line.html


def number_in(subpath: tuple[str, ...]) -> int:
    """Return the id that *subpath* is; raise HTTPNotFound."""
    try:
        (segment,) = subpath
        return decode(segment)
    except ValueError:
        raise HTTPNotFound from None


def page(request: Request, title: Any, thread: Thread | None, thing: Any) -> dict[str, Any]:
    """Return what a page of comments shows."""
    if thread is None:
        raise HTTPNotFound
    member = thread.__parent__.__parent__
    return {
        "title": title,
        "thing": thing,
        "login": member.login,
        "about": None,
        "comments": Shown(request, thread).html(),
    }


@view_config(
    context=Wall,
    name="waiting",
    permission=EDIT,
    request_method="GET",
    renderer=f"{TEMPLATES}/waiting.pt",
)
def waiting(context: Wall, request: Request) -> dict[str, Any]:
    """Show the owner what waits, the oldest first."""
    after, before = asked(request, "after"), asked(request, "before")
    shown = oldest_first(context.waiting, places.SIZE, after, before)
    path = f"{request.page.url(context)}/waiting"
    rows = [row(request, comment) for _number, comment in shown.items if not comment.deleted]
    return {
        "title": _("Comments that wait for you"),
        "rows": [each for each in rows if each is not None],
        "earlier": shown.back and path + query(before=shown.back),
        "later": shown.forth and path + query(after=shown.forth),
        "undo": undo_of(request),
        "here": request.page.here,
    }


def row(request: Request, comment: Comment) -> dict[str, Any] | None:
    """Return *comment* as the page of what waits shows it; None where its thing is not here."""
    thread = comment.thread
    try:
        path = places.path_of(request, thread)
    except (Gone, AttributeError):  # the plugin of the thing is off
        return None
    subject = getattr(thread.thing, "subject", None)
    return {
        "path": path,
        "subject": subject(request) if subject is not None else "",
        "html": Lines(request, thread).shown([comment]),
    }


def undo_of(request: Request) -> str | None:
    """Return the address that takes back the refusal which led to this page, or None."""
    number = asked(request, "deleted")
    comment = None if number is None else places.find_comment(request, number)
    return None if comment is None else undo_path(request, comment)
