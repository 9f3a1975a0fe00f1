"""Whether members' mail programs are let in: what `communicate doctor` and operators are told."""

import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from pyramid.i18n import TranslationStringFactory

from communicate.declarations import HealthCheck
from communicate.serving.sockets import connect
from communicate.tls.serving import NoCertificate, files_of

_ = TranslationStringFactory("communicate_email")

GREETINGS = {"imap": b"* OK ", "imaps": b"* OK ", "pop3": b"+OK ", "pop3s": b"+OK "}
PATIENCE = 5.0  # seconds for a greeting
SOON = timedelta(days=7)
LINE = 512
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (of what settings say)
NO_CERTIFICATE = _(
    "There is no certificate, so that no mail program is let in: make one with `communicate tls "
    "self-signed`, or name files with communicate.tls_certificate and communicate.tls_key."
)


def programs_let_in(registry: Any) -> Any:
    """Return what keeps mail programs out, or will within days, or None."""
    settings = registry.settings
    wanted = {name: settings[f"email.{name}"] for name in GREETINGS}
    if not any(wanted.values()):
        return None
    try:
        ends = end_of(files_of(settings)[0])
    except NoCertificate:
        return NO_CERTIFICATE
    if ends is not None and ends - datetime.now(UTC) < SOON:
        return _(
            "The certificate in communicate.tls_certificate ends on ${day}: mail programs then "
            "refuse it. Put a new one there; it is used without a restart.",
            mapping={"day": f"{ends:%Y-%m-%d}"},
        )
    if not is_served(settings["communicate.run"]):
        return None
    for name, address in wanted.items():
        if address and not answers(name, address):
            return _(
                "Nobody is let in at email.${name} (${address}): look at the log, and at how many "
                "programs are connected (email.programs_connections).",
                mapping={"name": name, "address": address},
            )
    return None


def is_served(run: Path) -> bool:
    """Tell whether ``communicate serve`` runs for the site whose folder for that is *run*."""
    found = connect(run) if run.is_dir() else None
    if found is not None:
        found.close()
    return found is not None


def end_of(path: Path) -> datetime | None:
    """Return when the certificate in *path* ends, None where it cannot be read as one."""
    with suppress(ValueError, OSError):
        return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    return None


def answers(name: str, address: str) -> bool:
    """Tell whether a program is greeted at *address*, as settings write it, and let in."""
    host, _colon, port = address.rpartition(":")
    host = host.strip("[]")
    if port == "0":  # any that was free: tests know which
        return True
    try:
        with socket.create_connection((EVERYWHERE.get(host, host), int(port)), PATIENCE) as made:
            if name.endswith("s"):
                return _greets(_encrypted(made), name)
            return _greets(made, name)
    except OSError:
        return False


def _encrypted(made: socket.socket) -> ssl.SSLSocket:
    """Return *made* with TLS; whose certificate that is, is looked at elsewhere."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context.wrap_socket(made)


def _greets(made: socket.socket, name: str) -> bool:
    with made:
        return made.recv(LINE).startswith(GREETINGS[name])


HEALTH = (HealthCheck("email.programs", _("Mail programs are let in"), programs_let_in),)
