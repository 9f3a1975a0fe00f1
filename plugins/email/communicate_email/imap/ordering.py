"""Commands that tell messages in an order, or in threads: SORT and THREAD (RFC 5256)."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from communicate_email.imap import threads
from communicate_email.imap.folders import Folders
from communicate_email.imap.reading import Found, found_by, results, tell, tell_modseqs, view_of
from communicate_email.imap.searching import Candidate
from communicate_email.imap.subjects import collated, subject_of
from communicate_email.imap.threads import Letter
from communicate_email.imap.view import View
from communicate_email.imap.wire.commands import Command
from communicate_email.imap.wire.searching import Sort, Thread

if TYPE_CHECKING:
    from communicate_email.imap.session import Session

_QUOTES = re.compile(r'\\(.)|"')


async def sort(session: "Session", command: Command) -> None:
    """Tell which messages are as is asked, in an order."""
    view, args = view_of(session), command.args
    await tell_modseqs(session, args.key)
    rev2 = session.rev2

    def told(folders: Folders) -> bytes:
        return results(view, command, args, _sorted(folders, view, args), rev2=rev2)

    await tell(session, view, args, told)


def _sorted(folders: Folders, view: View, args: Sort) -> Found:
    found = found_by(folders, view, args.key)
    ordered = list(found.searcher.candidates(found.uids, heads=True))
    for name, reverse in reversed(args.order):
        ordered.sort(key=ORDERS[name], reverse=reverse)
    return found._replace(uids=[one.row.uid for one in ordered])


async def thread(session: "Session", command: Command) -> None:
    """Tell which messages are as is asked, those that answer each other together."""
    view, args = view_of(session), command.args
    await tell_modseqs(session, args.key)
    told = await session.work(lambda folders: _threaded(folders, view, args, by_uid=command.uid))
    await session.say(b"* THREAD%b\r\n" % (b" " + told if told else b""))


def _threaded(folders: Folders, view: View, args: Thread, *, by_uid: bool) -> bytes:
    found = found_by(folders, view, args.key)
    letters = (
        Letter(
            one.row.uid if by_uid else one.number,
            _plain(one.head.message_id),
            [_plain(each) for each in one.references],
            one.sent,
            subject_of(one.subject),
        )
        for one in found.searcher.candidates(found.uids, heads=True)
    )
    return threads.written(threads.threads(letters))


def _mailbox(field: str) -> Any:
    def first(one: Candidate) -> str:
        people = getattr(one.envelope, field)
        return collated((people[0][2] or b"").decode("latin-1")) if people else ""

    return first


def _plain(number: str) -> str:
    """Return a Message-ID without quotes, which may be there or not."""
    return _QUOTES.sub(r"\1", number) if '"' in number else number


ORDERS: Mapping[str, Any] = {
    "ARRIVAL": lambda one: one.row.date,
    "DATE": lambda one: one.sent,
    "SIZE": lambda one: one.row.size,
    "SUBJECT": lambda one: subject_of(one.subject).base,
    "FROM": _mailbox("author"),
    "TO": _mailbox("to"),
    "CC": _mailbox("cc"),
}
DOES: Mapping[str, Any] = {"SORT": sort, "THREAD": thread}
