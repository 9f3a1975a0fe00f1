"""Codes that prove who has a telephone: made, sent, and looked at five times at most.

A code is kept as an HMAC with a salt of its own; in clear it stands in the sealed message alone,
which `communicate_sms.fading` forgets.
"""

import hmac
import secrets
from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.accounts.letters import localizer
from communicate.clock import milliseconds, now
from communicate.interfaces import IMembers, ISeals
from communicate_sms import parts, states
from communicate_sms.content import Proving
from communicate_sms.interfaces import IAllowance
from communicate_sms.queue import NUMBER, Queue
from communicate_sms.spending import count

_ = TranslationStringFactory("communicate_sms")

CODE = "sms.code"
DIGITS = 6
LIFE = timedelta(minutes=10)  # NIST SP 800-63B: at most ten
TRIES = 5
TEXT = _(
    "code-text",
    default="${code} is your code for ${site}. It is good for ten minutes: give it to nobody.",
)


class Codes:
    """The codes of one request; whoever asks keeps the `Proving` in the member's `Book`."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.queue = Queue(request)

    def send(self, uid: int, e164: str, text: Any = TEXT) -> Proving:
        """Have a new code sent to *e164* for member *uid*; return what it is to be proven by.

        *text* has ``${code}`` and ``${site}``; it is said in the member's language.  Raise
        Declined where there have been too many, or none goes there.
        """
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        until = milliseconds(now(self.request) + LIFE)
        salt = secrets.token_bytes(16)
        proving = Proving(
            self.seals.seal(uid, NUMBER, e164), salt, self._mac(uid, e164, salt, code), until
        )
        said = self._said(uid, text, code)
        size = len(parts.split(said).parts)
        self.request.find_service(IAllowance).hit(uid, e164, size, "code")
        count(self.request, codes=1)
        proving.message = self.queue.add(uid, e164, said, purpose="code", until=until).id
        return proving

    def void(self, proving: Proving | None) -> None:
        """Have the code of *proving* prove nothing any more, nor be sent where it still waits."""
        if proving is None:
            return
        proving.tries = TRIES
        message = self.queue.tree.messages.get(proving.message)
        if message is not None and message.state == states.WAITING:
            self.queue.forget(message)

    def usable(self, proving: Proving | None) -> bool:
        """Tell whether the code of *proving* may still be typed."""
        moment = milliseconds(now(self.request))
        return proving is not None and proving.tries < TRIES and moment < proving.until

    def is_right(self, proving: Proving | None, given: str) -> bool:
        """Tell whether *given* is the code of *proving*; the try counts before it is looked at.

        It counts even where the page answers 4xx.  Of many at once each is a try of its own: they
        change one object, and are made one after the other.  Who is told yes forgets *proving*
        in this transaction.
        """
        if proving is None or not self.usable(proving):
            return False
        proving.tries += 1
        self.keep()
        e164 = self.seals.text(proving.number)
        if e164 is None:
            return False
        mac = self._mac(proving.number.uid, e164, proving.salt, digits(given))
        if not hmac.compare_digest(mac, proving.code):
            return False
        count(self.request, proven=1)
        return True

    def keep(self) -> None:
        """Have what this request has done kept even where it answers 4xx: see pyramid_tm."""
        self.request.response.headers["X-Tm"] = "commit"

    def _mac(self, uid: int, e164: str, salt: bytes, code: str) -> bytes:
        about = f"{uid}\0{e164}\0{code}\0".encode() + salt
        found: bytes = self.seals.hmac(CODE, about)
        return found

    def _said(self, uid: int, text: Any, code: str) -> str:
        registry = self.request.registry
        member = self.request.find_service(IMembers).by_uid(uid)
        translate = localizer(registry, getattr(member, "language", None)).translate
        words = {"code": code, "site": registry.settings["communicate.name"]}
        return parts.tidy(str(translate(text, mapping=words)))


def digits(given: str) -> str:
    """Return the digits of *given*: people put blanks between them, and type other scripts'."""
    return "".join(str(int(one)) for one in given[:40] if one.isdecimal())
