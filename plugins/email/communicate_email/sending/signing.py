"""Letters are signed in the name of the domain they are from (DKIM: RFC 6376, RFC 8463).

Private keys lie in the tree, sealed under the site's key.  A key signs once it is in use; one that
was replaced stays until it is dropped, for letters on their way are checked against its record.
"""

import base64
from dataclasses import replace
from typing import Any

import dkim
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from communicate.clock import milliseconds, now
from communicate.interfaces import ISeals
from communicate.sealing import SITE
from communicate_email.errors import Refused
from communicate_email.interfaces import IAddresses
from communicate_email.letters import Letter
from communicate_email.receiving import dkim_check  # its canonicalisations take linear time
from communicate_email.sending import preparing
from communicate_email.sending.content import SigningKey, SigningKeys
from communicate_email.sending.queue import domain_of, queue_of

KIND = "email.dkim"
assert dkim_check.Relaxed is dkim.canonicalization.ALGORITHMS[b"relaxed"]  # noqa: S101  # for both
RSA_BITS = 2048
ALGORITHMS = ("rsa", "ed25519")
# What is signed where it is there; ``From`` twice, so that a second one breaks the signature.
SIGNED = (
    b"from",
    b"from",
    b"sender",
    b"reply-to",
    b"to",
    b"cc",
    b"subject",
    b"date",
    b"message-id",
    b"in-reply-to",
    b"references",
    b"mime-version",
    b"content-type",
    b"content-transfer-encoding",
)
TEXT = 255  # octets of one string in the DNS


class Keys:
    """The keys of one request's site."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.by_domain = queue_of(request).signing

    def of(self, domain: str) -> dict[str, SigningKey]:
        """Return the keys of *domain* by selector."""
        found: SigningKeys | None = self.by_domain.get(domain)
        return {} if found is None else dict(found.keys)

    def in_use(self, domain: str) -> tuple[str, ...]:
        """Return the selectors of those that sign."""
        found: SigningKeys | None = self.by_domain.get(domain)
        return () if found is None else found.in_use

    def make(self, domain: str, algorithm: str) -> str:
        """Make a key for *domain*; return its selector.  The first of an algorithm signs at once.

        Raise Refused where mail from *domain* is not written here.
        """
        if not self.request.find_service(IAddresses).is_local(domain):
            raise Refused(f"{domain} is not among email.domain and email.domains: add it there.")
        keys: SigningKeys | None = self.by_domain.get(domain)
        if keys is None:
            keys = self.by_domain[domain] = SigningKeys()
        selector = self._free(keys, algorithm)
        public, private = made(algorithm)
        sealed = self.seals.seal(SITE, KIND, private)
        present = milliseconds(now(self.request))
        keys.keys[selector] = SigningKey(algorithm, public, sealed, present)
        if not any(keys.keys[each].algorithm == algorithm for each in keys.in_use):
            keys.in_use = (*keys.in_use, selector)
        return selector

    def _free(self, keys: SigningKeys, algorithm: str) -> str:
        name = f"{'c' if algorithm == 'rsa' else 'e'}{now(self.request):%Y%m%d}"
        number, selector = 1, name
        while selector in keys.keys:
            number += 1
            selector = f"{name}-{number}"
        return selector

    def use(self, domain: str, selector: str) -> None:
        """Sign with that key from now on, instead of others of its algorithm; raise KeyError."""
        keys: SigningKeys = self.by_domain[domain]
        key = keys.keys[selector]
        others = [s for s in keys.in_use if keys.keys[s].algorithm != key.algorithm]
        keys.in_use = (*others, selector)

    def drop(self, domain: str, selector: str) -> None:
        """Forget a key for good; raise KeyError."""
        keys: SigningKeys = self.by_domain[domain]
        del keys.keys[selector]
        keys.in_use = tuple(each for each in keys.in_use if each != selector)

    def sign(self, letter: Letter) -> Letter:
        """Return *letter* with the signatures of its domain; as it is where that has no key."""
        domain = self._domain(letter)
        head = b"".join(self._signature(letter.raw, domain, s) for s in self.in_use(domain))
        return replace(letter, raw=head + letter.raw) if head else letter

    def _domain(self, letter: Letter) -> str:
        try:
            return domain_of(preparing.authors(letter.raw)[0])
        except Refused:
            return ""

    def _signature(self, raw: bytes, domain: str, selector: str) -> bytes:
        key = self.of(domain)[selector]
        there = {name for name, _field in preparing.fields(preparing.split(raw)[0])}
        signature: bytes = dkim.sign(
            raw,
            selector.encode(),
            domain.encode(),
            self.seals.open(key.private),
            canonicalize=(b"relaxed", b"relaxed"),
            signature_algorithm=b"rsa-sha256" if key.algorithm == "rsa" else b"ed25519-sha256",
            include_headers=[name for name in SIGNED if name in there],
        )
        return signature


def made(algorithm: str) -> tuple[str, bytes]:
    """Return the public half of a new key, as the DNS has it, and the private one."""
    if algorithm == "ed25519":
        new = ed25519.Ed25519PrivateKey.generate()
        raw = new.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        secret = new.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        return base64.b64encode(raw).decode(), base64.b64encode(secret)
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return base64.b64encode(public).decode(), pem


def value(key: SigningKey) -> str:
    """Return what the DNS says of *key*."""
    return f"v=DKIM1; k={key.algorithm}; p={key.public}"


def name(domain: str, selector: str) -> str:
    """Return the name under which it says so."""
    return f"{selector}._domainkey.{domain}"


def record(domain: str, selector: str, key: SigningKey) -> str:
    """Return the line for the zone of *domain*."""
    return line(name(domain, selector), value(key))


def line(where: str, text: str) -> str:
    """Return a line of a zone: *text* at *where*, in strings of 255 octets at most."""
    parts = [text[start : start + TEXT] for start in range(0, len(text), TEXT)]
    strings = " ".join(f'"{part}"' for part in parts)
    return f"{where}. IN TXT {f'( {strings} )' if len(parts) > 1 else strings}"
