"""A key and a certificate that nobody vouches for: for trials, and where the peers are told."""

import ipaddress
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAYS = 90
EARLIER = timedelta(hours=1)  # clocks of other machines may be slow
HERE = ("localhost", "127.0.0.1", "::1")
NEW = ".new"  # what is not whole yet


class Exists(Exception):
    """A key or a certificate is there already."""


def names_for(host: str, more: Iterable[str] = ()) -> list[str]:
    """Return the names of a site on *host*, without repeats: it, *more*, and this machine."""
    found = (name.strip("[]").lower().rstrip(".") for name in (host, *more, *HERE))
    return list(dict.fromkeys(name for name in found if name))


def make(names: Sequence[str], now: datetime, days: int = DAYS) -> tuple[bytes, bytes]:
    """Return a key (P-256, PKCS 8) and a certificate for *names*, hosts and addresses, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    usage = [ExtendedKeyUsageOID.SERVER_AUTH]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - EARLIER)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([general(name) for name in names]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.ExtendedKeyUsage(usage), False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return secret, certificate.public_bytes(serialization.Encoding.PEM)


def general(name: str) -> x509.GeneralName:
    """Return *name*, a host or an IP address, as a certificate has it."""
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode("ascii"))


def put(path: Path, data: bytes, *, mode: int, replace: bool) -> None:
    """Write *data* into *path*, made with *mode*; raise Exists where it is there.

    With *replace* it takes the place of what is there, in one step.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = path.with_name(path.name + NEW) if replace else path
    if replace:
        target.unlink(missing_ok=True)
    try:
        opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise Exists(f"There is a file {path} already") from None
    with os.fdopen(opened, "wb") as file:
        os.fchmod(file.fileno(), mode)  # whatever the umask
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if replace:
        target.replace(path)


def fingerprint(certificate: bytes) -> str:
    """Return the SHA-256 of the PEM *certificate*, as programs show it."""
    digest = x509.load_pem_x509_certificate(certificate).fingerprint(hashes.SHA256())
    return ":".join(f"{byte:02X}" for byte in digest)
