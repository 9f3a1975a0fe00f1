"""The lists of conversations: the current ones, the archived ones, strangers' requests."""

from typing import Any

from markupsafe import Markup
from pyramid.i18n import TranslationStringFactory
from pyramid.renderers import render
from pyramid.request import Request
from pyramid.view import view_config

from communicate.permissions import VIEW
from communicate.web.slices import asked, query
from communicate_messages.content import Conversation, Messages
from communicate_messages.reading import Reading

_ = TranslationStringFactory("communicate_messages")

PAGE = "communicate_messages:templates/messages.pt"
PANE = "communicate_messages:templates/pane.pt"
TITLES = {
    "listed": _("Conversations"),
    "archived": _("Archived conversations"),
    "asked": _("Requests"),
}
PATHS = {"listed": "/messages", "archived": "/messages/archived", "asked": "/messages/requests"}


def pane(
    request: Request, reading: Reading, name: str = "listed", here: Conversation | None = None
) -> Markup:
    """Return the HTML of the list *name* of the viewer, *here* marked in it."""
    size = request.registry.settings["messages.conversations"]
    paged = here is None
    after, before = (asked(request, "after"), asked(request, "before")) if paged else (None, None)
    found, path = reading.slice(name, size, after, before), PATHS[name]
    box = reading.box
    values = {
        "heading": TITLES[name],
        "name": name,
        "path": path,
        "rows": reading.rows(found, here),
        "newer": found.forth and path + query(after=found.forth),
        "older": found.back and path + query(before=found.back),
        "waiting": int(box.waiting()) if box is not None else 0,
        "level": "h2" if here is not None else "h1",
    }
    return Markup(render(PANE, values, request))  # noqa: S704  # from our template


def listing(request: Request, name: str) -> dict[str, Any]:
    """Return what the page of the list *name* shows."""
    return {"title": TITLES[name], "pane": pane(request, Reading(request), name)}


@view_config(context=Messages, permission=VIEW, request_method="GET", renderer=PAGE)
def conversations(_context: Messages, request: Request) -> dict[str, Any]:
    """Show the conversations of the member, the one with the latest message first."""
    return {**listing(request, "listed"), "title": _("Messages")}


@view_config(
    context=Messages, name="archived", permission=VIEW, request_method="GET", renderer=PAGE
)
def archived(_context: Messages, request: Request) -> dict[str, Any]:
    """Show the conversations that the member has put away."""
    return listing(request, "archived")


@view_config(
    context=Messages, name="requests", permission=VIEW, request_method="GET", renderer=PAGE
)
def requests(_context: Messages, request: Request) -> dict[str, Any]:
    """Show what strangers have written."""
    return listing(request, "asked")
