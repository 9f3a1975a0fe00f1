"""What is made of a file is kept beside it, sealed under its owner's key, and goes with its bytes.

It does not count against the quota, and is therefore bounded: what would take much more room than
the file itself is left out.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from communicate.interfaces import IOutbox, ISeals
from communicate_vdisk.content import File, Looks, Page
from communicate_vdisk.indexing import settle
from communicate_vdisk.interfaces import IDisk
from communicate_vdisk.looking import running

LOOK = "vdisk.look"
SMALL, PAGE, WORDS = "vdisk.small", "vdisk.page", "vdisk.words"
MOST_SMALL = 64 * 1024  # bytes of a small picture
BESIDE = 192 * 1024  # bytes by which pages may be larger than their file


def ask(request: Any, file: File) -> None:
    """Have *file* looked at by a job, where there is something to see."""
    if running.kind_of(file) is not None:
        payload = {"file": file.id, "tag": file.tag}
        request.find_service(IOutbox).add(LOOK, payload, owner=file.owner)


def look_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Look at a file that has not changed since: the handler of LOOK."""
    file = request.find_service(IDisk).find(payload["file"])
    if not isinstance(file, File) or file.tag != payload["tag"] or file.blob is None:
        return
    kind = running.kind_of(file)
    if kind is None or any(each.doomed for each in file.lineage()):
        return
    seals = request.find_service(ISeals)
    file.looks = kept(seals, file, running.look(kind, seals.open_range(file.blob, 0, None)))
    settle(request, file)


def kept(seals: Any, file: File, made: list[running.Made]) -> Looks:
    """Return what is kept of what was *made* of *file*."""
    owner, looks, left = int(file.owner or 0), Looks(), file.size + BESIDE
    pages = []
    for one in made:
        if one.name == "words":
            looks.words = seals.seal(owner, WORDS, one.data)
        elif one.name == "small" and len(one.data) <= MOST_SMALL:
            looks.small = seals.seal(owner, SMALL, one.data)
        elif one.name == "page" and len(one.data) <= left:
            left -= len(one.data)
            blob = seals.seal_stream(owner, PAGE, BytesIO(one.data))
            pages.append(Page(blob, one.width, one.height))
    looks.pages = tuple(pages)
    return looks
