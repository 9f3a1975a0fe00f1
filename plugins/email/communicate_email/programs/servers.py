"""Which servers this site has for mail programs, and where programs find them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from communicate_email.receiving.settings import host_of

IMAP, POP3, SMTP = "imap", "pop3", "smtp"
TLS, STARTTLS = "tls", "starttls"  # from the first octet, or after a word
#: By the setting that says where it listens: what is safer comes first (RFC 8314, 3).
KINDS = {
    "imaps": (IMAP, TLS),
    "imap": (IMAP, STARTTLS),
    "pop3s": (POP3, TLS),
    "pop3": (POP3, STARTTLS),
    "submissions": (SMTP, TLS),
    "submission": (SMTP, STARTTLS),
}


class Server(NamedTuple):
    """One server: the setting that names it, what it speaks, where it is, how it is encrypted."""

    name: str
    kind: str
    security: str
    host: str
    port: int


class Servers(NamedTuple):
    """All that there are, the best of each kind first."""

    all: tuple[Server, ...]

    def of(self, *kinds: str) -> list[Server]:
        """Return those that speak one of *kinds*."""
        return [one for one in self.all if one.kind in kinds]

    def best(self, *kinds: str) -> Server | None:
        """Return the first of them, or None."""
        return next(iter(self.of(*kinds)), None)

    @property
    def reading(self) -> Server | None:
        """That by which mail is read: IMAP, where it is there."""
        return self.best(IMAP) or self.best(POP3)

    @property
    def writing(self) -> Server | None:
        """That by which mail is sent."""
        return self.best(SMTP)


NONE = Servers(())


def name_of(settings: Mapping[str, Any]) -> str:
    """Return the name by which programs find this machine."""
    return str(settings["email.programs_host"]) or host_of(settings)


def servers(settings: Mapping[str, Any]) -> Servers:
    """Return the servers that *settings* switch on."""
    host, ports = name_of(settings), settings["email.programs_ports"]
    return Servers(
        tuple(
            Server(name, kind, security, host, ports.get(name) or listens(settings, name))
            for name, (kind, security) in KINDS.items()
            if settings[f"email.{name}"]
        )
    )


def listens(settings: Mapping[str, Any], name: str) -> int:
    """Return the port of this machine at which *name* listens."""
    return int(settings[f"email.{name}"].rpartition(":")[2])
