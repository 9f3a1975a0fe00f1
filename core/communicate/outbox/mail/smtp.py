"""Hand mail to the site's relay by SMTP (RFC 5321), through the gate."""

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from communicate.interfaces import IGate
from communicate.outbox.errors import GiveUp, OutboxError, TryLater
from communicate.outbox.mail.message import Mail

RELAY = "mail relay"
TIMEOUT = 30.0  # seconds for each answer of the relay


@dataclass(frozen=True)
class SMTPTransport:
    """The relay that the operator named, and how it is talked to.

    *security* is ``tls`` (from the first byte), ``starttls`` (required, never given up silently)
    or ``none``.  Certificates are verified against the machine's trusted authorities.
    """

    host: str
    port: int
    security: str = "none"
    user: str = ""
    password: str = ""
    timeout: float = TIMEOUT

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "SMTPTransport":
        """Return the transport that the settings ``communicate.smtp_…`` describe."""
        names = ("host", "port", "security", "user", "password")
        return cls(**{name: settings[f"communicate.smtp_{name}"] for name in names})

    def send(self, request: Any, mail: Mail, message: EmailMessage, owner: int | None) -> None:
        """Hand *message* to the relay, which then answers for it.

        Raise TryLater while the relay is away or asks for patience (4xx), GiveUp where it refuses
        this mail for good (5xx), `communicate.outbox.gate.Undeclared` where the gate is closed.
        """
        fields = {"address": mail.to, "subject": mail.subject, "text": mail.text}
        gate = request.find_service(IGate).pass_(RELAY, "mail", fields, about=owner)
        with gate as leaving, self.explained(), self.connect() as relay:
            leaving.begin()
            _hand_over(relay, message)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what smtplib and sockets raise into our two errors, quoting no answer."""
        try:
            yield
        except smtplib.SMTPRecipientsRefused as refused:
            code = max((code for code, _text in refused.recipients.values()), default=550)
            raise refusal(code, "the recipient") from refused
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as refused:
            raise refusal(refused.smtp_code, "the mail") from refused
        except ssl.SSLCertVerificationError as untrusted:
            said = untrusted.verify_message
            raise TryLater(f"the certificate of {self} is not trusted: {said}") from untrusted
        except (smtplib.SMTPException, OSError) as error:
            code = getattr(error, "smtp_code", 0)
            kind = f"{type(error).__name__} {code}" if code else type(error).__name__
            cure = "see the settings communicate.smtp_..."
            raise TryLater(f"{self} cannot be used: {kind}; {cure}") from error

    @contextmanager
    def connect(self) -> Iterator[smtplib.SMTP]:
        """Yield a session with the relay, encrypted and signed in as the settings ask.

        How it ends does not matter: what the relay has accepted must not be sent again because
        its farewell was lost.
        """
        relay = self._open()
        try:
            if self.security == "starttls":
                relay.starttls(context=ssl.create_default_context())
            if self.user:
                relay.login(self.user, self.password)
            yield relay
            with suppress(smtplib.SMTPException, OSError):
                relay.quit()
        finally:
            relay.close()

    def _open(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout)

    def __str__(self) -> str:
        return f"the mail relay {self.host}:{self.port}"


def _hand_over(relay: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        relay.send_message(message)
    except smtplib.SMTPNotSupportedError as error:
        raise GiveUp("the mail relay takes only addresses in ASCII (no SMTPUTF8)") from error


def refusal(code: int, what: str) -> OutboxError:
    """Return GiveUp for a final answer (5xx) and TryLater for any other."""
    if 500 <= code < 600:
        return GiveUp(f"the mail relay refuses {what} for good, with code {code}")
    return TryLater(f"the mail relay does not take {what} now: code {code}")
