"""An authenticator in software, as a browser would use it: EC P-256, attestation "none"."""

import hashlib
import json
import secrets
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ORIGIN, HOST = "http://localhost", "localhost"


class SoftKey:
    """One passkey; change its attributes to make answers that no honest key gives."""

    def __init__(self, counter: int = 1, *, verified: bool = True) -> None:
        self.id = secrets.token_bytes(32)
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.counter = counter
        self.flags = PRESENT | (VERIFIED if verified else 0)
        self.origin, self.host = ORIGIN, HOST
        self.handle = b""

    def create(self, question: str) -> str:
        """Answer what a browser is asked for a new passkey."""
        asked = json.loads(question)
        self.handle = base64url_to_bytes(asked["user"]["id"])
        key = self.id
        attested = bytes(16) + len(key).to_bytes(2, "big") + key + self.cose()
        data = self.data(self.flags | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self.client("webauthn.create", asked["challenge"])
        said = {"clientDataJSON": client, "attestationObject": attestation}
        return self.answer(said, transports=["internal", "nonsense"])

    def get(self, question: str) -> str:
        """Answer what a browser is asked for a proof."""
        self.counter += 1
        client = self.client("webauthn.get", json.loads(question)["challenge"])
        data = self.data(self.flags)
        signed = data + hashlib.sha256(client).digest()
        signature = self.private.sign(signed, ec.ECDSA(SHA256()))
        return self.answer(
            {
                "clientDataJSON": client,
                "authenticatorData": data,
                "signature": signature,
                "userHandle": self.handle,
            }
        )

    def client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def data(self, flags: int) -> bytes:
        host = hashlib.sha256(self.host.encode()).digest()
        return host + bytes([flags]) + self.counter.to_bytes(4, "big")

    def cose(self) -> bytes:
        numbers = self.private.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        return bytes(cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y}))

    def answer(self, said: dict[str, bytes], **more: Any) -> str:
        name = bytes_to_base64url(self.id)
        response = {field: bytes_to_base64url(value) for field, value in said.items()} | more
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
