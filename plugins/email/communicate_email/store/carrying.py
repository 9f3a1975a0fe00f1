"""Mail that members bring as files, or take home: in batches, by jobs, with progress.

Each batch of what comes in is one transaction with how far it is, so that nothing comes twice and
none is left out, wherever a process ends.  The bytes of files are sealed, and gone with the end.
"""

import io
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any

from BTrees.LOBTree import LOBTree
from pyramid.i18n import TranslationStringFactory

from communicate import clock
from communicate.ids import new_id
from communicate.interfaces import IMembers, INotifications, IOutbox, IQuota, ISeals
from communicate.storage.work import work
from communicate_email.content import Account, Carried
from communicate_email.errors import Refused
from communicate_email.importing import Found, Skipped, found_in
from communicate_email.store.boxes import account_of, office_of
from communicate_email.store.importing import Done, Importer, batches
from communicate_email.store.sealedfile import SealedFile

_ = TranslationStringFactory("communicate_email")

CARRIED = "email.carried"
BRING, SWEEP = "email.bring", "email.carried_sweep"
ENDED = "email.carried-ended"
SLICE = 20.0  # seconds of one job, which has another one go on: other work has its turns
KEPT = timedelta(days=3)  # for which it is listed what became of it
MOST_FILES = 50

ONE = _("Mail of yours is on its way already: wait for its end, or cancel it.")
LARGE = _("These files are too large: bring ${size} at most at once.")
NO_ROOM = _("These files are larger than the room that you have left.")


class Carrying:
    """What is on its way in or out of one *account*."""

    def __init__(self, request: Any, account: Account) -> None:
        self.request, self.account = request, account
        self.uid = int(account.owner or 0)
        self.seals: Any = request.find_service(ISeals)

    @property
    def now(self) -> int:
        """The present moment in milliseconds."""
        return clock.milliseconds(clock.now(self.request))

    def all(self) -> list[Carried]:
        """Return all of it, the newest first."""
        held = self.account.carried
        return [] if held is None else list(held.values())[::-1]

    def find(self, number: int) -> Carried | None:
        """Return the one with that id, or None."""
        held = self.account.carried
        return None if held is None else held.get(number)

    def text(self, sealed: Any) -> str:
        """Return what *sealed* says, empty without."""
        return "" if sealed is None else self.seals.text(sealed) or ""

    def added(self, *, goes_out: bool, folder: str) -> Carried:
        """Return a new one that waits; raise Refused while another one is under way."""
        if any(one.is_under_way for one in self.all()):
            raise Refused(ONE)
        if self.account.carried is None:
            self.account.carried = LOBTree()
        made = Carried(new_id(), goes_out)
        made.began = self.now
        made.folder = self.seals.seal(self.uid, CARRIED, folder)
        self.account.carried[made.id] = made
        return made

    def bring(self, files: Sequence[tuple[str, Any]], folder: str) -> Carried:
        """Take *files*, each a name and a stream, and have a job keep what they hold."""
        made = self.added(goes_out=False, folder=folder)
        sealed = []
        for name, stream in files:
            blob = self.seals.seal_stream(self.uid, CARRIED, stream)
            sealed.append((self.seals.seal(self.uid, CARRIED, name), blob))
        made.files = tuple(sealed)
        made.size = sum(blob.size for _name, blob in sealed)
        most: int = self.request.registry.settings["email.import_size"]
        if made.size > most:
            raise Refused(LARGE % {"size": self.request.page.size(most)})
        if self.request.find_service(IQuota).left(self.uid) < made.size:
            raise Refused(NO_ROOM)
        self.later(made)
        return made

    def later(self, one: Carried) -> None:
        """Have a job go on with it."""
        payload = {"uid": self.uid, "carried": one.id}
        self.request.find_service(IOutbox).add(BRING, payload, owner=self.uid)

    def forget(self, one: Carried) -> None:
        """End it, and list it no more; what has been brought stays."""
        one.state, one.files = "failed", ()
        if self.account.carried is not None:
            self.account.carried.pop(one.id, None)

    def end(self, one: Carried, state: str) -> None:
        """Let it be over, and tell its member."""
        one.state, one.ended = state, self.now
        if not one.goes_out:
            one.files = ()
        login = self.request.find_service(IMembers).login_of(self.uid)
        path = f"/members/{login}/mail/files"
        self.request.find_service(INotifications).send(ENDED, self.uid, path=path)


