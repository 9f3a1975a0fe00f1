"""SMTP and LMTP as strangers, and a mail server on this machine, hand mail over by them."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any, ClassVar

from aiosmtpd.smtp import Envelope

from communicate.accounts.limits import network_of
from communicate_email.receiving import paths
from communicate_email.receiving.body import Body, Fault
from communicate_email.receiving.crowd import Share
from communicate_email.receiving.session import Ended, Session

UNKNOWN = 10  # recipients who are not here, in one connection
MOST = 1000  # messages in one connection
PIECE = 64 * 1024
_NAME = re.compile(r"[!-~]{1,255}\Z")
GO = "354 End with a dot on a line of its own"


@dataclass
class Begun(Envelope):
    """A message that was begun: its sender once MAIL was said, its recipients, what it declares.

    aiosmtpd makes a new one whenever it forgets the last.
    """

    sender: str | None = None
    recipients: list[str] = field(default_factory=list)
    size: int = 0
    utf8: bool = False


class Receiving(Session):
    """A connection by which mail comes in; *reception* knows who it is for and keeps it."""

    commands: ClassVar[frozenset[str]] = frozenset(
        {"HELO", "EHLO", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "QUIT", "VRFY", "STARTTLS"}
    )
    trusted = False  # a mail server of this machine has looked at what it brings
    envelope: Begun

    def __init__(self, reception: Any, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(reception.host, loop, tls_context=reception.context())
        self.reception = reception
        self.patience = reception.patience
        self.helo = ""
        self.extended = self.entered = False
        self.network = ""
        self.unknown = self.messages = 0
        self.work: asyncio.Task[Any] | None = None

    def _create_envelope(self) -> Begun:
        return Begun()

    @property
    def peer(self) -> str:
        """The address of the client, empty on a socket of the file system."""
        found = self.session.peer if self.session is not None else None
        return str(found[0]) if isinstance(found, tuple) else ""

    @property
    def spoken(self) -> str:
        """How mail is handed over, as ``Received`` says it (RFC 3848, RFC 6531)."""
        if not self.extended:
            return "SMTP"
        name = self.greeting if self.greeting == "LMTP" or not self.envelope.utf8 else "SMTP"
        return f"{'UTF8' if self.envelope.utf8 else ''}{name}{'S' if self.secure else ''}"

    @property
    def secure(self) -> bool:
        """Whether TLS is spoken."""
        return self._tls_protocol is not None

    async def begin(self) -> None:
        """Greet, or turn away where there are too many."""
        self.network = network_of(self.peer)
        refused = self.reception.enter(self)
        if refused:
            with self.reception.turning_away():
                await self.leave(refused)
        await super().begin()

    def end(self) -> None:
        """Make room for others."""
        self.reception.left(self)

    # Who is there

    async def smtp_HELO(self, arg: str) -> None:
        """Begin as of old."""
        if await self._named(arg):
            self.extended = False
            await self.push(f"250 {self.hostname}")

    async def smtp_EHLO(self, arg: str) -> None:
        """Begin, and say what can be done here."""
        if await self._named(arg):
            self.extended = True
            words = [self.hostname, f"SIZE {self.reception.size}", "8BITMIME", "SMTPUTF8"]
            words += ["PIPELINING", "ENHANCEDSTATUSCODES"]
            if self.tls_context is not None and not self.secure:
                words.append("STARTTLS")
            lines = [f"250-{word}" for word in words[:-1]] + [f"250 {words[-1]}"]
            await self.push("\r\n".join(lines))

    async def _named(self, name: str) -> bool:
        if not _NAME.match(name):
            await self.push("501 5.5.4 Say the name of your machine")
            return False
        self.forget()
        self.helo = name
        return True

    async def smtp_VRFY(self, arg: str) -> None:
        """Tell nothing of anybody."""
        await self.push("252 2.1.5 Send a message and see")

    def connection_made(self, transport: Any) -> None:
        """Begin; anew once TLS is spoken: what was said before does not count (RFC 3207, 4.2)."""
        self.helo = ""
        super().connection_made(transport)

    # A message

    async def smtp_MAIL(self, arg: str) -> None:
        """Begin a message."""
        if not self.helo:
            return await self.push("503 5.5.1 Say EHLO first")
        if self.envelope.sender is not None:
            return await self.push("503 5.5.1 A message has been begun already")
        try:
            self._begin(paths.read(arg, "FROM:"))
        except paths.Malformed as error:
            return await self.push(str(error))
        refused = self.reception.message(self)
        if refused:
            self.forget()
            return await self.push(refused)
        return await self.push("250 2.1.0 Ok")

    def _begin(self, path: paths.Path) -> None:
        """Remember who a message is from; raise Malformed."""
        options = path.options
        utf8 = "SMTPUTF8" in options
        size = options.pop("SIZE", "0")
        if options.pop("BODY", "8BITMIME").upper() not in ("7BIT", "8BITMIME"):
            raise paths.Malformed("501 5.5.4 BODY is 7BIT or 8BITMIME")
        if not size.isascii() or not size.isdecimal() or options.pop("SMTPUTF8", ""):
            raise paths.Malformed("501 5.5.4 These parameters cannot be read")
        if options:
            raise paths.Malformed("555 5.5.4 These parameters are not known here")
        if len(size) > 20 or int(size) > self.reception.size:
            raise paths.Malformed(Fault.LARGE.value)
        self._ask_utf8(path.address, utf8)
        envelope = self.envelope
        envelope.sender, envelope.size, envelope.utf8 = path.address, int(size), utf8

    def _ask_utf8(self, address: str, utf8: bool) -> None:
        if not (utf8 or address.isascii()):
            raise paths.Malformed("553 5.6.7 Say SMTPUTF8 with MAIL for such an address")

    async def smtp_RCPT(self, arg: str) -> None:
        """Name a recipient."""
        if self.envelope.sender is None:
            return await self.push("503 5.5.1 Say MAIL first")
        if len(self.envelope.recipients) >= self.reception.recipients:
            return await self.push("452 4.5.3 That is enough recipients for one message")
        try:
            path = paths.read(arg, "TO:")
            if path.options:
                raise paths.Malformed("555 5.5.4 These parameters are not known here")
            self._ask_utf8(path.address, self.envelope.utf8)
        except paths.Malformed as error:
            return await self.push(str(error))
        address = self.reception.whole(paths.normal(path.address))
        refused = await self.reception.refusal(self, address)
        if refused.startswith("5"):
            self.unknown += 1
            if self.unknown > UNKNOWN and not self.trusted:
                await self.leave("421 4.7.0 Too many recipients are not here")
        if not refused:
            self.envelope.recipients.append(address)
        return await self.push(refused or "250 2.1.5 Ok")

    async def smtp_DATA(self, arg: str) -> None:
        """Take the message; it is kept for good before that is said."""
        if arg:
            return await self.push("501 5.5.4 DATA takes no parameters")
        if not self.envelope.recipients:
            return await self.push("503 5.5.1 Say RCPT first")
        self.messages += 1
        await self.push(GO)
        share = Share(self.reception.room, self.network)
        self.reception.busy(self, True)
        try:
            body = await self._body(share)
            replies = await self._kept(body)
        finally:
            share.end()
            self.reception.busy(self, False)
        self.forget()
        self.asked = 0
        for reply in replies:
            await self.push(reply)
        if self.messages >= MOST:
            await self.leave("421 4.7.0 That is enough for one connection")
        return None

    async def _body(self, share: Share) -> Body:
        """Return the message, whole, or dropped for a fault; raise TimeoutError."""
        body = Body(self.reception.size)
        rest = None
        async with asyncio.timeout(self.reception.message_time):
            while rest is None:
                async with asyncio.timeout(self.patience):
                    piece = await self._reader.read(PIECE)
                if not piece:
                    raise Ended
                rest = body.feed(piece)
                if body.fault is None and not share.grow(body.held):
                    body.drop(Fault.ROOM)
                if rest is None and body.seen > 2 * self.reception.size:
                    await self.leave((body.fault or Fault.LARGE).value)
        self._reader._buffer[:0] = rest  # type: ignore[attr-defined]  # commands sent ahead
        return body

    async def _kept(self, body: Body) -> list[str]:
        """Return the replies to the message *body*."""
        raw = body.message()
        if body.fault is not None:
            return self._each(body.fault.value)
        return self.replies(await self.reception.keep(self, raw))

    def _each(self, reply: str) -> list[str]:
        """Return *reply* as often as the protocol asks for."""
        return [reply]

    def replies(self, answers: dict[str, str]) -> list[str]:
        """Return the one reply for all recipients; their *answers* are alike."""
        return [max(answers.values())]


class Handing(Receiving):
    """LMTP: one reply for each recipient that was taken (RFC 2033, 4.2)."""

    commands = (Receiving.commands - {"HELO", "EHLO"}) | {"LHLO"}
    greeting = "LMTP"
    trusted = True

    async def smtp_LHLO(self, arg: str) -> None:
        """Begin, as with EHLO."""
        await super().smtp_EHLO(arg)

    def _each(self, reply: str) -> list[str]:
        return [reply] * len(self.envelope.recipients)

    def replies(self, answers: dict[str, str]) -> list[str]:
        """Return a reply for each recipient, in the order they were named."""
        return [answers[recipient] for recipient in self.envelope.recipients]
