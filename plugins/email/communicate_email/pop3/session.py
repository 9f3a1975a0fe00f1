"""What one client says, one line after the other, and what it is answered (RFC 1939)."""

import base64
import binascii
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from communicate.accounts.limits import TooMany
from communicate_email.imap.connection import Gone, HungUp, Stream
from communicate_email.imap.desk import Desk
from communicate_email.imap.wire.errors import Hopeless
from communicate_email.pop3 import maildrop
from communicate_email.pop3.maildrop import Maildrop
from communicate_email.signing import Signed
from communicate_email.store.rows import Row

log = logging.getLogger(__name__)
T = TypeVar("T")
WRONG = 3  # passwords in one connection
BAD = 20  # lines that nobody can read
LONGEST = 512  # octets of a line; what signs in by SASL may have more
SASL = 8_192
HELLO = "2 Communicate"
SIGN_IN = "[AUTH] Sign in with your login and an app password for mail"
ENCRYPT = "A password goes encrypted only: begin with STLS"
GONE = "It was deleted elsewhere meanwhile"


class No(Exception):
    """The command is not carried out, for the reason that is told."""


class Session:
    """One connection; *drop* is what is fetched, once somebody has signed in."""

    def __init__(self, desk: Desk, stream: Stream) -> None:
        self.desk = desk
        self.stream = stream
        self.signed: Signed | None = None
        self.drop: Maildrop | None = None
        self.deleted: set[int] = set()  # numbers from 1
        self.ended = False
        self._name: str | None = None
        self._holds: int | None = None  # the member whose inbox nobody else fetches meanwhile
        self._wrong = self._bad = 0

    async def run(self) -> None:
        """Answer until the client leaves, or nothing comes for too long."""
        try:
            await self.say(f"+OK {HELLO}")
            while not self.ended:
                await self._once()
        except HungUp:
            pass
        except (Hopeless, Gone) as error:
            with suppress(Gone):
                await self.stream.send(f"-ERR {error}\r\n".encode("ascii", "replace"), 1.0)
        finally:
            self._leave()

    def _leave(self) -> None:
        """Be signed in no more."""
        self._let_go()
        if self.signed is not None:
            self.desk.members.end(self)
            self.signed = None

    async def say(self, line: str, more: bytes = b"") -> None:
        """Send *line*, and *more* after it; raise Gone."""
        octets = line.encode("ascii", "replace") + b"\r\n" + more
        await self.stream.send(octets, self.desk.patience)

    async def _once(self) -> None:
        pause = self.desk.patience if self.signed is None else self.desk.idle
        line = await self.stream.line(self.desk.patience, pause)
        if len(line) > (SASL if self.signed is None else LONGEST):
            raise Hopeless("a line is too long")
        word, _blank, rest = line.decode("utf-8", "replace").partition(" ")
        does = self._commands.get(word.upper())
        try:
            if does is None:
                raise No("This is no command, or none that can be given now")
            await does(rest)
            self._bad = 0
        except No as error:
            self._bad += 1
            if self._bad > BAD:
                raise Hopeless("nobody can read what comes") from None
            await self.say(f"-ERR {error}")
        except (Gone, Hopeless):
            raise
        except Exception:
            log.exception("%s could not be carried out", word[:8])
            await self.say("-ERR [SYS/TEMP] This could not be done: try again later")

    @property
    def _commands(self) -> Mapping[str, Callable[[str], Awaitable[None]]]:
        always = {"CAPA": self.capabilities, "QUIT": self.quit}
        if self.drop is None:
            return {
                **always,
                "STLS": self.encrypt,
                "USER": self.user,
                "PASS": self.password,
                "AUTH": self.authenticate,
            }
        return {
            **always,
            "STAT": self.count,
            "LIST": self.sizes,
            "UIDL": self.names,
            "RETR": self.fetch,
            "TOP": self.top,
            "DELE": self.delete,
            "RSET": self.keep,
            "NOOP": self.nothing,
        }

    # Before somebody has signed in

    async def capabilities(self, rest: str) -> None:
        """Say what can be done here, and now (RFC 2449)."""
        _none(rest)
        found = ["TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "EXPIRE NEVER"]
        if self.stream.secure:
            found += ["USER", "SASL PLAIN"]
        elif self.desk.context() is not None:
            found.append("STLS")
        lines = "".join(f"{one}\r\n" for one in found)
        await self.say("+OK This can be done", f"{lines}.\r\n".encode("ascii"))

    async def encrypt(self, rest: str) -> None:
        """Speak TLS from now on (RFC 2595)."""
        _none(rest)
        context = self.desk.context()
        if self.stream.secure or context is None:
            raise No("TLS is spoken already, or cannot be")
        self._name = None
        await self.stream.encrypt(context, b"+OK Begin TLS\r\n", self.desk.patience)

    async def user(self, name: str) -> None:
        """Say who signs in; whether there is such a member is told with the password."""
        self._needs_tls()
        self._name = name
        await self.say("+OK And the password?")

    async def password(self, password: str) -> None:
        """Sign in with an app password."""
        self._needs_tls()
        name, self._name = self._name, None
        if name is None:
            raise No("Say USER first")
        await self._enter(name, password)

    async def authenticate(self, rest: str) -> None:
        """Sign in by SASL (RFC 5034, RFC 4616)."""
        self._needs_tls()
        mechanism, _blank, initial = rest.partition(" ")
        if mechanism.upper() != "PLAIN":
            raise No("Only PLAIN is offered")
        if not initial:
            await self.say("+ ")
            initial = (await self.stream.line(self.desk.patience)).decode("ascii", "replace")
        if initial == "*":
            raise No("As you like")
        try:
            said = base64.b64decode(initial, validate=True).decode("utf-8").split("\0")
            who, name, password = said
        except (binascii.Error, ValueError):
            raise No("This cannot be read") from None
        if who not in ("", name):
            raise No("[AUTH] Nobody signs in for somebody else")
        await self._enter(name, password)

    def _needs_tls(self) -> None:
        if not self.stream.secure:
            raise No(ENCRYPT)

    async def _enter(self, name: str, password: str) -> None:
        try:
            signed = await self.desk.sign_in(name, password, self.stream.peer)
        except TooMany:
            raise No("[SYS/TEMP] Too many wrong passwords came from there") from None
        if signed is None:
            self._wrong += 1
            if self._wrong >= WRONG:
                raise Hopeless("[AUTH] Too many wrong passwords")
            raise No(SIGN_IN)
        if signed.uid in self.desk.drops:
            raise No("[IN-USE] Another program is fetching this mail")
        self.signed = signed
        self.desk.members.begin(self)
        self.desk.drops.add(signed.uid)
        self._holds = signed.uid
        self.stream.trust()
        try:
            self.drop = await self._work(partial(maildrop.opened, signed.uid))
        except BaseException:
            self._leave()  # or nobody could fetch it, once somebody else has signed in here
            raise
        await self.say(f"+OK {len(self.drop.rows)} messages")

    def _let_go(self) -> None:
        """Let another program fetch the inbox; done again, nothing happens."""
        if self._holds is not None:
            self.desk.drops.discard(self._holds)
            self._holds = None

    async def _work(self, func: Callable[[Any], T]) -> T:
        """Return what *func* returns for a request, in the member's share of the threads."""
        return await self.desk.work(func, None, None if self.signed is None else self.signed.uid)

    # What there is

    @property
    def _drop(self) -> Maildrop:
        if self.drop is None:
            raise No("Sign in first")
        return self.drop

    def _left(self) -> list[tuple[int, Row]]:
        """Return the messages that are not to be deleted, with their numbers."""
        numbered = enumerate(self._drop.rows, 1)
        return [(number, row) for number, row in numbered if number not in self.deleted]

    def _one(self, word: str) -> tuple[int, Row]:
        """Return the message with that number; raise No."""
        rows = self._drop.rows
        number = int(word) if word.isascii() and word.isdecimal() and len(word) < 10 else 0
        if not 1 <= number <= len(rows) or number in self.deleted:
            raise No("There is no such message")
        return number, rows[number - 1]

    async def count(self, rest: str) -> None:
        """Tell how many messages there are, and how large they are together."""
        _none(rest)
        left = self._left()
        await self.say(f"+OK {len(left)} {sum(row.size for _number, row in left)}")

    async def sizes(self, rest: str) -> None:
        """Tell how large messages are."""
        await self._listed(rest, lambda row: str(row.size))

    async def names(self, rest: str) -> None:
        """Tell by which names messages are known for good."""
        await self._listed(rest, self._drop.name)

    async def _listed(self, rest: str, told: Callable[[Row], str]) -> None:
        if rest:
            number, row = self._one(rest)
            await self.say(f"+OK {number} {told(row)}")
            return
        lines = "".join(f"{number} {told(row)}\r\n" for number, row in self._left())
        await self.say("+OK", f"{lines}.\r\n".encode("ascii"))

    async def fetch(self, rest: str) -> None:
        """Hand out a message."""
        _number, row = self._one(rest)
        await self._hand_out(row, None)

    async def top(self, rest: str) -> None:
        """Hand out the header of a message and some of its lines."""
        word, _blank, lines = rest.partition(" ")
        _number, row = self._one(word)
        if not (lines.isascii() and lines.isdecimal() and len(lines) < 10):
            raise No("Say how many lines")
        await self._hand_out(row, int(lines))

    async def _hand_out(self, row: Row, lines: int | None) -> None:
        found = await self._work(partial(maildrop.told, self._drop.uid, row, lines))
        if found is None:
            raise No(GONE)
        await self.stream.send(found, self.desk.patience)

    async def delete(self, rest: str) -> None:
        """Have a message deleted once the client says that it is done."""
        number, _row = self._one(rest)
        self.deleted.add(number)
        await self.say("+OK It goes when you say QUIT")

    async def keep(self, rest: str) -> None:
        """Delete nothing of what was to be."""
        _none(rest)
        self.deleted.clear()
        await self.count("")

    async def nothing(self, rest: str) -> None:
        """Do nothing."""
        _none(rest)
        await self.say("+OK")

    async def quit(self, rest: str) -> None:
        """Delete what was to be, in one transaction, and take leave."""
        _none(rest)
        self.ended = True
        if self.drop is not None and self.deleted:
            uids = [self.drop.rows[number - 1].uid for number in sorted(self.deleted)]
            try:
                uid = self.drop.uid
                await self.desk.work(partial(maildrop.delete, uid, uids), uid, uid)
            except Exception:
                log.exception("messages could not be deleted: all of them are kept")
                raise No("[SYS/TEMP] Nothing was deleted") from None
        self._let_go()
        await self.say("+OK See you soon")


def _none(rest: str) -> None:
    """Raise No where a command that is given nothing is given something."""
    if rest.strip():
        raise No("Nothing more is expected")
