"""Commands of somebody who has signed in: folders, and which of them is looked into."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from communicate.interfaces import IQuota
from communicate_email.imap import fetching, idling, ordering, reading, writing
from communicate_email.imap.answers import No
from communicate_email.imap.folders import Folders
from communicate_email.imap.mailing import flags_told
from communicate_email.imap.resyncing import aware, resynced
from communicate_email.imap.view import View
from communicate_email.imap.wire.commands import Command
from communicate_email.imap.wire.errors import BadCommand
from communicate_email.imap.wire.selecting import Select
from communicate_email.store import rows as rowing

if TYPE_CHECKING:
    from communicate_email.imap.session import Session

KNOWN = {"CONDSTORE", "QRESYNC", "UTF8=ACCEPT", "IMAP4REV2"}


async def enable(session: "Session", command: Command) -> None:
    """Switch on what the client asks for and is known (RFC 5161)."""
    wanted = [name for name in command.args if name in KNOWN]
    if "CONDSTORE" in wanted or "QRESYNC" in wanted:
        await aware(session)
    session.qresync = session.qresync or "QRESYNC" in wanted
    session.rev2 = session.rev2 or "IMAP4REV2" in wanted
    session.utf8 = session.utf8 or session.rev2 or "UTF8=ACCEPT" in wanted
    names = "".join(f" {name.replace('REV2', 'rev2')}" for name in wanted)
    await session.say(f"* ENABLED{names}\r\n".encode())


async def select(session: "Session", command: Command) -> str:
    """Look into a folder, to change it or to read it only."""
    args: Select = command.args
    writable = command.name == "SELECT"
    if args.resync is not None and not session.qresync:
        raise BadCommand("QRESYNC is enabled first")
    was, session.view = session.view, None
    if args.condstore:
        await aware(session)

    def opened(folders: Folders) -> tuple[View, bytes]:
        box = folders.at(args.mailbox)
        view = View(box, writable=writable)
        told = _opened(session, folders, view, args.mailbox)
        return view, told + (resynced(folders, view, args.resync) if args.resync else b"")

    if was is not None:
        await session.say(b"* OK [CLOSED] The folder before is left\r\n")
    view, answer = await session.work(opened)
    await session.say(answer)
    session.view = view
    return "READ-WRITE" if writable else "READ-ONLY"


def _opened(session: "Session", folders: Folders, view: View, path: str) -> bytes:
    """Return what is told of a folder that is selected."""
    box = folders.at(path)
    lines = [f"* {len(view.uids)} EXISTS"]
    if not session.rev2:
        lines.append("* 0 RECENT")
        first = _first_unseen(folders, view)
        if first:
            lines.append(f"* OK [UNSEEN {first}] This one is not read yet")
    lines += [
        f"* OK [UIDVALIDITY {folders.boxes.validity(box)}] Uids are valid",
        f"* OK [UIDNEXT {box.uid_next}] The next one has this uid",
        f"* OK [HIGHESTMODSEQ {box.modseq}] This was the last change",
        f"* OK [MAILBOXID (F{box.id:x})] This is the folder",
    ]
    listed = b""
    if session.rev2:
        listed = b'* LIST () "/" %b\r\n' % folders.name(path)
    return flags_told(folders, view) + "\r\n".join([*lines, ""]).encode() + listed


def _first_unseen(folders: Folders, view: View) -> int:
    box = folders.by_id(view.box)
    if box is None or not box.unseen:
        return 0
    unseen = (row.uid for row in rowing.every(box) if not row.flags & rowing.SEEN)
    return view.number(next(unseen, 0))


async def close(session: "Session", _command: Command) -> None:
    """Leave the folder, and destroy what is marked as deleted."""
    view, session.view = session.view, None
    if view is not None and view.writable:

        def destroy(folders: Folders) -> None:
            box = folders.by_id(view.box)
            if box is not None:
                folders.store.expunge(box)

        await session.work(destroy)


async def unselect(session: "Session", _command: Command) -> None:
    """Leave the folder as it is (RFC 3691)."""
    session.view = None


async def list_(session: "Session", command: Command) -> None:
    """List folders."""
    word = command.name.encode()
    if "HIGHESTMODSEQ" in command.args.status:
        await aware(session)
    await session.say(await session.work(lambda folders: folders.listed(command.args, word)))


async def status(session: "Session", command: Command) -> None:
    """Count a folder."""
    path, items = command.args
    if "HIGHESTMODSEQ" in items:
        await aware(session)
    await session.say(
        await session.work(lambda folders: folders.status(path, folders.at(path), items))
    )


async def create(session: "Session", command: Command) -> str:
    """Make a folder; the uses that RFC 6154 knows belong to folders that are there already."""
    path, use = command.args
    if use is not None:
        raise No("There is a folder for this use already", "USEATTR")
    return await session.work(lambda folders: f"MAILBOXID (F{folders.create(path).id:x})")


async def delete(session: "Session", command: Command) -> None:
    """Remove a folder with its messages."""
    await session.work(lambda folders: folders.delete(command.args))


async def rename(session: "Session", command: Command) -> None:
    """Give a folder another name."""
    await session.work(lambda folders: folders.rename(*command.args))


async def subscribe(session: "Session", command: Command) -> None:
    """Have a folder in the list of those that are looked into, or not."""
    wanted = command.name == "SUBSCRIBE"
    await session.work(lambda folders: folders.subscribe(command.args, subscribed=wanted))


async def namespace(session: "Session", _command: Command) -> None:
    """Say that all folders are the member's own (RFC 2342)."""
    await session.say(b'* NAMESPACE (("" "/")) NIL NIL\r\n')


async def quota(session: "Session", command: Command) -> None:
    """Say how much room is taken (RFC 9208): it is one for all that the member has."""
    if command.name == "GETQUOTA" and command.args != "":
        raise No("There is one quota, of no name", "NONEXISTENT")

    def told_(folders: Folders) -> bytes:
        request: Any = folders.boxes.request
        kept: Any = request.find_service(IQuota)
        uid = folders.boxes.uid
        left = kept.left(uid)
        if left is None:
            line = b'* QUOTA "" ()\r\n'
        else:
            used = kept.used(uid)
            line = b'* QUOTA "" (STORAGE %d %d)\r\n' % (-(-used // 1024), (used + left) // 1024)
        root = b'* QUOTAROOT %b ""\r\n' % folders.name(command.args)
        return (root if command.name == "GETQUOTAROOT" else b"") + line

    await session.say(await session.work(told_))


DOES: Mapping[str, Any] = {
    "ENABLE": enable,
    "SELECT": select,
    "EXAMINE": select,
    "CLOSE": close,
    "UNSELECT": unselect,
    "LIST": list_,
    "LSUB": list_,
    "STATUS": status,
    "CREATE": create,
    "DELETE": delete,
    "RENAME": rename,
    "SUBSCRIBE": subscribe,
    "UNSUBSCRIBE": subscribe,
    "NAMESPACE": namespace,
    "GETQUOTA": quota,
    "GETQUOTAROOT": quota,
    "IDLE": idling.idle,
    **ordering.DOES,
    **fetching.DOES,
    **reading.DOES,
    **writing.DOES,
}