class Bringer(Importer):
    """What brings the files of one `Carried`, batch by batch."""

    def __init__(self, registry: Any, uid: int, number: int, folder: str) -> None:
        super().__init__(registry, uid, folder)
        self.number = number
        self.place = 0  # bytes of all files that were read

    def _keep(self, batch: Sequence[Found | Skipped], request: Any) -> Done:
        one = found_one(request, self.uid, self.number)
        if one is None or not one.is_under_way:
            return Done(full=True)
        done = super()._keep(batch, request)
        one.state = "runs"
        one.seen += len(batch)
        one.kept, one.known = one.kept + done.kept, one.known + done.known
        one.skipped += done.skipped
        one.read = max(one.read, min(self.place, one.size))
        if done.full:
            end_one(request, self.uid, self.number, "full")
        return done


def found_one(request: Any, uid: int, number: int) -> Carried | None:
    """Return what member *uid* has on its way under *number*, or None."""
    account = account_of(request, uid)
    return None if account is None else Carrying(request, account).find(number)


def bring_job(request: Any, payload: Mapping[str, Any]) -> None:
    """Go on with what is on its way: the handler of BRING."""
    uid, number = payload["uid"], payload["carried"]
    account = account_of(request, uid)
    one = None if account is None else Carrying(request, account).find(number)
    if account is None or one is None or not one.is_under_way:
        return
    carrying = Carrying(request, account)
    if bring_slice(request, carrying, one, SLICE):
        carrying.later(one)


def bring_slice(request: Any, carrying: Carrying, one: Carried, seconds: float) -> bool:
    """Bring batches for so many *seconds*; tell whether there is more."""
    until = time.monotonic() + seconds
    bringer = Bringer(request.registry, carrying.uid, one.id, carrying.text(one.folder))
    before = sum(blob.size for _name, blob in one.files[: one.at])
    seen = one.seen
    for at in range(one.at, len(one.files)):
        name, blob = one.files[at]
        raw = SealedFile(carrying.seals.open_range, blob)
        with closing(io.BufferedReader(raw, 64 * 1024)) as file:
            found = islice(found_in(carrying.text(name), file), seen, None)
            for batch in batches(found):
                bringer.place = before + raw.tell()
                done = work(request.registry, partial(bringer._keep, batch))
                if done.full:
                    return False
                if time.monotonic() >= until:
                    return True
        before, seen = before + blob.size, 0
        work(request.registry, partial(_next_file, carrying.uid, one.id, before))
    work(request.registry, partial(_finish, carrying.uid, one.id))
    return False


def _next_file(uid: int, number: int, read: int, request: Any) -> None:
    one = found_one(request, uid, number)
    if one is not None and one.is_under_way:
        one.at, one.seen, one.read = one.at + 1, 0, read


def _finish(uid: int, number: int, request: Any) -> None:
    end_one(request, uid, number, "done")


def end_one(request: Any, uid: int, number: int, state: str) -> None:
    """Let what member *uid* has on its way under *number* be over, unless it is."""
    account = account_of(request, uid)
    one = None if account is None else Carrying(request, account).find(number)
    if account is not None and one is not None and one.is_under_way:
        Carrying(request, account).end(one, state)


def sweep_job(request: Any, _payload: Mapping[str, Any]) -> None:
    """Forget what ended days ago, with the files to take home: the handler of SWEEP."""
    office = office_of(request)
    before = clock.milliseconds(clock.now(request) - KEPT)
    for account in () if office is None else office.accounts.values():
        carrying = Carrying(request, account)
        for one in carrying.all():
            if not one.is_under_way and one.ended < before:
                carrying.forget(one)
