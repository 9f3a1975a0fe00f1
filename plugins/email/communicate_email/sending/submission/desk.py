"""What happens with what is handed in: sender and recipients looked at, the message queued."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from email.utils import format_datetime
from functools import partial
from typing import Any, TypeVar

from communicate.accounts.limits import TooMany
from communicate.quota import QuotaExceeded
from communicate.storage.work import work
from communicate.workers import Workers
from communicate_email.errors import Refused
from communicate_email.interfaces import IAddresses, ISending
from communicate_email.letters import Letter
from communicate_email.receiving.reception import Reception
from communicate_email.receiving.session import FAILED
from communicate_email.sending.submission.protocol import Submitting
from communicate_email.sending.submission.signing import Signed, sign_in

log = logging.getLogger(__name__)
T = TypeVar("T")

THREADS = 4
QUEUED = "250 2.0.0 On its way"
NOT_YOURS = "553 5.7.1 You cannot write from this address: it is none of yours"
FULL = "452 4.2.2 You have no room left: delete something, also from the trash"
ENOUGH = "452 4.7.1 You have written to as many people as you may for now: try again later"


class Desk(Reception):
    """What all connections of submission share."""

    def __init__(self, registry: Any, context: Callable[[], Any]) -> None:
        super().__init__(registry, context)
        self.registry = registry
        self.recipients: int = registry.settings["email.send_recipients"]
        self._threads = Workers(THREADS, "communicate-submission")

    def start(self) -> None:
        """Nothing runs but on demand."""

    def stop(self) -> None:
        """Finish what was begun."""
        self._threads.shutdown()

    async def _work(self, func: Callable[..., T], *arguments: Any) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(func, *arguments))

    async def sign_in(self, name: str, password: str, peer: str) -> "Signed | str":
        """Return who signs in, or the reply where nobody does."""
        return await self._work(sign_in, self.registry, name, password, peer)

    async def refusal(self, session: Any, address: str) -> str:
        """Return why *address* is not written to, empty where it is."""
        return await self._work(work, self.registry, partial(unwritable, session, address))

    async def keep(self, session: Any, raw: bytes) -> dict[str, str]:
        """Return the reply, once the message is delivered here and queued for elsewhere."""
        to = tuple(dict.fromkeys(session.envelope.recipients))
        signed = session.signed
        answer = await self.sign_in(signed.name, signed.password, session.peer)
        if isinstance(answer, str):  # ended or suspended meanwhile
            return dict.fromkeys(to, answer)
        letter = Letter(
            raw,
            session.envelope.sender or "",
            author=signed.uid,
            headers=(self._received(session),),
        )
        return dict.fromkeys(to, await self._work(handed_in, self.registry, letter, to))

    def _received(self, session: Any) -> bytes:
        """Return the line that this machine leaves: without where its author is."""
        date = format_datetime(self.clock.now())
        line = f"Received: by {self.host} with {session.spoken} id {secrets.token_hex(8)};\r\n"
        return f"{line}\t{date}\r\n".encode("ascii")


def unwritable(session: Submitting, address: str, request: Any) -> str:
    """Return why the member of *session* cannot write to *address*, empty where that goes."""
    addresses, signed = request.find_service(IAddresses), session.signed
    sender = session.envelope.sender
    if signed is None or (sender and not addresses.may_send(signed.uid, sender)):
        return NOT_YOURS
    try:
        request.find_service(ISending).check_recipient(address)
    except Refused as error:
        return reply(550, "5.1.1", error)
    return ""


def handed_in(registry: Any, letter: Letter, to: tuple[str, ...]) -> str:
    """Return the reply to *letter* for *to*."""
    try:
        work(registry, lambda request: request.find_service(ISending).send(letter, to))
    except Refused as error:
        return reply(550, "5.7.1", error)
    except TooMany:
        return ENOUGH
    except QuotaExceeded:
        return FULL
    except Exception:
        log.exception("a message could not be queued: its author is asked to try again")
        return FAILED
    return QUEUED


def reply(code: int, status: str, error: Refused) -> str:
    """Return *error* as a reply, in English: programs show it as it is."""
    words = error.reason
    text = words.interpolate() if hasattr(words, "interpolate") else str(words)
    return f"{code} {status} {' '.join(text.split())}".encode("ascii", "replace").decode()
