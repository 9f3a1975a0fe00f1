"""Pictures that members send: made anew, so that nothing travels in them but what they show.

What is kept is WebP, upright, in sRGB, without any metadata.  The sender's file is read by a
process of its own, whose memory and time are limited (`communicate.recoding`): whatever a file
does to the decoder, the site goes on.
"""

import shutil
import struct
import subprocess
import sys
import tempfile
import threading
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory
from pyramid.response import Response

from communicate import recoding
from communicate.interfaces import ISeals
from communicate.sealing.content import Sealed

_ = TranslationStringFactory("communicate")

MOST_BYTES = 10 * 2**20
PATIENCE = 20  # seconds until a picture that is being read is given up
QUEUE = 3  # seconds that one waits for its turn: whoever serves it serves nobody else meanwhile
SIDE, SMALL = 512, 96  # pixels: the longer side of a picture, both sides of a small one
TYPE = "image/webp"
CSP = "default-src 'none'; sandbox"

NOT_ONE = _("This is no picture that can be read here. Send a JPEG, PNG, WebP or GIF.")
TOO_LARGE = _("This picture is too large. Send one of at most 10 MB and 50 million pixels.")
BUSY = _("Too many pictures come in at this moment. Send it again in a minute.")

_turns = threading.BoundedSemaphore(2)  # pictures that are read at once


class BadPicture(ValueError):
    """A file is no picture that we take; ``reason`` is a translatable sentence with the cure."""

    def __init__(self, reason: Any) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Picture(NamedTuple):
    """A picture made anew: the whole one, and a small square of its middle; both WebP."""

    whole: bytes
    small: bytes


def recode(file: Any, side: int = SIDE, small: int = SMALL) -> Picture:
    """Return the picture in the seekable *file* made anew; raise BadPicture.

    *side* is the most that the longer side of the whole one has, *small* the side of the other.
    """
    file.seek(0, 2)
    if file.tell() > MOST_BYTES:
        raise BadPicture(TOO_LARGE)
    file.seek(0)
    if not _turns.acquire(timeout=QUEUE):
        raise BadPicture(BUSY)
    try:
        return _recode(file, side, small)
    finally:
        _turns.release()


def _recode(file: Any, side: int, small: int) -> Picture:
    """Have a process of its own read *file*, which it is given unlinked and never by name."""
    command = [sys.executable, "-I", str(Path(recoding.__file__)), str(side), str(small)]
    with tempfile.TemporaryFile() as source:
        shutil.copyfileobj(file, source)
        source.seek(0)
        try:
            done = subprocess.run(  # noqa: S603  # our own file, numbers of ours
                command,
                stdin=source,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=PATIENCE,
                check=False,
                env={},
            )
        except subprocess.TimeoutExpired:
            raise BadPicture(TOO_LARGE) from None
    if done.returncode:
        raise BadPicture(TOO_LARGE if done.returncode == recoding.TOO_LARGE else NOT_ONE)
    (length,) = struct.unpack(">I", done.stdout[:4])
    return Picture(done.stdout[4 : 4 + length], done.stdout[4 + length :])


def seal(request: Any, uid: int, kind: str, data: bytes) -> Any:
    """Return *data* as a sealed file of member *uid*."""
    return request.find_service(ISeals).seal_stream(uid, kind, BytesIO(data))


def serve(request: Any, blob: Any, tag: str) -> Response:
    """Answer with the picture in *blob*, a sealed file or value; *tag* changes when it does.

    Browsers may keep it, but ask again each time, so that who may see it is asked again, too.
    """
    response = Response()
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = "inline"
    response.etag = tag
    if tag in request.if_none_match:
        response.status_int = 304
        del response.headers["Content-Type"]
        return response
    response.headers["Content-Type"] = TYPE
    response.content_length = blob.size
    if request.method != "HEAD":
        seals = request.find_service(ISeals)
        small = isinstance(blob, Sealed)
        response.app_iter = [seals.open(blob)] if small else seals.open_range(blob, 0, None)
    return response
