"""Turn a queued mail into a message as RFC 5322 wants it."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime
from typing import Any

from communicate.clock import moment
from communicate.ids import encode

LONGEST_SUBJECT = 200  # characters
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_PLAIN = r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]"
_ADDRESS = re.compile(f"{_PLAIN}{{1,64}}@{_PLAIN}{{1,255}}")


class NotAnAddress(ValueError):
    """What was given is not exactly one e-mail address."""


@dataclass(frozen=True)
class Mail:
    """A mail as it is queued: an id that makes retries the same mail, and what was written.

    *unsubscribe* is an address that ends such mail with one click (RFC 8058), or empty.
    """

    id: int
    to: str
    subject: str
    text: str
    queued: int  # milliseconds since 1970, UTC
    unsubscribe: str = ""

    def payload(self) -> dict[str, Any]:
        """Return what a job can hold."""
        return asdict(self)


def check_address(text: str) -> str:
    """Return *text* if it is one bare e-mail address; raise NotAnAddress.

    No line end, no comma, no display name: nothing that could add a header or a recipient.
    """
    if not _ADDRESS.fullmatch(text):
        raise NotAnAddress("one e-mail address is expected, without a name and without line ends")
    return text


def one_line(text: str) -> str:
    """Return *text* as a subject: one line, without control characters, and not endless."""
    line = " ".join(_CONTROLS.sub(" ", text).split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"


def message_id(mail: Mail, host: str) -> str:
    """Return the Message-ID, the same at every try: a mail sent twice is seen as one."""
    return f"<{encode(mail.id)}@{host}>"


def compose(mail: Mail, sender: str, host: str) -> EmailMessage:
    """Return the message of *mail* from *sender*, with *host* (of ``communicate.url``) in its ids.

    It says that a program wrote it (RFC 3834), so that no holiday notice comes back.
    Raises NotAnAddress.
    """
    ascii_only = mail.to.isascii() and sender.isascii()
    message = EmailMessage(policy=SMTP if ascii_only else SMTPUTF8)
    message["Message-ID"] = message_id(mail, host)
    message["Date"] = format_datetime(date(mail))
    message["From"] = _address(sender)
    message["To"] = _address(mail.to)
    message["Subject"] = one_line(mail.subject)
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.text.replace("\r\n", "\n").replace("\r", "\n"))
    return message


def date(mail: Mail) -> datetime:
    """Return when *mail* was queued."""
    return moment(mail.queued)


def _address(text: str) -> Address:
    try:
        local, _, domain = check_address(text).rpartition("@")
        return Address(username=local, domain=domain)
    except (MessageError, ValueError, IndexError) as error:
        raise NotAnAddress("one e-mail address is expected: see communicate.mail_from") from error
