"""``FETCH`` (RFC 9051, section 6.4.5): messages are told of, a slice of them in each transaction.

So others are answered in between, and no more than a slice is in memory.
"""

import time
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from communicate_email.imap.answers import NONE_SUCH
from communicate_email.imap.folders import Folders
from communicate_email.imap.reading import chosen, view_of
from communicate_email.imap.resyncing import aware, ever, vanished
from communicate_email.imap.streaming import sent
from communicate_email.imap.telling import LARGE, FlagNames, Piece, messages, tellers, told
from communicate_email.imap.view import View
from communicate_email.imap.wire.commands import Command
from communicate_email.imap.wire.errors import BadCommand
from communicate_email.imap.wire.fetching import Fetch, Item
from communicate_email.store import rows as rowing

if TYPE_CHECKING:
    from communicate_email.imap.session import Session

SLICE = 256 * 1024  # octets that are told in one transaction
MANY = 2_000  # messages of which their rows are told in one transaction
FEW = 500  # messages of which more is told
SECONDS = 0.5  # after which another transaction goes on
ROWS = frozenset({"FLAGS", "UID", "INTERNALDATE", "RFC822.SIZE", "MODSEQ", "EMAILID", "THREADID"})
CHANGED = (Item("FLAGS"), Item("UID"), Item("MODSEQ"))


async def fetch(session: "Session", command: Command) -> None:
    """Tell of messages."""
    view, args = view_of(session), command.args
    if args.vanished and not (session.qresync and command.uid):
        raise BadCommand("VANISHED is for UID FETCH, once QRESYNC is enabled")
    uids = chosen(view, args.numbers, command)
    wanted = Wanted(await _items(session, args, command), session.condstore)
    if args.vanished:
        await session.say(await session.work(partial(_gone, view, args), last=lambda _told: False))
    while uids:
        pieces, uids = await session.work(
            partial(_slice, view, uids, wanted, args), last=lambda done: not done[1]
        )
        octets = await sent(session, pieces)
        if uids:
            await session.say(octets)
        else:
            session.tell(octets)


class Wanted(NamedTuple):
    """What is told of each message; *aware* is whether its modseq is told where it is read."""

    items: tuple[Item, ...]
    aware: bool

    @property
    def of_read(self) -> tuple[Item, ...]:
        """What is told of a message that is read for the first time."""
        return tuple(dict.fromkeys((*self.items, *(CHANGED if self.aware else CHANGED[:1]))))


def _gone(view: View, args: Fetch, folders: Folders) -> bytes:
    """Return which of the messages that are asked for went, but for what is told afterwards."""
    box = folders.by_id(view.box)
    if box is None or args.changed_since is None:
        raise NONE_SUCH()
    return vanished(box, ever(box, args.numbers), args.changed_since, but=view.uids)


async def _items(session: "Session", args: Fetch, command: Command) -> tuple[Item, ...]:
    """Return what is told of each message: uid and modseq where they have to be."""
    items = args.items
    if any(item.name == "MODSEQ" for item in items) or args.changed_since is not None:
        await aware(session)
        items = (*items, Item("MODSEQ"))
    first = (Item("UID"),) if command.uid else ()
    return tuple(dict.fromkeys((*first, *items)))


def _slice(
    view: View, uids: list[int], wanted: Wanted, args: Fetch, folders: Folders
) -> tuple[list[Piece], list[int]]:
    """Return the answers for the first of *uids*, and those that are left."""
    box = folders.by_id(view.box)
    if box is None:
        raise NONE_SUCH()
    most = MANY if all(item.name in ROWS for item in wanted.items) else FEW
    later = uids[most:]
    rows = list(rowing.some(box, uids[:most]))
    if args.changed_since is not None:
        rows = [row for row in rows if row.modseq > args.changed_since]
    reads = view.writable and any(not item.peek for item in wanted.items)
    flags = FlagNames(folders.store.flags(folders.account))
    tell, changed = tellers(wanted.items), tellers(wanted.of_read)
    found: list[Piece] = []
    size, until = 0, time.monotonic() + SECONDS
    read: list[int] = []
    for message in messages(folders.store.reading(folders.account), box, rows, wanted.items):
        row = message.row
        if size > SLICE or (found and time.monotonic() > until):
            later = uids[uids.index(row.uid) :]
            break
        unread = reads and not row.flags & rowing.SEEN
        if unread:
            read.append(row.uid)
            message.row = row._replace(flags=row.flags | rowing.SEEN, modseq=box.modseq + 1)
        one = told(message, view.number(row.uid), changed if unread else tell, flags)
        found += one
        size += sum(map(len, one)) if row.size < LARGE else SLICE
    if read:
        folders.store.flag(box, read, rowing.SEEN)
        view.look(box)
        view.forget_changes(read)
    return found, later


DOES: Mapping[str, Any] = {"FETCH": fetch}
