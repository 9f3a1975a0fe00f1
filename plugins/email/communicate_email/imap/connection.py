"""One client's stream: octets in and out, TLS, and how long each may take."""

import asyncio
import logging
import math
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar, cast

from communicate_email.imap.wire.errors import Hopeless
from communicate_email.imap.wire.framing import Framer, Kept, Parts, Sizes

log = logging.getLogger(__name__)
T = TypeVar("T", bytes, Parts)
_HTTP = re.compile(rb" HTTP/[0-9.]+\Z")  # the end of the first line that a browser says
PORTION = 256 * 1024  # octets of a large message that are put away at once
PIECE = 65_536  # octets read, or sent, at once
WAITING = 16 * 1024  # octets that a stranger may leave lying about of what is sent
TRUSTED = 128 * 1024  # octets that somebody who has signed in may
STRANGER = 100  # commands or lines before somebody has signed in
LEAST = 1_024  # octets that come of what has begun while it is waited for as long as it may be
GRACE = 1.0  # seconds until a connection is broken off that is to end


class Gone(Exception):
    """The client is there no more, or is not to be, or was waited for too long."""


class HungUp(Gone):
    """There is nobody any more who could be told."""


class Stream:
    """What comes from a client and goes to it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sizes: Sizes
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._loop = asyncio.get_running_loop()
        self.framer = Framer(sizes)
        self.trusted = False  # whether somebody has signed in
        self._keeps: Callable[[], Awaitable[Any]]
        self._elsewhere: list[Any] = []
        self._until = math.inf  # when whatever is waited for is to have come
        self._left = STRANGER  # commands or lines, as long as nobody has
        self._over = ""  # why nothing more is heard
        self._waited, self._came = 0.0, 0  # in the middle of a command or a line
        self._bound()
        address = writer.get_extra_info("peername")
        self.peer: str = address[0] if isinstance(address, tuple) else ""

    @property
    def secure(self) -> bool:
        """Whether TLS is spoken."""
        return self._writer.get_extra_info("ssl_object") is not None

    def hurry(self, seconds: float) -> None:
        """Wait no longer than that for all that comes, until `trust` is called."""
        self._until = self._loop.time() + seconds

    def trust(self) -> None:
        """Hear as much as comes, and keep more for a client that reads slowly."""
        self.trusted, self._until = True, math.inf
        self._bound()

    def _bound(self) -> None:
        most = TRUSTED if self.trusted else WAITING
        self._writer.transport.set_write_buffer_limits(most)

    def dismiss(self, why: str) -> None:
        """Have whoever waits for something to come hear Gone, at once, and hang up soon."""
        self._over = why
        self._reader.set_exception(Gone(why))
        self._loop.call_later(GRACE, self._writer.transport.abort)

    def abort(self) -> None:
        """Hang up at once."""
        self._writer.transport.abort()

    async def command(self, patience: float, pause: float) -> Parts:
        """Return the next command; raise BadCommand, Hopeless or Gone.

        Its first octets come within *pause* seconds, and then more each time within *patience*.
        """
        waited = False
        while (found := self._found(self.framer.command)) is None:
            if self.framer.asks:
                await self.send(b"+ Go on\r\n", patience)
            if self.framer.has_large:
                await self._keep(patience)
                continue
            await self._more(pause if self.framer.is_empty else patience)
            waited = True
        if not waited:
            await asyncio.sleep(0)  # whoever says much at once lets others be heard in between
        return found

    def keep_large(self, keeps: Callable[[], Awaitable[Any]]) -> None:
        """Have what *keeps* returns keep each large message, until `let_go` is called."""
        self._keeps, self.framer.puts_away = keeps, True

    def let_go(self) -> None:
        """Let go of the large messages that came."""
        while self._elsewhere:
            self._elsewhere.pop().close()

    async def _keep(self, patience: float) -> None:
        """Put a large literal away as it comes."""
        elsewhere = await self._keeps()
        self._elsewhere.append(elsewhere)
        while self.framer.left:
            octets = self.framer.taken(PORTION)
            if octets:
                await elsewhere.write(octets)
            else:
                await self._more(patience)
        literal = Kept()
        literal.elsewhere = elsewhere
        await elsewhere.finish()
        self.framer.kept(literal)

    async def line(self, patience: float, pause: float | None = None) -> bytes:
        """Return the next line, of which *pause* is for its first octets; raise Hopeless or Gone.

        Without *pause* that is *patience*, too.
        """
        waited = False
        while (found := self._found(self.framer.line)) is None:
            first = patience if pause is None else pause
            await self._more(first if self.framer.is_empty else patience)
            waited = True
        if not waited:
            await asyncio.sleep(0)
        return found

    def _found(self, find: Callable[[], T | None]) -> T | None:
        """Return what *find* returns; raise Gone or Hopeless where nothing more is heard.

        Nothing is heard of a browser, which takes this for the site whose certificate it is, and
        what is answered for a page of it (the attack is called ALPACA).
        """
        if self._over:
            raise Gone(self._over)
        found = find()
        if found is not None:
            self._waited, self._came = 0.0, 0
            if not self.trusted and _HTTP.search(found if isinstance(found, bytes) else found[0]):
                raise Hopeless("this is no web site")
            self._left -= not self.trusted
            if self._left < 0:
                raise Hopeless("nobody has signed in")
        return found

    async def _more(self, patience: float) -> None:
        """Have what comes within *patience* seconds; raise Gone."""
        begun, new = self._loop.time(), self.framer.is_empty
        octets = await self._read(min(patience, self._until - begun))
        self.framer.feed(octets)
        if new:
            return
        self._waited += self._loop.time() - begun
        self._came += len(octets)
        if self._waited > patience:
            if self._came < LEAST:
                raise Gone("what comes is too slow")
            self._waited, self._came = 0.0, 0

    async def _read(self, patience: float) -> bytes:
        try:
            async with asyncio.timeout(patience):
                octets = await self._reader.read(PIECE)
        except TimeoutError:
            raise Gone("nothing came for too long") from None
        except (OSError, EOFError) as error:
            raise HungUp("the connection broke") from error
        if not octets:
            raise HungUp("the client has hung up")
        return octets

    async def send(self, octets: bytes, patience: float) -> None:
        """Send *octets*, each piece once the client has taken most of those before; raise Gone.

        The connection is broken off where the client does not take one within *patience* seconds.
        """
        whole, transport = memoryview(octets), self._writer.transport
        try:
            for at in range(0, len(octets), PIECE):
                self._writer.write(whole[at : at + PIECE])
                if transport.is_closing() or transport.get_write_buffer_size():
                    async with asyncio.timeout(patience):
                        await self._writer.drain()
        except TimeoutError:
            self.abort()
            raise HungUp("the client takes nothing") from None
        except OSError as error:
            raise HungUp("the connection broke") from error

    async def encrypt(self, context: Any, answer: bytes, patience: float) -> None:
        """Send *answer*, and speak TLS from then on; raise Gone.

        Raise Hopeless where more has come in clear text already: somebody may have put it there,
        to be taken for what is said later (CVE-2011-0411).
        """
        cast(asyncio.Transport, self._writer.transport).pause_reading()  # until TLS is spoken
        if not self.framer.is_empty or await self._has_come():
            raise Hopeless("something was said before TLS")
        try:
            self._writer.write(answer)
            async with asyncio.timeout(patience):
                await self._writer.start_tls(context)
        except (TimeoutError, OSError) as error:
            self.abort()
            raise HungUp("TLS was not agreed upon") from error
        self._bound()

    async def _has_come(self) -> bool:
        """Tell whether octets wait that were not read yet; nothing is waited for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(0):
                return bool(await self._reader.read(1))
        return False

    async def close(self) -> None:
        """Hang up."""
        self._writer.close()
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await self._writer.wait_closed()
