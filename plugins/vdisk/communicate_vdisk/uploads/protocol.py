"""The words of tus 1.0, the protocol for uploads that go on after an interruption.

https://tus.io/protocols/resumable-upload: creation, creation with upload, termination, expiration,
checksum.  The server of HTTP hands a request over once all of it has come: of a part that is cut
off nothing counts.  So parts have a limit, told by ``Upload-Limit`` (draft-ietf-httpbis-resumable-
upload) and enforced.
"""

import base64
import binascii
import hashlib
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

from pyramid.request import Request
from pyramid.response import Response

from communicate.ids import time_of

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,termination,expiration,checksum"
ALGORITHMS = ("sha1", "sha256")
PART = "application/offset+octet-stream"
LARGEST = 2**40  # bytes of one file
CHUNK = 2**16


class Wrong(ValueError):
    """A request is not as the protocol has it; ``status`` and the words are its answer."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def answer(request: Request, status: int, words: Any = "", **headers: Any) -> Response:
    """Return an answer, with *words* in the reader's language for who shows them."""
    text = request.localizer.translate(words) if words else ""
    response = Response(text or None, status, content_type="text/plain", charset="UTF-8")
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    response.headers["Upload-Limit"] = f"max-append-size={part_size(request)}"
    for name, value in headers.items():
        if value is not None:
            response.headers[name.replace("_", "-")] = str(value)
    return response


def part_size(request: Request) -> int:
    """Return how many bytes one part may have."""
    most: int = request.registry.settings["vdisk.part"]
    return most


def check_version(request: Request) -> None:
    """Raise Wrong where the client speaks another version."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Wrong(412, "Tus-Resumable has to be 1.0.0.")


def number(request: Request, name: str, most: int = LARGEST) -> int:
    """Return the number in the header *name*; raise Wrong."""
    text = request.headers.get(name, "")
    if not text.isascii() or not text.isdecimal() or len(text) > 15:
        raise Wrong(400, f"{name} has to be a number.")
    if int(text) > most:
        raise Wrong(413, f"{name} is too large.")
    return int(text)


def metadata(request: Request) -> dict[str, str]:
    """Return what Upload-Metadata says; raise Wrong where it cannot be read."""
    found = {}
    try:
        for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
            key, _space, value = pair.strip().partition(" ")
            found[key] = base64.b64decode(value, validate=True).decode()
    except (binascii.Error, ValueError):
        raise Wrong(400, "Upload-Metadata holds names, and values in base64.") from None
    return found


def modified(said: dict[str, str]) -> int:
    """Return when the sender's file was last changed, in ms, 0 where that is not told."""
    text = said.get("modified", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else 0


def length_of_part(request: Request) -> int:
    """Return how many bytes the body has, all of which are there; raise Wrong."""
    if request.content_type != PART:
        raise Wrong(415, f"A part is sent as {PART}.")
    length = request.content_length or 0
    if length > part_size(request):
        raise Wrong(413, f"A part has at most {part_size(request)} bytes.")
    check_sum(request, length)
    return length


def check_sum(request: Request, length: int) -> None:
    """Raise Wrong where the body is not what Upload-Checksum says."""
    said = request.headers.get("Upload-Checksum")
    if said is None:
        return
    algorithm, _space, value = said.partition(" ")
    if algorithm not in ALGORITHMS:
        raise Wrong(400, f"Upload-Checksum knows {' and '.join(ALGORITHMS)}.")
    digest, file = hashlib.new(algorithm), body_of(request)
    while length > 0 and (data := file.read(min(CHUNK, length))):
        digest.update(data)
        length -= len(data)
    if base64.b64encode(digest.digest()).decode() != value.strip():
        raise Wrong(460, "What came is not what was sent.")


def body_of(request: Request) -> Any:
    """Return the body from its beginning, where it lies."""
    file = request.body_file_seekable
    file.seek(0)
    return file


def expires(request: Request, upload: Any) -> str:
    """Return until when *upload* is kept, as HTTP writes it."""
    days = request.registry.settings["vdisk.upload_days"]
    return format_datetime(time_of(upload.id) + timedelta(days=days), usegmt=True)
