"""The HTML of a message, cleaned, in a frame of its own under rules of its own.

Nothing is loaded from elsewhere until the reader asks for it, message by message.
"""

from base64 import b64encode
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate.permissions import VIEW
from communicate_email import mime
from communicate_email.cleaning import Cleaned, clean, origins, page, policy
from communicate_email.content import Mailbox
from communicate_email.mime import Part, Shown
from communicate_email.views.desk import Desk, asked_message
from communicate_email.views.parts import PICTURES, part_of

ROOM = 8 * 1024 * 1024  # bytes of pictures of the message itself that its frame shows
ASKED = "pictures"  # in the query of an address: what is elsewhere is to be loaded


def is_asked(request: Any) -> bool:
    """Tell whether the reader asks for pictures from elsewhere."""
    return bool(request.GET.get(ASKED) == "yes")


def cleaned(shown: Shown, message: Part | None = None, *, remote: bool = False) -> Cleaned:
    """Return the HTML of *shown*, fit for its frame; pictures within are those of *message*."""
    inside = _Inside(shown, message)
    return clean(shown.html, inline=inside.address, remote=str if remote else None)


class _Inside:
    """The pictures that a message brings along, as addresses that hold them."""

    def __init__(self, shown: Shown, message: Part | None) -> None:
        self.shown = shown
        self.message = message
        self.left = ROOM

    def address(self, number: str) -> str | None:
        """Return what shows the picture with that Content-ID, or None."""
        held = self.shown.inline.get(number)
        if held is None or self.message is None or held.media not in PICTURES:
            return None
        part = part_of(self.message, held.number)
        if part is None or part.size > self.left:
            return None
        self.left -= part.size
        return f"data:{held.media};base64,{b64encode(part.octets).decode()}"


@view_config(context=Mailbox, name="frame", permission=VIEW, request_method="GET")
def frame(context: Mailbox, request: Request) -> Response:
    """Show the HTML of a message; the page of the message has it in a frame."""
    desk = Desk(request, context.__parent__)
    one = asked_message(desk, context)
    message = mime.read(desk.reading.raw(one.row.id))
    shown = mime.shown(message)
    if not shown.html:
        raise HTTPNotFound
    remote = is_asked(request)
    found = cleaned(shown, message, remote=remote)
    response = Response(page(found.html))
    asked = origins(found.remote) if remote else ()
    response.headers["Content-Security-Policy"] = policy(remote=asked)
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response
