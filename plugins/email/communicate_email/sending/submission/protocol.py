"""SMTP as programs of members speak it: encrypted first, then signed in, then as anybody."""

import asyncio
import base64
import binascii
import time
from typing import Any, ClassVar

from communicate_email.receiving.protocol import Receiving
from communicate_email.sending.submission.signing import Signed

WRONG = 3  # passwords in one connection
AGAIN = 60.0  # seconds for which a password that was right is not asked about again
ENCRYPT = "530 5.7.0 Say STARTTLS first"
SIGN_IN = "530 5.7.0 Sign in first: with your login and an app password for mail"
CANCELLED = "501 5.7.0 Cancelled"
UNREADABLE = "501 5.5.2 This cannot be read"


class Submitting(Receiving):
    """A connection that begins in clear text: nothing but STARTTLS is taken before TLS."""

    commands: ClassVar[frozenset[str]] = Receiving.commands | {"AUTH"}
    implicit: ClassVar[bool] = False

    def __init__(self, reception: Any, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(reception, loop)
        self.signed: Signed | None = None
        self.asked_for = 0.0
        self.wrong = 0
        if self.implicit:
            self.tls_context = None

    @property
    def secure(self) -> bool:
        """Whether TLS is spoken."""
        return self.implicit or self._tls_protocol is not None

    @property
    def spoken(self) -> str:
        """How mail is handed over (RFC 3848, RFC 6531)."""
        return "UTF8SMTPSA" if self.envelope.utf8 else "ESMTPSA"

    def eof_received(self) -> bool:
        """Let what has come in be answered, though nothing more will come."""
        super().eof_received()
        return not self.secure

    def connection_made(self, transport: Any) -> None:
        """Begin; anew once TLS is spoken."""
        self.signed = None
        super().connection_made(transport)

    async def push(self, status: Any) -> None:
        """Reply with *status*; what can be done here has the ways to sign in, once encrypted."""
        if self.secure and isinstance(status, str) and status.startswith("250-"):
            first, _end, rest = status.partition("\r\n")
            status = f"{first}\r\n250-AUTH PLAIN LOGIN\r\n{rest}"
        await super().push(status)

    async def smtp_HELO(self, arg: str) -> None:
        """Refuse: without EHLO nobody signs in."""
        await self.push("502 5.5.1 Say EHLO")

    async def smtp_AUTH(self, arg: str) -> None:
        """Sign in (RFC 4954), by PLAIN (RFC 4616) or LOGIN."""
        if not self.helo or self.signed is not None or self.envelope.sender is not None:
            return await self.push("503 5.5.1 This is not the moment to sign in")
        if not self.secure:
            return await self.push("538 5.7.11 Say STARTTLS first: a password goes encrypted only")
        way, _blank, initial = arg.partition(" ")
        asks = {"PLAIN": self._plain, "LOGIN": self._login}.get(way.upper())
        if asks is None:
            return await self.push("504 5.5.4 Sign in by PLAIN or LOGIN")
        given = await asks(initial.strip())
        if given is None:
            return None
        return await self._enter(*given)

    async def _plain(self, initial: str) -> tuple[str, str] | None:
        """Return name and password, None where the reply was given already."""
        answer = decoded(initial) if initial else await self._challenge("")
        parts = None if answer is None else answer.split("\0")
        if parts is None or len(parts) != 3 or parts[0] not in ("", parts[1]):
            await self.push(UNREADABLE)
            return None
        return parts[1], parts[2]

    async def _login(self, initial: str) -> tuple[str, str] | None:
        name = decoded(initial) if initial else await self._challenge("Username:")
        password = None if name is None else await self._challenge("Password:")
        if name is None or password is None:
            await self.push(UNREADABLE)
            return None
        return name, password

    async def _challenge(self, words: str) -> str | None:
        """Return the answer to *words*, None where there is none that can be read."""
        await self.push(f"334 {base64.b64encode(words.encode()).decode()}".rstrip(" ") or "334")
        line = await self._line()
        return None if line is None else decoded(line.decode("ascii", "replace"))

    async def _enter(self, name: str, password: str) -> None:
        answer = await self.reception.sign_in(name, password, self.peer)
        if isinstance(answer, Signed):
            self.signed, self.asked_for = answer, time.monotonic()
            return await self.push("235 2.7.0 You are signed in")
        self.wrong += 1
        if self.wrong >= WRONG:
            await self.leave(answer.replace("535 ", "421 ", 1))
        return await self.push(answer)

    async def smtp_MAIL(self, arg: str) -> None:
        """Begin a message, for who has signed in."""
        if not self.secure:
            return await self.push(ENCRYPT)
        if self.signed is None:
            return await self.push(SIGN_IN)
        if time.monotonic() - self.asked_for >= AGAIN:
            answer = await self.reception.sign_in(
                self.signed.name, self.signed.password, self.peer
            )
            if not isinstance(answer, Signed):
                await self.leave("421 4.7.0 Your app password is not valid any more")
            self.asked_for = time.monotonic()
        return await super().smtp_MAIL(arg)


class SubmittingTLS(Submitting):
    """A connection that is encrypted from the first octet (RFC 8314)."""

    implicit: ClassVar[bool] = True


def decoded(text: str) -> str | None:
    """Return what base64 *text* holds; None for what cannot be read, and for ``*``."""
    if text == "=":
        return ""
    try:
        return base64.b64decode(text, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
