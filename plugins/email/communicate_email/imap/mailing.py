"""What is new in the selected folder, told with the answer to a command."""

from typing import TYPE_CHECKING

from communicate_email.imap.folders import Folders
from communicate_email.imap.resyncing import highest
from communicate_email.imap.telling import FlagNames
from communicate_email.imap.view import View
from communicate_email.imap.wire.commands import Command
from communicate_email.imap.wire.searching import Key
from communicate_email.imap.wire.sequences import written
from communicate_email.store import rows as rowing

if TYPE_CHECKING:
    from communicate_email.imap.session import Session

# While numbers are in the air no message may go (RFC 9051, 7.5.1).
STILL = frozenset({"FETCH", "STORE", "SEARCH", "SORT", "THREAD"})
LONG = frozenset({"SEARCH", "SORT", "THREAD"})  # what may look through all of a folder
# What changes mail whenever it is said; FETCH does now and then.
CHANGING = frozenset(
    {"STORE", "COPY", "MOVE", "EXPUNGE", "CLOSE", "APPEND", "CREATE", "DELETE", "RENAME"}
)


def turn(command: Command | None, uid: int) -> int | None:
    """Return *uid*, the member, where *command* changes that member's mail, else None."""
    return uid if command is not None and command.name in CHANGING else None


def takes_long(command: Command | None) -> bool:
    """Tell whether *command* may look through all of a folder, or through a large message."""
    if command is None:
        return False
    return command.name in LONG or (command.name == "APPEND" and command.args.is_large)


def may_expunge(command: Command | None) -> bool:
    """Tell whether messages may go with the answer to *command*; None: while a client waits."""
    if command is None or command.name not in STILL:
        return True
    key: Key | None = getattr(command.args, "key", None)
    return command.uid and (key is None or not key.names("NUMBERS"))


def manner(session: "Session") -> dict[str, bool]:
    """Return how changes are told in *session* now."""
    return {
        "expunge": may_expunge(session.command),
        "modseq": session.condstore,
        "qresync": session.qresync,
        "rev2": session.rev2,
    }


def look(
    folders: Folders,
    view: View,
    *,
    expunge: bool,
    modseq: bool = False,
    qresync: bool = False,
    rev2: bool = False,
) -> bytes | None:
    """Return what is new of the folder of *view*, None where it was removed."""
    box = folders.by_id(view.box)
    if box is None:
        return None
    view.look(box)
    fresh = view.news(expunge=expunge)
    found = [flags_told(folders, view)] if view.has_new_keywords(box) else []
    if not qresync:
        found += [b"* %d EXPUNGE\r\n" % number for number in fresh.gone]
    elif fresh.uids:
        found.append(b"* VANISHED %b\r\n" % written(fresh.uids).encode())
    if fresh.exist is not None:
        found.append(b"* %d EXISTS\r\n" % fresh.exist)
        if not rev2:
            found.append(b"* 0 RECENT\r\n")
    names = FlagNames(folders.store.flags(folders.account))
    for number, row in fresh.changed:
        changed = b"" if not modseq else b" MODSEQ (%d)" % row.modseq
        flags = b"" if row.uid in fresh.quiet else b" FLAGS " + names.written(row.flags)
        found.append(b"* %d FETCH (UID %d%b%b)\r\n" % (number, row.uid, flags, changed))
    if qresync and view.holds_back:
        found.append(highest(view))
    return b"".join(found)


def flags_told(folders: Folders, view: View) -> bytes:
    """Return what flags there are, and which of them are kept."""
    names = " ".join(folders.store.flags(folders.account).names(rowing.SETTABLE))
    kept = f"{names} \\*" if view.writable else ""
    lines = f"* FLAGS ({names})\r\n* OK [PERMANENTFLAGS ({kept})] These are kept\r\n"
    return lines.encode("ascii")
