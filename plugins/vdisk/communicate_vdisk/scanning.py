"""Looking for viruses: each file that comes in is read to clamd by a job, where one is named.

What holds one is kept apart (`content.File.held`): no path finds its bytes, and nobody but its
owner finds it, reads why, and throws it away.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate import clamav
from communicate.clamav import INFECTED, UNSCANNED, Unavailable, Verdict
from communicate.clock import now
from communicate.interfaces import INotifications, IOutbox, ISeals
from communicate.storage.work import work
from communicate_vdisk.content import NAME, PENDING, File, Version
from communicate_vdisk.indexing import settle, walk_files
from communicate_vdisk.interfaces import IDisk

_ = TranslationStringFactory("communicate_vdisk")

SCAN, FOUND, FINDING = "vdisk.scan", "vdisk.infected", "vdisk.finding"
PAUSES = (1, 5, 15, 60, 240)  # minutes between tries while clamd is away
ASKED = (PENDING, UNSCANNED)  # what was away when it was asked may be there again
DOWN = _(
    "clamd does not answer at the address vdisk.clamav: start it, or write `off` there. Files "
    "that come in meanwhile are open, marked as not scanned, and tried again for some hours."
)
WORDS = {
    PENDING: ("hourglass-split", _("Being checked for viruses")),
    clamav.CLEAN: ("shield-check", _("Checked: no virus was found")),
    INFECTED: ("bug", _("Holds a virus")),
    UNSCANNED: ("shield", _("Not checked for viruses")),
}

Held = File | Version


def ask(request: Any, file: File) -> None:
    """Have what *file* holds now be looked at, after the transaction that brought it."""
    settings = request.registry.settings
    if not settings["vdisk.clamav"]:
        file.scan = ""
    elif file.size > settings["vdisk.clamav_most"]:
        file.scan = UNSCANNED
    else:
        file.scan = PENDING
        later(request, {"node": file.id, "tag": file.tag, "tries": 0}, file.owner)


def later(request: Any, payload: Mapping[str, Any], owner: int | None, minutes: int = 0) -> None:
    """Have the job run in *minutes*."""
    due = now(request) + timedelta(minutes=minutes) if minutes else None
    request.find_service(IOutbox).add(SCAN, payload, owner=owner, due=due)


def scan_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Read one file, or a version of it, to clamd, and note what it says: the handler of SCAN."""
    node = request.find_service(IDisk).find(payload["node"])
    held = meant(node, payload["tag"]) if isinstance(node, File) else None
    if node is None or held is None or held.blob is None or held.scan not in ASKED:
        return
    address = request.registry.settings["vdisk.clamav"]
    if not address:
        held.scan = ""
        return
    try:
        with closing(request.find_service(ISeals).open_range(held.blob)) as pieces:
            said = clamav.scan(address, pieces)
    except Unavailable:
        tries = payload["tries"]
        if tries < len(PAUSES):
            again = {**payload, "tries": tries + 1}
            later(request, again, node.owner, PAUSES[tries])
        said = Verdict(UNSCANNED)
    note(request, node, held, said)


def meant(file: File, tag: str) -> Held | None:
    """Return *file*, or that version of it, whose bytes have the *tag*."""
    if file.tag == tag:
        return file
    return next((each for each in file.versions.values() if each.tag == tag), None)


def note(request: Any, file: File, held: Held, said: Verdict) -> None:
    """Let *held*, *file* or a version of it, be what clamd *said*."""
    held.scan = said.state
    if said.state != INFECTED:
        return
    held.held, held.blob = held.blob, None
    if isinstance(held, File):
        held.looks = None  # its pictures
    held.finding = request.find_service(ISeals).seal(file.owner, FINDING, said.found)
    settle(request, file)
    request.find_service(INotifications).send(FOUND, file.owner, about=file)


def finding(request: Any, held: Held) -> str:
    """Return the name of what clamd found in *held*, empty where there is nothing to say."""
    if held.finding is None:
        return ""
    return request.find_service(ISeals).text(held.finding) or ""


# For operators


def check(registry: Any) -> Any:
    """Return a sentence where clamd is named and does not answer, or None."""
    address = registry.settings["vdisk.clamav"]
    return DOWN if address and not clamav.answers(address) else None


def counts(registry: Any) -> dict[str, int]:
    """Return how many files, former versions among them, are in each state."""

    def count(request: Any) -> dict[str, int]:
        found: dict[str, int] = {}
        if request.site.get(NAME) is not None:
            for held in everything(request):
                found[held.scan] = found.get(held.scan, 0) + 1
        return found

    return work(registry, count)


def everything(request: Any) -> Iterator[Held]:
    """Yield every file of the site, and every former version."""
    for file in walk_files(request):
        if isinstance(file, File):
            yield file
            yield from file.versions.values()
