"""Having a file read by a process of its own: see `program`."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, NamedTuple

from communicate_vdisk.content import File

PROGRAM = "communicate_vdisk.looking.program"
MOST = 64 * 2**20  # bytes of a file that is looked at
PATIENCE = 25  # seconds until a file that is being read is given up: less than a job's lease
LARGEST = 16 * 2**20  # bytes of what comes back

KINDS = {
    **dict.fromkeys(
        ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"), "picture"
    ),
    "application/pdf": "pdf",
    "text/html": "html",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
}

_turns = threading.BoundedSemaphore(2)  # files that are read at once


class Made(NamedTuple):
    """Something made of a file: ``small``, ``page`` or ``words``; a picture's sides in pixels."""

    name: str
    data: bytes
    width: int
    height: int


def kind_of(file: File) -> str | None:
    """Return how *file* is looked at, or None where it is not."""
    return KINDS.get(file.media) if 0 < file.size <= MOST else None


def look(kind: str, pieces: Iterable[bytes]) -> list[Made]:
    """Return what is made of a file of that *kind*; nothing where it cannot be read."""
    with _turns:
        return _look(kind, pieces)


def _look(kind: str, pieces: Iterable[bytes]) -> list[Made]:
    process = subprocess.Popen(  # noqa: S603  # our own program, a word of ours
        [sys.executable, "-I", "-m", PROGRAM, kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )
    assert process.stdout is not None  # noqa: S101  # asked for above
    timer = threading.Timer(PATIENCE, process.kill)
    timer.start()
    try:
        _send(process, pieces)
        data = process.stdout.read(LARGEST + 1)
    finally:
        timer.cancel()
        process.kill()  # one that has ended does not mind
        process.stdout.close()
        ended = process.wait()
    # It has written all before it ends: what is whole counts, however it was ended.
    return [] if ended > 0 or len(data) > LARGEST else taken_apart(data)


def _send(process: Any, pieces: Iterable[bytes]) -> None:
    """Let *process* read *pieces*, as long as it does."""
    with suppress(BrokenPipeError), process.stdin:
        for piece in pieces:
            if process.poll() is not None:
                return
            process.stdin.write(piece)


def taken_apart(data: bytes) -> list[Made]:
    """Return the parts that the program wrote; nothing where it was cut off."""
    head, _line, rest = data.partition(b"\n")
    try:
        listed = json.loads(head)
    except ValueError:
        return []
    if sum(size for _name, size, _width, _height in listed) != len(rest):
        return []
    found, start = [], 0
    for name, size, width, height in listed:
        found.append(Made(name, rest[start : start + size], width, height))
        start += size
    return found
