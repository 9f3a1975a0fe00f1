"""The context of a server that speaks TLS by Python's own ``ssl``."""

import ssl
from pathlib import Path
from typing import Any

from communicate.tls.renewed import LOOK, Renewed

CURE = "Make one with `communicate tls self-signed`, or name files with {0} and {1}."


class NoCertificate(Exception):
    """A server that speaks TLS has no certificate that it can use."""


def files_of(
    settings: Any,
    certificate: str = "communicate.tls_certificate",
    key: str = "communicate.tls_key",
) -> tuple[Path, Path]:
    """Return the files that the settings *certificate* and *key* name; raise NoCertificate."""
    found: tuple[Path, Path] = (settings[certificate], settings[key])
    for path in found:
        if not path.is_file():
            raise NoCertificate(f"There is no {path}. {CURE.format(certificate, key)}")
    return found


def server_context(certificate: Path, key: Path, *, look: float = LOOK) -> Renewed[ssl.SSLContext]:
    """Return what gives a server its context, TLS 1.2 at least, and follows both files.

    Nothing comes unasked after the handshake: clients that read in one thread and write in another
    (OfflineIMAP) wait forever, now and then, where tickets of TLS 1.3 come while they write.
    """

    def make() -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.num_tickets = 0
        context.load_cert_chain(certificate, key)
        return context

    return Renewed((certificate, key), make, look=look)
