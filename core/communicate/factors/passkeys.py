"""Passkeys (W3C Web Authentication, level 2): what browsers are asked, and what they answer.

The site's name and origin come from ``communicate.url``; attestation is not asked for.  Answers
are bytes from a stranger: whatever is wrong with one, it is `BadPasskey`.
"""

import ipaddress
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json,
    parse_authentication_credential_json,
)
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

TIMEOUT = 120_000  # ms that a browser waits for its member
LONGEST = 20_000  # characters of an answer that is looked at
PREFERRED = UserVerificationRequirement.PREFERRED
REQUIRED = UserVerificationRequirement.REQUIRED
TRANSPORTS = {transport.value for transport in AuthenticatorTransport}
PORTS = {"https": 443, "http": 80}


class BadPasskey(ValueError):
    """What came from a browser is no proof."""


class Copied(BadPasskey):
    """The passkey counts backwards: there is a copy of it."""


@dataclass(frozen=True)
class Credential:
    """A passkey as the site keeps it: its id, its public key (COSE), and how it is reached."""

    id: bytes
    key: bytes
    transports: tuple[str, ...] = ()

    def text(self) -> str:
        """Return it as text, to be sealed."""
        parts = [bytes_to_base64url(self.id), bytes_to_base64url(self.key), [*self.transports]]
        return json.dumps(parts)

    @classmethod
    def read(cls, text: str) -> "Credential":
        """Return what `text` wrote."""
        name, key, transports = json.loads(text)
        return cls(base64url_to_bytes(name), base64url_to_bytes(key), tuple(transports))

    @property
    def descriptor(self) -> PublicKeyCredentialDescriptor:
        """What tells a browser which one is meant."""
        ways = [AuthenticatorTransport(way) for way in self.transports]
        return PublicKeyCredentialDescriptor(id=self.id, transports=ways or None)


@dataclass(frozen=True)
class Place:
    """The site as passkeys know it: its host name, and the origin of its pages."""

    host: str
    origin: str
    name: str
    usable: bool

    def creation(
        self, challenge: bytes, handle: bytes, login: str, known: Iterable[Credential]
    ) -> str:
        """Return, in JSON, what a browser is asked for a new passkey; not one of *known*."""
        options = webauthn.generate_registration_options(
            rp_id=self.host,
            rp_name=self.name,
            user_id=handle,
            user_name=login,
            challenge=challenge,
            timeout=TIMEOUT,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED, user_verification=PREFERRED
            ),
            exclude_credentials=[one.descriptor for one in known],
        )
        return str(options_to_json(options))

    def request(self, challenge: bytes, known: Iterable[Credential] = ()) -> str:
        """Return, in JSON, what a browser is asked for a proof by one of *known*.

        Without any, the browser offers those that it holds, and must know its member by a PIN or
        the like: such a proof stands for the password too.
        """
        allowed = [one.descriptor for one in known]
        options = webauthn.generate_authentication_options(
            rp_id=self.host,
            challenge=challenge,
            timeout=TIMEOUT,
            allow_credentials=allowed,
            user_verification=PREFERRED if allowed else REQUIRED,
        )
        return str(options_to_json(options))

    def created(self, answer: str, challenge: bytes) -> tuple[Credential, int]:
        """Return the new passkey that *answer* brings and what it counts; raise BadPasskey."""
        try:
            found = webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self.host,
                expected_origin=self.origin,
            )
            ways = json.loads(answer)["response"].get("transports") or ()
            transports = tuple(way for way in ways if way in TRANSPORTS)
        except Exception as error:
            raise BadPasskey("the browser's answer makes no passkey") from error
        credential = Credential(found.credential_id, found.credential_public_key, transports)
        return credential, found.sign_count

    def proved(
        self, answer: str, challenge: bytes, known: Credential, counter: int, *, alone: bool
    ) -> int:
        """Return what *known* counts after the proof in *answer*; raise BadPasskey or Copied.

        *alone*, without a password, it must have known its member.
        """
        try:
            found = webauthn.verify_authentication_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=self.host,
                expected_origin=self.origin,
                credential_public_key=known.key,
                credential_current_sign_count=0,  # judged below, once the signature is known
                require_user_verification=alone,
            )
        except Exception as error:
            raise BadPasskey("the browser's answer proves nothing") from error
        if (counter or found.new_sign_count) and found.new_sign_count <= counter:
            raise Copied("this passkey counts backwards")
        return found.new_sign_count


@dataclass(frozen=True)
class Claim:
    """Which passkey an answer says that it is, and whose; unproved."""

    id: bytes
    handle: bytes

    @classmethod
    def of(cls, answer: str) -> "Claim":
        """Return what *answer* says; raise BadPasskey."""
        try:
            found = parse_authentication_credential_json(answer)
        except Exception as error:
            raise BadPasskey("the browser's answer cannot be read") from error
        return cls(found.raw_id, found.response.user_handle or b"")


def place(settings: dict[str, Any]) -> Place:
    """Return the site as passkeys know it.

    Browsers make passkeys for names, not for numeric addresses, and only over https or on one's
    own machine.
    """
    parts = urlsplit(settings["communicate.url"])
    host = parts.hostname or ""
    port = parts.port if parts.port != PORTS[parts.scheme] else None
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    near = host == "localhost" or host.endswith(".localhost")
    usable = (parts.scheme == "https" or near) and not _is_number(host)
    return Place(host, origin, settings["communicate.name"], usable)


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
