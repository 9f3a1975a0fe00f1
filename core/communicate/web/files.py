"""Sealed files of members as responses: whole or in ranges, and never run by the browser.

RFC 9110: a strong ETag, If-None-Match, Range of one part with If-Range; several parts are
answered with all.  What is shown at all is shown in a sandbox of its own origin.
"""

from typing import Any
from urllib.parse import quote

from pyramid.request import Request
from pyramid.response import Response

from communicate.interfaces import ISeals

CSP = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
SHOWN = frozenset(
    (
        *("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"),
        *("audio/mpeg", "audio/ogg", "audio/flac", "audio/wav", "audio/mp4", "audio/webm"),
        *("video/mp4", "video/webm", "video/ogg"),
        "text/plain",
    )
)
"""Types that browsers show without running anything in them."""


def serve(
    request: Request, blob: Any, *, name: str, media: str, tag: str, inline: bool = False
) -> Response:
    """Answer with the sealed *blob*, a file called *name* of the type *media*.

    *tag* changes whenever the bytes do.  *inline* lets the browser show what is in SHOWN; anything
    else is handed out to be kept.  Browsers ask again each time, so that rights are asked again.
    """
    shown = inline and media in SHOWN
    response = Response()
    response.headers["Content-Type"] = typed(media, shown)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = disposition(name, inline=shown)
    response.headers["Accept-Ranges"] = "bytes"
    response.etag = tag
    if tag in request.if_none_match:
        return without_body(response, 304)
    start, stop = 0, blob.size
    if one_range(request) and in_time(request, tag):
        content = request.range.range_for_length(blob.size)
        if content is None:
            response.headers["Content-Range"] = f"bytes */{blob.size}"
            return without_body(response, 416)
        start, stop = content
        response.status_int = 206
        response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{blob.size}"
    response.content_length = stop - start
    if request.method != "HEAD":
        response.app_iter = request.find_service(ISeals).open_range(blob, start, stop)
    return response


def typed(media: str, shown: bool) -> str:
    """Return the Content-Type; text that is shown is read as UTF-8."""
    return "text/plain; charset=UTF-8" if shown and media == "text/plain" else media


def disposition(name: str, *, inline: bool) -> str:
    """Return the Content-Disposition of a file called *name* (RFC 6266)."""
    plain = "".join(char if " " <= char < "\x7f" and char not in '"\\%' else "_" for char in name)
    how = "inline" if inline else "attachment"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def one_range(request: Request) -> bool:
    """Tell whether one range of bytes is asked for: several are answered with all."""
    return request.range is not None and "," not in request.headers["Range"]


def in_time(request: Request, tag: str) -> bool:
    """Tell whether the range that is asked for is one of the file as it is (If-Range)."""
    said = request.headers.get("If-Range")
    return said is None or said == f'"{tag}"'


def without_body(response: Response, status: int) -> Response:
    """Return *response* with that *status* and nothing in it."""
    response.status_int = status
    response.app_iter = []
    if status == 304:
        del response.headers["Content-Type"]
        response.content_length = None
    else:
        response.content_length = 0
    return response
