"""One connection on which SMTP or LMTP is spoken: aiosmtpd's, with what may be asked how often.

aiosmtpd gives the connection its life and TLS; commands, their limits and every reply are here.
A reply holds no name of an exception, and no log an address.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any, ClassVar

from aiosmtpd.smtp import SMTP, TLSSetupException

log = logging.getLogger(__name__)
logging.getLogger("mail.log").disabled = True  # aiosmtpd's: it says addresses

LINE = 2048  # octets of a command: an address beyond ASCII may be 254, and there are parameters
ERRORS = 20  # refusals in one connection
COMMANDS = 1000  # in one connection between two messages
LIFE = 3600.0  # seconds of a connection
FAREWELL = 5.0  # seconds for a client that was told to go to read that
LEFT = 2**20  # octets of what it still sends meanwhile
FAILED = "451 4.3.0 Something went wrong here: try again later"
# What a browser begins with, whom somebody's page makes send what looks like mail.
HTTP = frozenset({"GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "PATCH", "DELETE"})
STOPPING = "421 4.3.2 This server is stopping: try again later"
TLS = "220 Ready to start TLS"  # as aiosmtpd says it


class Ended(Exception):
    """The connection is over."""


class Session(SMTP):
    """A connection; `commands` says what its clients may say."""

    line_length_limit = 64 * 1024  # of the reader: twice as much lies in memory at most
    commands: ClassVar[frozenset[str]] = frozenset({"NOOP", "RSET", "QUIT"})
    greeting = "ESMTP"
    patience = 120.0

    def __init__(self, host: str, loop: asyncio.AbstractEventLoop, **options: Any) -> None:
        super().__init__(
            NoHooks(), hostname=host, enable_SMTPUTF8=True, loop=loop, timeout=LIFE, **options
        )
        self.errors = self.asked = 0
        self.leaving = False  # was told to go

    def forget(self) -> None:
        """Forget the message that was begun."""
        self.envelope = self._create_envelope()

    # What aiosmtpd does otherwise

    def eof_received(self) -> bool:
        """Let what has come in be answered, though nothing more will come."""
        self._reader.feed_eof()
        return self._tls_protocol is None

    async def _handle_client(self) -> None:
        """Answer until the connection ends, whichever side ends it."""
        try:
            await self.begin()
            while True:
                await self._answer()
        except (Ended, ConnectionError, asyncio.IncompleteReadError, TLSSetupException):
            pass
        except TimeoutError:
            with suppress(Ended, ConnectionError, TimeoutError):
                await self.leave("421 4.4.2 Nothing was heard for too long")
        finally:
            self.end()
            self._writer.close()

    async def begin(self) -> None:
        """Greet; raise Ended where nobody is let in."""
        await self.push(f"220 {self.hostname} {self.greeting}")

    def end(self) -> None:
        """Forget the connection."""

    async def _answer(self) -> None:
        """Read one command and answer it."""
        line = await self._line()
        if line is None:
            return await self.push("500 5.5.2 A command ends with CR LF, has no NUL, and is short")
        name, _blank, argument = line.partition(b" ")
        command = name.decode("ascii", "replace").upper()
        self.asked += 1
        if self.asked > COMMANDS:
            await self.leave("421 4.7.0 Too many commands")
        if command in HTTP:
            await self.leave("421 5.7.0 This is a mail server")
        if command not in self.commands:
            return await self.push("500 5.5.1 This command is not known here")
        try:
            words = argument.strip().decode("utf-8", "surrogateescape")
            await self._smtp_methods[command](words)
        except (Ended, ConnectionError, TimeoutError, TLSSetupException):
            raise
        except Exception:  # one client's message is no reason to say more, or to end the server
            log.exception("a command %s failed", command)
            await self.push(FAILED)
        return None

    async def _line(self) -> bytes | None:
        """Return the next command, None for what is none; raise TimeoutError."""
        async with asyncio.timeout(self.patience):
            try:
                line: bytes = await self._reader.readuntil()
            except asyncio.LimitOverrunError:
                await self.leave("421 5.5.2 No command is as long as this")
        if len(line) > LINE or not line.endswith(b"\r\n") or b"\r" in line[:-2] or b"\0" in line:
            return None
        return line[:-2]

    def dismiss(self) -> None:
        """End the connection, as the server stops."""
        if self.transport is not None and not self.transport.is_closing():
            if not self.leaving:
                self._writer.write(STOPPING.encode("ascii") + b"\r\n")
            self.transport.close()

    # Replies

    async def push(self, status: Any) -> None:
        """Reply with *status*, which begins with codes (RFC 3463); end after too many refusals."""
        reply = "220 2.0.0 Ready to start TLS" if status == TLS else status
        if reply[0] in "45":
            self.errors += 1
            if self.errors > ERRORS:
                await self.leave("421 4.7.0 Too many commands were refused")
        self._writer.write(reply.encode("utf-8", "replace") + b"\r\n")
        if self._writer.transport.get_write_buffer_size():  # most replies are on their way at once
            async with asyncio.timeout(self.patience):
                await self._writer.drain()

    async def leave(self, words: str) -> Any:
        """Say *words*, wait for the client to hear them, and end: raises Ended.

        Closed at once, what the client still sends would cut off the reply (RFC 1122, 4.2.2.13).
        """
        self._writer.write(words.encode("ascii") + b"\r\n")
        self.leaving = True
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(FAREWELL):
                await self._writer.drain()
                if self._writer.can_write_eof():
                    self._writer.write_eof()
                    await self._pass_over()
        raise Ended

    async def _pass_over(self) -> None:
        seen = 0
        while seen < LEFT and (piece := await self._reader.read(self.line_length_limit)):
            seen += len(piece)

    # Commands

    async def smtp_NOOP(self, arg: str) -> None:
        """Do nothing."""
        await self.push("250 2.0.0 Ok")

    async def smtp_RSET(self, arg: str) -> None:
        """Forget the message that was begun."""
        self.forget()
        await self.push("250 2.0.0 Ok")

    async def smtp_QUIT(self, arg: str) -> None:
        """Say goodbye."""
        await self.leave("221 2.0.0 Goodbye")

    async def smtp_STARTTLS(self, arg: str) -> None:
        """Go on with TLS (RFC 3207); end where something was sent that it does not protect."""
        if arg or self._tls_protocol is not None or self.tls_context is None:
            await self.push("503 5.5.1 TLS cannot be started now")
        elif self._reader._buffer:  # type: ignore[attr-defined]
            await self.leave("421 5.5.1 Nothing may follow STARTTLS before TLS is there")
        else:
            await super().smtp_STARTTLS("")
            self.asked = 0


class NoHooks:
    """Nothing for aiosmtpd to call."""
