"""One letter handed to one machine by SMTP (RFC 5321), and what that answered.

A machine that takes no eight-bit text, or no addresses beyond ASCII, gets nothing that is not
true of the letter: nothing is converted on the way, so that signatures hold.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address

import aiosmtplib

from communicate_email.letters import Letter
from communicate_email.sending.preparing import split
from communicate_email.sending.results import Refusal, Result, answered

EIGHT = (
    "the other machine takes text of seven bits only: send it again as quoted-printable, as most "
    "programs do by themselves"
)
FOREIGN = (
    "the other machine takes only addresses and header fields in ASCII: ask for an address "
    "without accents, and leave accents out of your own"
)
LARGE = "the other machine takes no message of that size: send what is large as a link"


@dataclass(frozen=True)
class Patience:
    """Seconds to wait for another machine."""

    connect: float = 30
    reply: float = 300  # RFC 5321, 4.5.3.2
    end: float = 600  # for the answer to a whole letter, its way included
    opening: float = 600  # until a machine is ready for a letter
    whole: float = 1800  # for one letter, whatever is answered in between


@dataclass(frozen=True)
class Machine:
    """Where to connect to: *name* as its certificate says, *addresses*, and how TLS is used.

    *security* is ``tls``, ``starttls`` (required), ``opportunistic`` or ``none``.  *trust* makes
    the context that checks its certificate.
    """

    name: str
    addresses: tuple[str, ...]
    port: int
    security: str
    trust: Callable[[], ssl.SSLContext]
    user: str = ""
    password: str = ""


class NotReached(Exception):
    """No conversation came about: another machine may be asked."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.why)
        self.refusal = refusal


async def hand_over(
    machine: Machine,
    own: str,
    letter: Letter,
    recipients: tuple[str, ...],
    begun: Callable[[], None],
    patience: Patience,
) -> Result:
    """Hand *letter* for *recipients* to *machine*, as the machine *own*.

    *begun* is called once the first word about the letter is on its way.  Raise NotReached.
    """
    smtp = await _opened(machine, own, patience)
    try:
        return await _transaction(smtp, machine.name, letter, recipients, begun, patience)
    finally:
        transport = smtp.transport
        with suppress(aiosmtplib.SMTPException, OSError, asyncio.TimeoutError):
            await smtp.quit(timeout=5)
        await _let_go(smtp, transport)


async def _opened(machine: Machine, own: str, patience: Patience) -> aiosmtplib.SMTP:
    """Return a session with *machine*: encrypted and signed in as it is to be."""
    security = machine.security
    try:
        async with asyncio.timeout(patience.opening):
            return await _open(machine, own, security, patience)
    except NotReached:
        raise
    except ssl.SSLCertVerificationError as error:
        why = f"the certificate of {machine.name} is not trusted: {error.verify_message}"
        raise NotReached(Refusal("4.7.5", why, host=machine.name)) from error
    except (TimeoutError, ssl.SSLError, aiosmtplib.SMTPException, OSError) as error:
        raise NotReached(_unreached(machine, error)) from error


def _unreached(machine: Machine, error: Exception) -> Refusal:
    code = getattr(error, "code", 0)
    if code:
        return answered(code, str(getattr(error, "message", "")), machine.name, "our greeting")
    cause = error.__cause__ or error
    kind = getattr(cause, "strerror", None) or type(error).__name__
    if isinstance(cause, ConnectionError) and cause.errno:
        kind = os.strerror(cause.errno)  # asyncio puts the address as Python writes it there
    return Refusal("4.4.1", f"{machine.name} cannot be reached: {kind}", host=machine.name)


async def _open(machine: Machine, own: str, security: str, patience: Patience) -> aiosmtplib.SMTP:
    sock = await _connected(machine, patience.connect)
    smtp = aiosmtplib.SMTP(
        hostname=machine.name,
        sock=sock,
        local_hostname=own,
        timeout=patience.reply,
        use_tls=security == "tls",
        start_tls=False,
        tls_context=machine.trust() if security == "tls" else None,
    )
    try:
        await smtp.connect()
        await smtp.ehlo()
        if security in ("starttls", "opportunistic"):
            plain = await _start_tls(smtp, machine, security)
            if plain:  # a broken offer of TLS: as good as none, where none would do
                smtp.close()
                return await _open(machine, own, "none", patience)
        if machine.user:
            await _sign_in(smtp, machine)
    except BaseException:
        await _let_go(smtp, smtp.transport)
        sock.close()
        raise
    return smtp


async def _sign_in(smtp: aiosmtplib.SMTP, machine: Machine) -> None:
    """Sign in; raise NotReached where that is not taken: it is no fault of the letter.

    What the machine says of it is for nobody but operators.
    """
    if not smtp.supported_auth_methods:
        why = f"{machine.name} offers no way to sign in: look at email.relay_user"
        raise NotReached(Refusal("4.7.0", why, host=machine.name))
    try:
        await smtp.login(machine.user, machine.password)
    except aiosmtplib.SMTPAuthenticationError as refused:
        why = (
            f"{machine.name} answered {refused.code} to our name and password: look at "
            "email.relay_user and COMMUNICATE_EMAIL_RELAY_PASSWORD"
        )
        raise NotReached(Refusal("4.7.0", why, host=machine.name)) from refused


