"""What a message carries, handed out: its attachments and its source, never run by a browser."""

import re

from pyramid.httpexceptions import HTTPNotFound
from pyramid.request import Request
from pyramid.response import Response
from pyramid.view import view_config

from communicate.permissions import VIEW
from communicate.web.files import CSP, disposition
from communicate_email import mime
from communicate_email.content import Mailbox
from communicate_email.mime import Part
from communicate_email.store.reading import Listed
from communicate_email.views.desk import Desk, asked_message

_MEDIA = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
_NUMBER = re.compile(r"[1-9]\d{0,5}(?:\.[1-9]\d{0,5}){0,60}")
OCTETS, TEXT = "application/octet-stream", "text/plain"
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")  # nothing runs in them


def part_of(message: Part, number: str) -> Part | None:
    """Return the part of *message* with that number, or None."""
    if not _NUMBER.fullmatch(number):
        return None
    leaves = (one for one in mime.walk(message) if not one.parts)
    return next((one for one in leaves if (one.number or "1") == number), None)


def handed(data: bytes, name: str, media: str, *, inline: bool = False) -> Response:
    """Return the response with *data*, a file called *name*, in a sandbox of its own."""
    response = Response(body=data)
    response.headers["Content-Type"] = media
    response.headers["Content-Disposition"] = disposition(name, inline=inline)
    response.headers["Content-Security-Policy"] = CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def carried(desk: Desk, one: Listed, number: str) -> tuple[Part, str]:
    """Return the part of that *number* of a message, and what it is called; 404 without one."""
    found = part_of(mime.read(desk.reading.raw(one.row.id)), number)
    if found is None or found.parts:
        raise HTTPNotFound
    shown = mime.shown(mime.read(found.raw)).attachments
    name = next((each.name for each in shown if each.number == number), "")
    return found, name or found.filename or "attachment"


@view_config(context=Mailbox, name="part", permission=VIEW, request_method="GET")
def part(context: Mailbox, request: Request) -> Response:
    """Hand out an attachment, to be kept; pictures and plain text are shown where that is asked.

    Whatever they are called, browsers run nothing in either.
    """
    desk = Desk(request, context.__parent__)
    one = asked_message(desk, context, more=1)
    found, name = carried(desk, one, request.subpath[1])
    if "show" in request.GET and found.media in PICTURES:
        return handed(found.octets, name, found.media, inline=True)
    if "show" in request.GET and found.media == TEXT:
        text = mime.decode(found.octets, found.charset).encode("utf-8", "replace")
        return handed(text, name, f"{TEXT}; charset=UTF-8", inline=True)
    media = found.media if _MEDIA.fullmatch(found.media) else OCTETS
    return handed(found.octets, name, media)


@view_config(context=Mailbox, name="source", permission=VIEW, request_method="GET")
def source(context: Mailbox, request: Request) -> Response:
    """Show a message as it came, or hand it out as a file."""
    desk = Desk(request, context.__parent__)
    one: Listed = asked_message(desk, context)
    raw = desk.reading.raw(one.row.id)
    if "download" in request.GET:
        return handed(raw, f"{one.row.uid}.eml", "message/rfc822")
    return handed(raw, f"{one.row.uid}.txt", "text/plain; charset=UTF-8", inline=True)
