"""Commands that change messages: STORE, COPY, MOVE, EXPUNGE, APPEND (RFC 9051, 6.3.12 and 6.4)."""

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from communicate import clock
from communicate_email.content import Mailbox
from communicate_email.imap.answers import NONE_SUCH, READ_ONLY, TRY_CREATE, No
from communicate_email.imap.folders import Folders
from communicate_email.imap.reading import chosen, view_of
from communicate_email.imap.resyncing import aware
from communicate_email.imap.view import View
from communicate_email.imap.wire.appending import Append, Message
from communicate_email.imap.wire.commands import Command
from communicate_email.imap.wire.framing import Kept, Literal
from communicate_email.imap.wire.sequences import written
from communicate_email.imap.wire.storing import Store
from communicate_email.store import keeping
from communicate_email.store import rows as rowing
from communicate_email.store.services import Incoming

if TYPE_CHECKING:
    from communicate_email.imap.session import Session

HOW = {"set": "replace"}
PLACES = 1_000  # in which one message may lie


def _box(folders: Folders, view: View) -> Mailbox:
    found = folders.by_id(view.box)
    if found is None:
        raise NONE_SUCH()
    return found


def _writable(session: "Session") -> View:
    view = view_of(session)
    if not view.writable:
        raise READ_ONLY()
    return view


async def store(session: "Session", command: Command) -> str:
    """Change flags, of thousands of messages in one transaction."""
    view, args = _writable(session), command.args
    uids = chosen(view, args.numbers, command)
    if args.unchanged_since is not None:
        await aware(session)
    tells = session.condstore
    late = await session.work(lambda folders: _flagged(folders, view, uids, args, tells=tells))
    if not late:
        return ""
    numbers = late if command.uid else [view.number(uid) for uid in late]
    return f"MODIFIED {written(numbers)}"


def _flagged(
    folders: Folders, view: View, uids: list[int], args: Store, *, tells: bool
) -> list[int]:
    """Change the flags of *uids*; return those that had changed before and stay as they are.

    *tells* is whether the client is told the modseq of each, even where it wants silence.
    """
    box = _box(folders, view)
    view.look(box)
    others = view.untold()
    bits = folders.store.flags(folders.account).bits(args.flags, make=args.how != "remove")
    how = HOW.get(args.how, args.how)
    changed = folders.store.flag(box, uids, bits, how, unchanged_since=args.unchanged_since)
    view.look(box)
    if args.silent:
        own = [row.uid for row in changed.rows if row.uid not in others]
        (view.hush if tells else view.forget_changes)(own)
    return list(changed.failed)


async def copy(session: "Session", command: Command) -> str:
    """Have messages in another folder too, or instead (RFC 6851), all or none."""
    moves = command.name == "MOVE"
    view = _writable(session) if moves else view_of(session)
    uids = chosen(view, command.args.numbers, command)

    def done(folders: Folders) -> str:
        box, target = _box(folders, view), folders.at(command.args.mailbox, TRY_CREATE)
        if moves and target is not box:
            made = folders.store.move(box, uids, target)
        else:
            if not moves:
                _check_places(folders, box, uids)
            made = folders.store.copy(box, uids, target)
        if moves and target is box:  # each has a new uid (RFC 9051, 6.4.8)
            folders.store.expunge(box, made)
        if not made:
            return ""
        validity = folders.boxes.validity(target)
        return f"COPYUID {validity} {written(made)} {written(made.values())}"

    code = await session.work(done)
    if not code or not moves:
        return code
    await session.say(f"* OK [{code}] They are there now\r\n".encode())
    return _reached(session, view)


def _check_places(folders: Folders, box: Mailbox, uids: list[int]) -> None:
    """Raise No where one of *uids* would lie in too many places: copies take no room."""
    held = folders.account.places
    for number, more in Counter(row.id for row in rowing.some(box, uids)).items():
        if rowing.count_places(held.get(number, b"")) + more > PLACES:
            raise No("There are too many copies of one of the messages", "LIMIT")


def _reached(session: "Session", view: View) -> str:
    """Return the code that says up to which change the client knows all (RFC 7162, 3.2.7)."""
    return f"HIGHESTMODSEQ {view.known}" if session.qresync else ""


async def expunge(session: "Session", command: Command) -> str:
    r"""Destroy what is marked as \Deleted, of all messages or of those that are named."""
    view = _writable(session)
    named = None if command.args is None else set(chosen(view, command.args, command))

    def done(folders: Folders) -> bool:
        box = _box(folders, view)
        marked = [row.uid for row in _deleted(box) if named is None or row.uid in named]
        folders.store.expunge(box, marked)
        return bool(marked)

    return _reached(session, view) if await session.work(done) else ""


def _deleted(box: Mailbox) -> Any:
    return (row for row in rowing.every(box) if row.flags & rowing.DELETED)


async def append(session: "Session", command: Command) -> str:
    """Put messages into a folder, all or none (RFC 3502)."""
    args: Append = command.args
    if any(_is_empty(message.raw) for message in args.messages):
        raise No("A message of nothing is none", "CANNOT")
    if any(_has_nul(message.raw) for message in args.messages):
        raise No("A message with NUL cannot be kept", "UNKNOWN-CTE")  # RFC 3516, 4.4

    def done(folders: Folders) -> str:
        box = folders.at(args.mailbox, TRY_CREATE)
        flags = folders.store.flags(folders.account)
        uids = folders.store.append(
            box,
            (_incoming(one, flags.bits(one.flags)) for one in args.messages),
        )
        return f"APPENDUID {folders.boxes.validity(box)} {written(uids)}"

    return await session.work(done)


def _is_empty(raw: Literal) -> bool:
    return not raw and not isinstance(raw, Kept)


def _has_nul(raw: Literal) -> bool:
    return raw.elsewhere.has_nul if isinstance(raw, Kept) else raw.count(b"\0") > 0


def _incoming(one: Message, flags: int) -> Incoming:
    """Return a message that is appended; one that is large is read when its turn has come."""
    date = None if one.date is None else clock.milliseconds(one.date)
    if not isinstance(one.raw, Kept):
        return Incoming(one.raw, flags, date)
    held = one.raw.elsewhere
    as_it_is = held.is_plain and held.spool.size >= keeping.LARGE
    return Incoming(held.raw(), flags, date, held.spool if as_it_is else None)


DOES: Mapping[str, Any] = {
    "STORE": store,
    "COPY": copy,
    "MOVE": copy,
    "EXPUNGE": expunge,
    "APPEND": append,
}