async def _let_go(smtp: aiosmtplib.SMTP, transport: asyncio.BaseTransport | None) -> None:
    """Close the connection now: what the other side says to that is not waited for."""
    smtp.close()
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()
    await asyncio.sleep(0)


async def _start_tls(smtp: aiosmtplib.SMTP, machine: Machine, security: str) -> bool:
    """Encrypt *smtp*; tell whether it has to be tried without."""
    if not smtp.supports_extension("starttls"):
        if security == "opportunistic":
            return False
        why = f"{machine.name} offers no encryption, without which nothing is sent"
        raise NotReached(Refusal("4.7.4", why, host=machine.name))
    try:
        await smtp.starttls(tls_context=machine.trust(), server_hostname=machine.name)
        await smtp.ehlo()
    except (TimeoutError, ssl.SSLError, aiosmtplib.SMTPException, OSError):
        if security == "opportunistic":
            return True
        raise
    return False


async def _connected(machine: Machine, seconds: float) -> socket.socket:
    """Return a socket connected to the first address of *machine* that answers."""
    loop, last = asyncio.get_running_loop(), OSError("no address")
    for address in machine.addresses:
        family = socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.setblocking(False)
        try:
            await asyncio.wait_for(loop.sock_connect(sock, (address, machine.port)), seconds)
        except (TimeoutError, OSError) as error:
            sock.close()
            last = error if isinstance(error, OSError) else OSError("timed out")
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise last


async def _transaction(
    smtp: aiosmtplib.SMTP,
    host: str,
    letter: Letter,
    recipients: tuple[str, ...],
    begun: Callable[[], None],
    patience: Patience,
) -> Result:
    options, unfit = _options(smtp, letter, recipients)
    if unfit is not None:
        return Result.all_failed(recipients, Refusal(*unfit, host=host))
    result = Result()
    encoding = "utf-8" if "SMTPUTF8" in options else "ascii"
    begun()
    try:
        async with asyncio.timeout(patience.whole):
            await smtp.mail(letter.sender, options=options, encoding=encoding)
            accepted = await _recipients(smtp, host, recipients, encoding, result)
            if accepted:
                await smtp.data(letter.raw, timeout=patience.end)
                result.sent = accepted
    except aiosmtplib.SMTPResponseException as refused:
        what = "the message" if isinstance(refused, aiosmtplib.SMTPDataError) else "its sender"
        refusal = answered(refused.code, str(refused.message), host, what)
        left = [to for to in recipients if to not in result.failed | result.later]
        place = result.failed if 500 <= refused.code < 600 else result.later
        place.update(dict.fromkeys(left, refusal))
    except (TimeoutError, aiosmtplib.SMTPException, OSError) as error:
        refusal = Refusal(
            "4.4.2", f"the conversation with {host} broke off: {type(error).__name__}", host=host
        )
        left = [to for to in recipients if to not in result.failed | result.later]
        result.later.update(dict.fromkeys(left, refusal))
    return result


async def _recipients(
    smtp: aiosmtplib.SMTP, host: str, recipients: tuple[str, ...], encoding: str, result: Result
) -> list[str]:
    accepted: list[str] = []
    for to in recipients:
        try:
            await smtp.rcpt(to, encoding=encoding)
        except aiosmtplib.SMTPRecipientRefused as refused:
            refusal = answered(refused.code, str(refused.message), host, "the recipient")
            # 552 for too many at once is no refusal of the address: RFC 5321, 4.5.3.1.10
            final = 500 <= refused.code < 600 and not (refused.code == 552 and accepted)
            (result.failed if final else result.later)[to] = refusal
        else:
            accepted.append(to)
    return accepted


def _options(
    smtp: aiosmtplib.SMTP, letter: Letter, recipients: tuple[str, ...]
) -> tuple[list[str], tuple[str, str] | None]:
    """Return what is said with the sender, and why the letter cannot be taken there, if so."""
    options = []
    envelope = [letter.sender, *recipients]
    foreign = not all(each.isascii() for each in envelope) or not split(letter.raw)[0].isascii()
    if foreign:
        if not smtp.supports_extension("smtputf8"):
            return [], ("5.6.7", FOREIGN)
        options.append("SMTPUTF8")
    if not letter.raw.isascii():
        if not smtp.supports_extension("8bitmime"):
            return [], ("5.6.3", EIGHT)
        options.append("BODY=8BITMIME")
    if smtp.supports_extension("size"):
        stated = smtp.esmtp_extensions.get("size", "")
        if stated.isdecimal() and 0 < int(stated) < len(letter.raw):
            return [], ("5.3.4", LARGE)
        options.append(f"SIZE={len(letter.raw)}")
    return options, None
