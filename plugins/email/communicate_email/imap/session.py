"""What one client says, one command after the other, and what it is answered."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from communicate.quota import QuotaExceeded
from communicate_email.errors import Refused
from communicate_email.imap import entering, handling, mailing
from communicate_email.imap.answers import FULL, Answered, No, refused
from communicate_email.imap.connection import Gone, HungUp, Stream
from communicate_email.imap.desk import Desk
from communicate_email.imap.entering import capabilities
from communicate_email.imap.folders import Folders
from communicate_email.imap.view import View
from communicate_email.imap.wire.commands import (
    AFTER,
    BEFORE,
    SELECTED,
    Command,
    Reader,
    read,
)
from communicate_email.imap.wire.errors import BadCommand, Hopeless, TooBig
from communicate_email.imap.wire.framing import Parts
from communicate_email.imap.wire.searching import BadCharset
from communicate_email.signing import Signed

log = logging.getLogger(__name__)
T = TypeVar("T")

LONG = 4_096  # octets of a command, but for its literals, that is not read in the loop
BAD = 20  # commands that nobody can read, one after the other
HELLO = "2 Communicate"


class Session:
    """One connection: *view* is the folder that is selected, None where there is none."""

    def __init__(self, desk: Desk, stream: Stream) -> None:
        self.desk = desk
        self.stream = stream
        self.peer = stream.peer
        self.signed: Signed | None = None
        self.view: View | None = None
        self.utf8 = False
        self.rev2 = False
        self.condstore = False  # whether modseqs are told (RFC 7162)
        self.qresync = False  # whether uids are told of what went
        self.ended = False
        self.command: Command | None = None  # that is being carried out
        self._held = b""  # what is told with its answer
        self._commits: int | None = None  # as many as there were before the last look
        self._news: bytes | None = None  # of the folder; None: nobody has looked
        self.wrong = 0  # passwords
        self._bad = 0

    # The conversation

    async def run(self) -> None:
        """Answer until the client leaves, or nothing comes for too long."""
        try:
            await self.say(f"* OK [CAPABILITY {capabilities(self)}] {HELLO}\r\n".encode())
            while not self.ended:
                await self._once()
        except Hopeless as error:
            await self._bye(str(error))
        except HungUp:
            pass
        except Gone as error:
            await self._bye(str(error))
        finally:
            if self.signed is not None:
                self.desk.members.end(self)

    async def _once(self) -> None:
        """Answer one command."""
        try:
            await self._next()
        finally:
            self.stream.let_go()

    async def _next(self) -> None:
        desk = self.desk
        pause = desk.patience if self.signed is None else desk.idle
        try:
            parts = await self.stream.command(desk.patience, pause)
        except TooBig as error:
            await self.say(f"{error.tag} NO [TOOBIG] {error}\r\n".encode())
            return
        except BadCommand as error:
            await self._refuse(error)
            return
        await self._answer(parts)

    async def _answer(self, parts: Parts) -> None:
        try:
            command = await self._understood(parts)
        except BadCharset as error:
            if self.view is not None and error.saves:
                self.view.saved = []
            await self.say(f"{error.tag} NO [BADCHARSET (US-ASCII UTF-8)] {error}\r\n".encode())
        except BadCommand as error:
            await self._refuse(error)
        else:
            self._bad = 0
            await self.carry_out(command)

    async def _understood(self, parts: Parts) -> Command:
        """Return the command that *parts* are; one that is long is read in a thread."""
        act = partial(read, parts, self._allowed, utf8=self.utf8)
        if self.signed is None or sum(map(len, parts[::2])) < LONG:
            return act()
        async with self.desk.members.share(self.signed.uid, long=False):
            return await self.desk.apart(act)

    async def _refuse(self, error: BadCommand) -> None:
        self._bad += 1
        if self._bad > BAD:
            raise Hopeless("nobody can read what comes")
        await self.say(f"{error.tag} BAD {error}\r\n".encode("ascii", "replace"))

    async def _bye(self, why: str) -> None:
        self.ended = True
        with suppress(Gone):
            await self.stream.send(f"* BYE {why}\r\n".encode("ascii", "replace"), 1.0)

    async def say(self, octets: bytes) -> None:
        """Send *octets*; raise Gone."""
        await self.stream.send(octets, self.desk.patience)

    def tell(self, octets: bytes) -> None:
        """Have *octets* sent before the answer, and together with it."""
        self._held += octets

    @property
    def _allowed(self) -> Mapping[str, Reader]:
        if self.signed is None:
            return BEFORE
        return AFTER if self.view is None else SELECTED

    async def carry_out(self, command: Command) -> None:
        """Do what *command* says, and answer it."""
        self.command, self._news, self._held = command, None, b""
        try:
            answer = await self._outcome(command)
        except Answered:
            return
        if self.view is not None and self._news is None and not self._knows_all(self.view):
            await self.work(lambda _folders: None)
        end = f"{command.tag} {answer}\r\n".encode("ascii", "replace")
        await self.say(b"".join((self._held, self.news(), end)))

    async def _outcome(self, command: Command) -> str:
        """Do what *command* says; return what it is answered."""
        does: Callable[[Session, Command], Awaitable[str | None]]
        does = entering.DOES.get(command.name) or handling.DOES[command.name]
        try:
            code = await does(self, command)
        except No as error:
            return no(error)
        except Refused as error:
            return no(refused(error))
        except QuotaExceeded:
            return no(FULL())
        except BadCommand as error:
            return f"BAD {error}"
        except (Gone, Hopeless, Answered):
            raise
        except Exception:
            log.exception("%s could not be carried out", command.name)
            return "NO [SERVERBUG] This could not be done: try again later"
        return f"OK {f'[{code}] ' if code else ''}{command.name} is done"

    async def work(
        self, func: Callable[[Folders], T], *, last: Callable[[T], bool] = lambda _result: True
    ) -> T:
        """Return what *func* returns for the member's folders, in one transaction.

        Where *last* says of the result that nothing follows, what is new in the folder that is
        selected is found in the same transaction, to be told with the answer.
        """
        if self.signed is None:
            raise Hopeless("nobody has signed in")
        view, commits = self.view, self.desk.bells.commits
        mark = None if view is None else view.mark()
        try:
            turn = mailing.turn(self.command, self.signed.uid)
            act = partial(self._act, func, last, view, mark)
            long = mailing.takes_long(self.command)
            result, news = await self.desk.work(act, turn, self.signed.uid, long)
        except BaseException:
            if view is not None and mark is not None:
                view.restore(mark)
            raise
        if last(result):
            self._commits = commits
            if view is not None and view is self.view:
                self._take(news)
        return result

    def _act(
        self,
        func: Callable[[Folders], T],
        last: Callable[[T], bool],
        view: View | None,
        mark: Any,
        request: Any,
    ) -> tuple[T, bytes | None]:
        """Return what *func* returns in a transaction, and what is new of *view*."""
        if view is not None and mark is not None:
            view.restore(mark)  # a conflict may have undone what was noted
        folders = Folders(request, self.signed.uid if self.signed else 0, utf8=self.utf8)
        result = func(folders)
        if view is None or not last(result):
            return result, None
        return result, mailing.look(folders, view, **mailing.manner(self))

    def _knows_all(self, view: View) -> bool:
        """Tell whether nothing was committed since what is new of *view* was told last."""
        commits = self.desk.bells.commits
        return commits is not None and commits == self._commits and not view.has_news

    def news(self) -> bytes:
        """Return what is to be told of the folder that is selected, once."""
        found, self._news = self._news or b"", None
        return found

    def _take(self, news: bytes | None) -> None:
        """Have *news* told with the answer; None says that the folder was removed."""
        if news is None:
            self.view, self.ended = None, True
            news = b"* BYE The folder was removed\r\n"
        self._news = news


def no(error: No) -> str:
    """Return *error* as the answer to a command."""
    return f"NO {f'[{error.code}] ' if error.code else ''}{error.words}"
