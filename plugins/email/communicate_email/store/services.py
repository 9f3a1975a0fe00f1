"""`IMailStore`: what webmail, IMAP, POP and jobs do with a member's mail.

Whoever calls has asked `permits`: a mailbox says that it is its owner's.  One call is one change
of a mailbox, in the transaction of the caller, however many messages it concerns.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from pyramid.i18n import TranslationStringFactory
from zope.interface import implementer

from communicate_email.content import Account, Mailbox
from communicate_email.errors import Refused
from communicate_email.interfaces import IMailStore
from communicate_email.store import filing
from communicate_email.store import rows as rowing
from communicate_email.store.boxes import Boxes, account_of, opened_account
from communicate_email.store.events import Copied, Moved
from communicate_email.store.filing import Entry
from communicate_email.store.filtering import Filtering
from communicate_email.store.flags import Flags
from communicate_email.store.keeping import Keeper
from communicate_email.store.labels import Labels
from communicate_email.store.pictures import Pictures
from communicate_email.store.reading import Reading
from communicate_email.store.rows import Row
from communicate_email.store.steps import Steps

_ = TranslationStringFactory("communicate_email")

ADD, REMOVE, REPLACE = "add", "remove", "replace"
_LINE_END = re.compile(rb"\r\n|\r|\n")


class Incoming(NamedTuple):
    """A message to be put into a mailbox; *date* in milliseconds, None for now.

    A large one may lie in a `communicate.sealing.spools.SealedSpool` already, as it is: *spool*.
    """

    raw: bytes
    flags: int = 0
    date: int | None = None
    spool: Any = None


class Flagged(NamedTuple):
    """What became of a change of flags: rows as they are now, and uids that had changed before."""

    rows: list[Row]
    failed: list[int]


@implementer(IMailStore)
class MailStore:
    """The mail of one request's site."""

    def __init__(self, request: Any) -> None:
        self.request = request

    # What there is

    def account(self, uid: int) -> Account | None:
        """Return the mail of member *uid*, None while there is none."""
        return account_of(self.request, uid)

    def opened(self, uid: int) -> Account:
        """Return the mail of member *uid*, made where there is none; raise KeyError."""
        found = opened_account(self.request, uid)
        if found is None:
            raise KeyError(uid)
        return found

    def boxes(self, account: Account) -> Boxes:
        """Return what finds, makes and renames the folders of *account*."""
        return Boxes(self.request, account)

    def flags(self, account: Account) -> Flags:
        """Return what knows the flags of *account* by name."""
        return Flags(self.request, account)

    def labels(self, account: Account) -> Labels:
        """Return what knows the labels of *account* by name."""
        return Labels(self.request, account)

    def steps(self, account: Account) -> Steps:
        """Return what remembers and takes back the last step in *account*."""
        return Steps(self, account)

    def reading(self, account: Account) -> Reading:
        """Return what reads the messages of *account*."""
        return Reading(self.request, account)

    def filters(self, account: Account) -> Filtering:
        """Return what holds and runs the filters of *account*."""
        return Filtering(self.request, account)

    def pictures(self, account: Account) -> Pictures:
        """Return of whom *account* loads pictures unasked."""
        return Pictures(self.request, account)

    # Changing

    def append(self, box: Mailbox, messages: Iterable[Incoming]) -> list[int]:
        """Put *messages* into *box*, all or none; return their uids.

        Line ends become CRLF.  Raise `communicate.quota.QuotaExceeded`.
        """
        keeper = Keeper(self.request, box.__parent__)
        entries = [
            keeper.keep(with_crlf(one.raw), one.flags, one.date, spool=one.spool)
            for one in messages
        ]
        return filing.put_in(keeper.account, box, entries, keeper.now)

    def flag(
        self,
        box: Mailbox,
        uids: Iterable[int],
        flags: int,
        how: str = ADD,
        *,
        unchanged_since: int | None = None,
    ) -> Flagged:
        """Set the bits *flags* of the messages *uids*, or take them away, or set them alone.

        Those that have changed after *unchanged_since*, a modseq, stay as they are.
        """
        flags &= rowing.SETTABLE
        rows = list(rowing.some(box, uids))
        failed = [
            row.uid for row in rows if unchanged_since is not None and row.modseq > unchanged_since
        ]
        if failed:
            late = set(failed)
            rows = [row for row in rows if row.uid not in late]
        return Flagged(
            filing.change_flags(box, ((row, _flagged(row.flags, flags, how)) for row in rows)),
            failed,
        )

    def copy(self, box: Mailbox, uids: Iterable[int], target: Mailbox) -> dict[int, int]:
        """Have the messages *uids* in *target* too; return the uid there of each."""
        rows = list(rowing.some(box, uids))
        made = self._copied(box, rows, target)
        self._tell(Copied, box, rows, target)
        return made

    def move(self, box: Mailbox, uids: Iterable[int], target: Mailbox) -> dict[int, int]:
        """Have the messages *uids* in *target* instead; return the uid there of each."""
        if box is target:
            raise Refused(_("The messages are in this folder already."))
        rows = list(rowing.some(box, uids))
        made = self._copied(box, rows, target)
        filing.take_out(box.__parent__, box, rows)
        self._tell(Moved, box, rows, target)
        return made

    def expunge(self, box: Mailbox, uids: Iterable[int] | None = None) -> list[int]:
        r"""Destroy the messages *uids* for good, None: those marked as \Deleted; return which.

        What lies in another folder too stays there.
        """
        if uids is None:
            rows = [row for row in rowing.every(box) if row.flags & rowing.DELETED]
        else:
            rows = list(rowing.some(box, uids))
        keeper = Keeper(self.request, box.__parent__)
        keeper.destroy(filing.take_out(keeper.account, box, rows))
        return [row.uid for row in rows]

    def throw_away(self, box: Mailbox, uids: Iterable[int]) -> dict[int, int]:
        """Put the messages *uids* into the trash; from there they are destroyed for good."""
        trash = box.__parent__.box("trash")
        if box is trash:
            self.expunge(box, uids)
            return {}
        return self.move(box, uids, trash)

    def remove_box(self, box: Mailbox) -> None:
        """Destroy *box* with its messages for good; raise Refused where it is needed or full."""
        boxes = Boxes(self.request, box.__parent__)
        boxes.check_removable(box)
        self.expunge(box, [row.uid for row in rowing.every(box)])
        boxes.remove(box)

    def _tell(self, event: Any, box: Mailbox, rows: Sequence[Row], target: Mailbox) -> None:
        if rows:
            ids = tuple(row.id for row in rows)
            self.request.registry.notify(event(self.request, box.__parent__, box, target, ids))

    def _copied(self, box: Mailbox, rows: Sequence[Row], target: Mailbox) -> dict[int, int]:
        if target.__parent__ is not box.__parent__:
            raise ValueError("mail is copied within one account only")
        heads = rowing.heads_of(box, [row.uid for row in rows])
        entries = [
            Entry(row.id, row.flags & ~rowing.DELETED, row.date, row.size, row.thread, head)
            for row, head in ((row, heads[row.uid]) for row in rows)
        ]
        now = Keeper(self.request, box.__parent__).now
        made = filing.put_in(box.__parent__, target, entries, now)
        return dict(zip((row.uid for row in rows), made, strict=True))


def _flagged(before: int, flags: int, how: str) -> int:
    if how == ADD:
        return before | flags
    if how == REMOVE:
        return before & ~flags
    return (before & ~rowing.SETTABLE) | flags


def with_crlf(raw: bytes) -> bytes:
    """Return *raw* with CRLF at the end of each line, the last one too."""
    if raw.count(b"\n") != raw.count(b"\r\n") or raw.count(b"\r") != raw.count(b"\r\n"):
        raw = _LINE_END.sub(b"\r\n", raw)
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def mail_store(_context: Any, request: Any) -> MailStore:
    """Return the service for one request."""
    return MailStore(request)
