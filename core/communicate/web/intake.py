"""What is refused before any view sees it: a body too large, text that is no text.

Views may then trust that path, query and form decode, and that no query holds control characters.
The fields of a form say by themselves what they cannot take, so that nothing typed is lost; what
slips past them, in a button or a hidden field, is refused once the view has ended.
"""

import re
from collections.abc import Callable
from email.message import Message
from typing import Any
from urllib.parse import unquote_to_bytes

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest, HTTPRequestEntityTooLarge
from pyramid.tweens import EXCVIEW, MAIN

MAX_BODY = 10 * 2**20  # bytes
STRANGERS = 256 * 2**10  # bytes: nobody who is not signed in has more to say
FIELDS = 1000  # of one form: reading a million takes seconds
CHUNK = 64 * 2**10  # bytes
LARGEST = "communicate.largest_body"  # among the settings: what any address takes
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
POSTED = ("POST", "PUT", "PATCH")
# What `communicate.web.types` forbids, but for the marks that lay text out.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
Handler = Callable[[Any], Any]


def check(request: Any) -> None:
    """Raise `HTTPRequestEntityTooLarge` or `HTTPBadRequest` where *request* cannot be read."""
    _check_size(request)
    try:
        texts = [request.path_info, *_query(request)]
        if request.method in POSTED:
            texts += _form_names(request)
    except (UnicodeDecodeError, ValueError, KeyError, EOFError, OSError) as error:
        raise HTTPBadRequest from error
    if any(FORBIDDEN.search(text) for text in texts):
        raise HTTPBadRequest


def _check_size(request: Any) -> None:
    """Raise `HTTPRequestEntityTooLarge` where the body is not worth reading."""
    size = request.content_length or 0
    if not size:
        return
    most = most_for(request)
    if size > most or (size > STRANGERS and request.member is None):
        raise HTTPRequestEntityTooLarge
    mark = _between_fields(request)
    if mark and _occurrences(request.body_file_seekable, mark) > FIELDS:
        raise HTTPRequestEntityTooLarge


def most_for(request: Any) -> int:
    """Return how many bytes the body of *request* may have: see `add_large_bodies`."""
    registry = request.registry
    most: int = registry.settings.get("communicate.max_body") or MAX_BODY
    for pattern, larger in registry.communicate_large_bodies:
        if pattern.fullmatch(request.environ.get("PATH_INFO", "")):
            most = max(most, larger)
    return most


def add_large_bodies(config: Configurator, path: str, most: int) -> None:
    """Let members send up to *most* bytes to addresses whose path *path*, a pattern, matches.

    Directive ``config.add_large_bodies``.  The server reads that much of any request before the
    site sees it.
    """
    config.registry.communicate_large_bodies.append((re.compile(path), most))
    known = config.registry.settings.get(LARGEST, 0)
    config.registry.settings[LARGEST] = max(known, most)


def _between_fields(request: Any) -> bytes:
    """Return what stands between two fields of the form; nothing where there is no form."""
    if request.content_type == FORM:
        return b"&"
    header = Message()
    header["Content-Type"] = request.headers.get("Content-Type", "")
    boundary = header.get_boundary("") if request.content_type == MULTIPART else ""
    return b"\n--" + boundary.encode("utf-8", "replace") if boundary else b""


def _occurrences(file: Any, mark: bytes) -> int:
    """Return how often *mark* occurs in *file*, whose parts are read one at a time."""
    count, window = 0, b""
    while chunk := file.read(CHUNK):
        window = window[max(0, len(window) - len(mark) + 1) :] + chunk
        count += window.count(mark)
    file.seek(0)
    return count


def _query(request: Any) -> list[str]:
    if not request.query_string:
        return []
    return [text for pair in request.GET.items() for text in pair]


def _form_names(request: Any) -> list[str]:
    """Parse the form, and return the names in it; their values are the fields' matter."""
    if request.content_type in (FORM, MULTIPART) and request.charset != "UTF-8":
        raise HTTPBadRequest
    if request.content_type == FORM:
        # The parser would put a mark in the place of what is no UTF-8, and store it.
        unquote_to_bytes(request.body.replace(b"+", b" ")).decode("utf-8")
    elif request.content_type != MULTIPART:
        return []
    names = []
    for name, value in request.POST.items():
        if isinstance(value, bytes) and value:  # nothing is a field for a file, left empty
            raise HTTPBadRequest
        names.append(str(name))
    return names


def check_values(request: Any) -> None:
    """Raise `HTTPBadRequest` where a value of the form is no text: the transaction is undone."""
    values = request.POST.values() if request.content_type in (FORM, MULTIPART) else ()
    if any(isinstance(value, str) and FORBIDDEN.search(value) for value in values):
        raise HTTPBadRequest


def tween_factory(handler: Handler, registry: Any) -> Handler:
    """Return the tween that refuses what cannot be read."""

    def tween(request: Any) -> Any:
        check(request)
        response = handler(request)
        if response.status_int < 400 and request.method in POSTED:
            check_values(request)
        return response

    return tween


def includeme(config: Configurator) -> None:
    """Install the tween inside the one that turns errors into pages, and the directive."""
    config.registry.communicate_large_bodies = []
    config.add_directive("add_large_bodies", add_large_bodies)
    config.add_tween("communicate.web.intake.tween_factory", under=EXCVIEW, over=MAIN)
