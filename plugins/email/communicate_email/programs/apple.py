"""A profile for iPhone, iPad and Mac: an account that is set up by opening a file.

https://developer.apple.com/documentation/devicemanagement/mail
"""

import plistlib
import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs7

from communicate_email.programs.servers import IMAP, Server

MEDIA = "application/x-apple-aspen-config"
KINDS = {IMAP: "EmailTypeIMAP"}
POP = "EmailTypePOP"


class Person(NamedTuple):
    """Whose account it is; *password* is empty, and asked for by the device, unless it is new."""

    name: str
    address: str
    password: str = ""


def profile(
    site: str, words: Mapping[str, str], person: Person, reading: Server, writing: Server
) -> bytes:
    """Return the profile; *words* say its ``title`` and what it does, ``text``."""
    host = ".".join(reversed(reading.host.split(".")))
    name = f"{host}.mail.{person.address}"
    account = {
        **_payload("com.apple.mail.managed", f"{name}.account", words["title"]),
        "EmailAccountDescription": words["title"],
        "EmailAccountName": person.name or person.address,
        "EmailAccountType": KINDS.get(reading.kind, POP),
        "EmailAddress": person.address,
        **_server("Incoming", reading, person),
        **_server("Outgoing", writing, person),
        "OutgoingPasswordSameAsIncomingPassword": True,
    }
    whole = {
        **_payload("Configuration", name, words["title"]),
        "PayloadDescription": words["text"],
        "PayloadOrganization": site,
        "PayloadRemovalDisallowed": False,
        "PayloadContent": [account],
    }
    return plistlib.dumps(whole)


def _payload(kind: str, name: str, title: str) -> dict[str, Any]:
    """Return what each part begins with: the same account is replaced, not added once more."""
    return {
        "PayloadType": kind,
        "PayloadVersion": 1,
        "PayloadIdentifier": name,
        "PayloadUUID": str(uuid.uuid5(uuid.NAMESPACE_URL, f"mailto:{name}")).upper(),
        "PayloadDisplayName": title,
    }


def _server(way: str, one: Server, person: Person) -> dict[str, Any]:
    said: dict[str, Any] = {
        f"{way}MailServerHostName": one.host,
        f"{way}MailServerPortNumber": one.port,
        f"{way}MailServerUseSSL": True,  # by STARTTLS where that is what the port speaks
        f"{way}MailServerUsername": person.address,
        f"{way}MailServerAuthentication": "EmailAuthPassword",
    }
    if person.password:
        said[f"{way}Password"] = person.password
    return said


def signed(raw: bytes, settings: Mapping[str, Any]) -> bytes | None:
    """Return *raw* signed with the site's certificate (RFC 5652), None where that cannot be."""
    try:
        chain = x509.load_pem_x509_certificates(
            settings["communicate.tls_certificate"].read_bytes()
        )
        key: Any = load_pem_private_key(settings["communicate.tls_key"].read_bytes(), None)
        builder = pkcs7.PKCS7SignatureBuilder().set_data(raw)
        builder = builder.add_signer(chain[0], key, hashes.SHA256())
        for other in chain[1:]:
            builder = builder.add_certificate(other)
        return builder.sign(Encoding.DER, [pkcs7.PKCS7Options.Binary])
    except (OSError, ValueError, TypeError):  # no files, none of these, a key of another kind
        return None
