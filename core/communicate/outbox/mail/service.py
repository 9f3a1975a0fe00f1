"""The mailer: queue a mail in the transaction that causes it, and deliver it when it is due."""

from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

from zope.interface import implementer

from communicate.clock import milliseconds, now
from communicate.ids import new_id
from communicate.interfaces import IMailer, IOutbox
from communicate.outbox.errors import GiveUp
from communicate.outbox.mail.file import FileTransport
from communicate.outbox.mail.message import Mail, NotAnAddress, check_address, compose
from communicate.outbox.mail.smtp import SMTPTransport
from communicate.outbox.running import once

JOB = "communicate.mail"


class Transport(Protocol):
    """What takes a composed message away."""

    def send(self, request: Any, mail: Mail, message: Any, owner: int | None) -> None:
        """Hand *message* on, or raise TryLater or GiveUp."""


@implementer(IMailer)
class Mailer:
    """Queue mails; the words come from the caller, already in the reader's language."""

    def __init__(self, request: Any) -> None:
        self.request = request

    def queue(
        self,
        to: str,
        subject: str,
        text: str,
        *,
        owner: int | None = None,
        unsubscribe: str = "",
    ) -> int:
        """Store a job that mails *text* to the address *to* once this transaction commits.

        *owner* is the member concerned: an erasure drops the mail that is still waiting.
        *unsubscribe* is the address that ends such mail with one click (RFC 8058).
        Return the id of the mail; raise NotAnAddress.
        """
        present = milliseconds(now(self.request))
        mail = Mail(new_id(), check_address(to), subject, text, present, unsubscribe)
        payload = {"mail": mail.payload(), "owner": owner}
        self.request.find_service(IOutbox).add(JOB, payload, owner=owner)
        return mail.id


def transport_of(settings: Mapping[str, Any]) -> Transport:
    """Return the transport that ``communicate.mail`` names."""
    if settings["communicate.mail"] == "smtp":
        return SMTPTransport.of(settings)
    return FileTransport(settings["communicate.outbox"])


def deliver(request: Any, payload: Mapping[str, Any]) -> None:
    """Send one queued mail; the handler of the job ``communicate.mail``."""
    settings = request.registry.settings
    mail, owner = Mail(**payload["mail"]), payload["owner"]
    host = urlsplit(settings["communicate.url"] or "").hostname or "localhost"
    try:
        message = compose(mail, settings["communicate.mail_from"], host)
    except NotAnAddress as error:
        raise GiveUp(str(error)) from error
    transport = transport_of(settings)
    once(request, "mail", lambda: transport.send(request, mail, message, owner))
