"""SEARCH, and what of it SORT and THREAD share: messages found and told (RFC 9051, 6.4.4)."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from communicate_email.imap.answers import NONE_SUCH
from communicate_email.imap.folders import Folders
from communicate_email.imap.resyncing import aware
from communicate_email.imap.searching import Searcher
from communicate_email.imap.view import View
from communicate_email.imap.wire.commands import Command
from communicate_email.imap.wire.errors import BadCommand
from communicate_email.imap.wire.searching import Key
from communicate_email.imap.wire.sequences import written
from communicate_email.store import rows as rowing

if TYPE_CHECKING:
    from communicate_email.imap.session import Session


def view_of(session: "Session") -> View:
    """Return the folder that is selected."""
    if session.view is None:
        raise BadCommand("no folder is selected")
    return session.view


def chosen(view: View, numbers: Any, command: Command) -> list[int]:
    """Return the uids that *numbers* mean; raise BadCommand."""
    try:
        return view.chosen(numbers, by_uid=command.uid)
    except ValueError as error:
        raise BadCommand(str(error)) from None


class Found(NamedTuple):
    """What has looked, and the uids that it has found; their modseqs where the client looked."""

    searcher: Searcher
    uids: list[int]
    modseqs: Mapping[int, int]


async def search(session: "Session", command: Command) -> None:
    """Tell which messages are as is asked."""
    view, args = view_of(session), command.args
    await tell_modseqs(session, args.key)
    rev2 = session.rev2

    def told(folders: Folders) -> bytes:
        return results(view, command, args, found_by(folders, view, args.key), rev2=rev2)

    await tell(session, view, args, told)


async def tell(
    session: "Session", view: View, args: Any, told: Callable[[Folders], bytes]
) -> None:
    """Say what *told* returns; where it fails nothing is saved any more (RFC 9051, 6.4.4.1)."""
    try:
        octets = await session.work(told)
    except BadCommand:
        raise
    except Exception:
        if "SAVE" in (args.returns or ()):
            view.saved = []
        raise
    await session.say(octets)


async def tell_modseqs(session: "Session", key: Key) -> None:
    """Have *session* told modseqs where *key* looks for them."""
    if key.names("MODSEQ"):
        await aware(session)


def found_by(folders: Folders, view: View, key: Key) -> Found:
    """Return the messages that are as *key* says."""
    box = folders.by_id(view.box)
    if box is None:
        raise NONE_SUCH()
    account, store = folders.account, folders.store
    searcher = Searcher(store.reading(account), store.flags(account), box, view)
    try:
        uids = searcher.find(key)
    except ValueError as error:
        raise BadCommand(str(error)) from None
    rows = rowing.some(box, uids) if key.names("MODSEQ") else ()
    return Found(searcher, uids, {row.uid: row.modseq for row in rows})


def results(view: View, command: Command, args: Any, found: Found, *, rev2: bool) -> bytes:
    """Return what was found as the client wants to be told; *rev2* is whether it speaks that."""
    uids = found.uids
    numbers = uids if command.uid else [view.number(uid) for uid in uids]
    if args.returns is None and not rev2:
        said = "".join(f" {number}" for number in numbers)
        said += f" (MODSEQ {max(found.modseqs.values())})" if found.modseqs else ""
        return f"* {command.name}{said}\r\n".encode()
    returns = args.returns or frozenset({"ALL"})
    if "SAVE" in returns:
        view.saved = sorted({*_meant(uids, returns)})
        if returns == {"SAVE"}:
            return b""
    told = [f'* ESEARCH (TAG "{command.tag}")', *(["UID"] if command.uid else [])]
    told += _values(numbers, returns, in_order=command.name == "SORT")
    if found.modseqs:
        told.append(f"MODSEQ {max(found.modseqs[uid] for uid in _meant(uids, returns))}")
    return (" ".join(told) + "\r\n").encode()


def _values(numbers: Sequence[int], returns: frozenset[str], *, in_order: bool) -> list[str]:
    """Return each of *returns* with what it is (RFC 4731)."""
    said: dict[str, int | str] = {"COUNT": len(numbers)}
    if numbers:
        said |= {"MIN": numbers[0], "MAX": numbers[-1]}
        said["ALL"] = ",".join(map(str, numbers)) if in_order else written(numbers)
    names = ("MIN", "MAX", "ALL", "COUNT")
    return [f"{name} {said[name]}" for name in names if name in returns and name in said]


def _meant(uids: Sequence[int], returns: frozenset[str]) -> list[int]:
    """Return those of *uids* that are meant by *returns* (RFC 5182, 2.1; RFC 4731, 3.2)."""
    if not uids or returns & {"ALL", "COUNT"} or not returns & {"MIN", "MAX"}:
        return [*uids]
    ends = {"MIN": uids[0], "MAX": uids[-1]}
    return [ends[name] for name in ("MIN", "MAX") if name in returns]


DOES: Mapping[str, Any] = {"SEARCH": search}
