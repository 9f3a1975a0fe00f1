"""Messages into an account: sealed, described, in their thread; and out of it, for good."""

from io import BytesIO
from typing import Any

from communicate import clock
from communicate.ids import new_id
from communicate.interfaces import IQuota, ISeals
from communicate.sealing.content import Sealed
from communicate_email.content import Account, Mail
from communicate_email.mime import Part, read
from communicate_email.store import rows as rowing
from communicate_email.store.describing import describe
from communicate_email.store.filing import Entry
from communicate_email.store.rows import Row
from communicate_email.store.threads import Threads
from communicate_email.store.words import Search

SERVICE = "email"  # as the quota knows it
MESSAGE, HEAD, STRUCTURE = "email.message", "email.head", "email.structure"
LARGE = 64 * 1024  # bytes from which on a message is a file of its own
SAID = -1  # in place of a date
EARLIEST, LATEST = 2 * 86_400_000, 4_102_000_000_000  # milliseconds since 1970: 1970 to 2099


class Keeper:
    """What keeps messages in one *account*, and destroys them."""

    def __init__(self, request: Any, account: Account) -> None:
        self.request = request
        self.account = account
        self.uid = int(account.owner or 0)
        self.seals: Any = request.find_service(ISeals)
        self.quota: Any = request.find_service(IQuota)
        self.threads = Threads(self.seals, account)
        self.search = Search(request, account)

    @property
    def now(self) -> int:
        """The present moment in milliseconds."""
        return clock.milliseconds(clock.now(self.request))

    def keep(
        self,
        raw: bytes,
        flags: int = 0,
        date: int | None = None,
        message: Part | None = None,
        spool: Any = None,
    ) -> Entry:
        """Keep the message *raw*; return what a mailbox takes of it.

        *date* may be SAID: when its author says that it was written.  *message* is what
        `communicate_email.mime.read` says of it, where that is known; *spool* holds its bytes,
        where they lie sealed on the disk already.

        Raise `communicate.quota.QuotaExceeded` where there is no room.
        """
        self.quota.claim(self.uid, SERVICE, len(raw))
        said = describe(read(raw) if message is None else message)
        number = self._number()
        structure = self.seals.seal(self.uid, STRUCTURE, said.structure.as_bytes())
        self.account.mails[number] = Mail(len(raw), structure, self._body(raw, spool))
        self.search.add(number, said.words)
        thread = self.threads.join(number, said.references)
        flags &= rowing.SETTABLE
        if said.head.attachments:
            flags |= rowing.ATTACHED
        head: Sealed = self.seals.seal(self.uid, HEAD, said.head.as_bytes())
        date = said.head.date if date == SAID else date
        when = self.now if date is None else min(max(date, EARLIEST), LATEST)
        return Entry(number, flags, when, len(raw), thread, head.envelope)

    def _number(self) -> int:
        """Return an id above all that are there: bags of words are found by the first in each."""
        mails, number = self.account.mails, new_id()
        return max(number, int(mails.maxKey()) + 1) if mails else number

    def _body(self, raw: bytes, spool: Any) -> Any:
        if spool is not None:
            return spool.blob(self.request.root_map._p_jar)
        if len(raw) < LARGE:
            return self.seals.seal(self.uid, MESSAGE, raw)
        return self.seals.seal_stream(self.uid, MESSAGE, BytesIO(raw))

    def destroy(self, lost: list[Row]) -> None:
        """Destroy the messages *lost*, which lie nowhere any more."""
        for row in lost:
            mail: Mail | None = self.account.mails.pop(row.id, None)
            if mail is None:
                continue
            self.quota.release(self.uid, SERVICE, mail.size)
        self.threads.leave((row.id, row.thread) for row in lost)
        self.search.drop(row.id for row in lost)
