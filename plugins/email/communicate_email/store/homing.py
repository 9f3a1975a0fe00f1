"""Mail taken home: a folder as an mbox, or all of it as a ZIP of such, made by a job.

Flags and labels stand in the fields that other programs know (Status, X-Status, X-Keywords).
"""

import time
import zipfile
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from communicate.clock import moment
from communicate.interfaces import IOutbox
from communicate.mydata import mbox
from communicate.sealing import Destroyed
from communicate.storage.work import work
from communicate_email.content import Account, Mailbox
from communicate_email.exporting import in_order
from communicate_email.importing import marks
from communicate_email.interfaces import IMailStore
from communicate_email.store import rows as rowing
from communicate_email.store.boxes import account_of
from communicate_email.store.carrying import CARRIED, Carrying, found_one

TAKE = "email.take-home"
LOOKED = 1.0  # seconds between two looks whether it is wanted still
ALL = ""  # in place of a folder


class Unwanted(Exception):
    """Nobody waits for it any more."""


def take(request: Any, account: Account, box: Mailbox | None) -> None:
    """Have a job make a file of *box*, or of all folders; raise Refused."""
    carrying = Carrying(request, account)
    boxes = request.find_service(IMailStore).boxes(account)
    one = carrying.added(goes_out=True, folder=ALL if box is None else boxes.path(box))
    held = account.boxes.values() if box is None else [box]
    one.size = sum(each.count for each in held)
    payload = {"uid": carrying.uid, "carried": one.id, "box": 0 if box is None else box.id}
    request.find_service(IOutbox).add(TAKE, payload, owner=carrying.uid)


def take_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Make the file, sealed as it grows: the handler of TAKE."""
    uid, number = payload["uid"], payload["carried"]
    account = account_of(request, uid)
    one = found_one(request, uid, number)
    if account is None or one is None or not one.is_under_way:
        return
    carrying = Carrying(request, account)
    store = request.find_service(IMailStore)
    boxes = store.boxes(account)
    chosen = [pair for pair in in_order(boxes) if payload["box"] in (0, pair[0].id)]
    spool = carrying.seals.spool(uid, CARRIED, request.root_map._p_jar)
    with spool:
        try:
            home = _Home(request, account, partial(_tell, request.registry, uid, number))
            if payload["box"]:
                for box, _path in chosen:
                    for piece in home.pieces(box):
                        spool.write(piece)
            else:
                _pack(spool, home, chosen)
            spool.finish()
        except Unwanted:
            return
        work(request.registry, partial(_done, uid, number, spool, _called(chosen, payload)))


def _called(chosen: list[tuple[Mailbox, str]], payload: Mapping[str, Any]) -> str:
    if not payload["box"]:
        return "mail.zip"
    name = chosen[0][1].rpartition("/")[2] if chosen else "mail"
    return f"{name}.mbox"


def _pack(spool: Any, home: "_Home", chosen: list[tuple[Mailbox, str]]) -> None:
    """Write a ZIP with an mbox for each folder that holds anything."""
    written: Any = _Written(spool)
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for box, path in chosen:
            if box.count:
                with out.open(zipfile.ZipInfo(f"{path}.mbox"), "w", force_zip64=True) as file:
                    for piece in home.pieces(box):
                        file.write(piece)


class _Written:
    """A spool as a ZIP writes to it: one that cannot go back."""

    def __init__(self, spool: Any) -> None:
        self._spool = spool

    def write(self, data: Any, /) -> int:
        """Seal *data* after what came before."""
        written: int = self._spool.write(bytes(data))
        return written

    def flush(self) -> None:
        """Do nothing: the spool keeps what it has."""


class _Home:
    """The messages of an account as they go home; *tell* is told how many there were."""

    def __init__(self, request: Any, account: Account, tell: Any) -> None:
        store = request.find_service(IMailStore)
        self.reading, self.flags, self.tell = store.reading(account), store.flags(account), tell
        self.count = 0
        self.next = time.monotonic() + LOOKED

    def pieces(self, box: Mailbox) -> Iterator[bytes]:
        """Yield the mbox of *box*."""
        for row in rowing.every(box):
            try:
                raw = self.reading.raw(row.id)
            except (Destroyed, KeyError):
                continue
            noted = marks.notes(self.flags.names(row.flags)) + marks.without(raw)
            yield from mbox.message("", moment(row.date), [noted])
            self.count += 1
            if time.monotonic() >= self.next:
                self.tell(self.count)
                self.next = time.monotonic() + LOOKED


def _tell(registry: Any, uid: int, number: int, count: int) -> None:
    """Write down how far it is; raise Unwanted where nobody waits for it."""
    if not work(registry, partial(_note, uid, number, count)):
        raise Unwanted


def _note(uid: int, number: int, count: int, request: Any) -> bool:
    one = found_one(request, uid, number)
    if one is None or not one.is_under_way:
        return False
    one.state, one.read = "runs", count
    return True


def _done(uid: int, number: int, spool: Any, name: str, request: Any) -> None:
    """Have the file be there to be taken."""
    account = account_of(request, uid)
    one = found_one(request, uid, number)
    if account is None or one is None or not one.is_under_way:
        return
    carrying = Carrying(request, account)
    sealed = carrying.seals.seal(uid, CARRIED, name)
    one.files = ((sealed, spool.blob(request.root_map._p_jar)),)
    one.read = one.size
    carrying.end(one, "done")
