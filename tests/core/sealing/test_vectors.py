"""The test vectors of the documentation, against the product and a second implementation."""

import hashlib
import hmac
import io
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from communicate.sealing import envelope, files, keyring, keys

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "sealing.md"
VECTORS = json.loads(PAGE.read_text().split("```json\n")[1].split("```")[0])
SECRET = bytes.fromhex(VECTORS["secret"])
SALT = bytes.fromhex(VECTORS["salt"])
OWNER = (VECTORS["uid"], VECTORS["kind"])
BOUND_TO = bytes.fromhex(VECTORS["associated"])


def hkdf(secret, info, salt=bytes(32)):
    """HKDF-SHA-256 for one block of output, as RFC 5869 writes it."""
    extracted = hmac.digest(salt, secret, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")


def gcm(key, nonce, data, bound_to):
    encryptor = Cipher(algorithms.AES(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound_to)
    return encryptor.update(data) + encryptor.finalize() + encryptor.tag


def pattern(length):
    return bytes(i % 251 for i in range(length))


@pytest.fixture
def member_key():
    return keys.MemberKey(SECRET)


@pytest.fixture
def fixed(monkeypatch):
    """Return what makes a module draw the given bytes instead of random ones."""
    return lambda module, drawn: monkeypatch.setattr(module, "urandom", lambda size: drawn[:size])


class TestKeys:
    def test_a_seal_is_bound_to_owner_and_kind(self):
        assert keys.associated(*OWNER) == BOUND_TO
        assert VECTORS["uid"].to_bytes(8, "big") + VECTORS["kind"].encode() == BOUND_TO

    def test_the_key_id(self, member_key):
        assert member_key.id.hex() == VECTORS["key_id"]
        assert hkdf(SECRET, b"communicate/key-id")[:4] == member_key.id

    def test_the_key_of_envelopes(self):
        assert keys.derive(SECRET, "envelope/v1").hex() == VECTORS["envelope_key"]
        assert hkdf(SECRET, b"communicate/envelope/v1").hex() == VECTORS["envelope_key"]

    def test_the_key_of_a_file(self):
        assert keys.derive(SECRET, "file/v1", SALT).hex() == VECTORS["file_key"]
        assert hkdf(SECRET, b"communicate/file/v1", SALT).hex() == VECTORS["file_key"]

    def test_the_key_of_a_use_and_its_hmac(self, member_key):
        use = VECTORS["use"]
        key = member_key.for_use(use["label"])
        assert key.hex() == use["key"]
        assert hkdf(SECRET, b"communicate/use/" + use["label"].encode()) == key
        assert hmac.digest(key, use["data"].encode(), "sha256").hex() == use["hmac"]


class TestWrapping:
    WRAP = VECTORS["wrap"]
    MASTER = bytes.fromhex(WRAP["master"])

    def test_the_product_wraps_so(self, fixed):
        fixed(keys, bytes.fromhex(self.WRAP["nonce"]))
        assert keys.wrap(self.MASTER, VECTORS["uid"], SECRET).hex() == self.WRAP["wrapped"]

    def test_the_product_unwraps_it(self):
        wrapped = bytes.fromhex(self.WRAP["wrapped"])
        assert keys.unwrap(self.MASTER, VECTORS["uid"], wrapped) == SECRET

    def test_the_second_implementation_agrees(self):
        nonce = bytes.fromhex(self.WRAP["nonce"])
        sealed = gcm(self.MASTER, nonce, SECRET, VECTORS["uid"].to_bytes(8, "big"))
        assert (b"\x01" + nonce + sealed).hex() == self.WRAP["wrapped"]

    def test_the_fingerprint_of_the_master_key(self):
        assert keyring.fingerprint(self.MASTER).hex() == self.WRAP["fingerprint"]
        assert hkdf(self.MASTER, b"communicate/master-id")[:8].hex() == self.WRAP["fingerprint"]


@pytest.mark.parametrize("vector", VECTORS["envelopes"], ids=lambda vector: repr(vector["text"]))
class TestEnvelopes:
    def test_the_product_seals_so(self, vector, member_key, fixed):
        fixed(envelope, bytes.fromhex(vector["nonce"]))
        sealed = envelope.seal_envelope(member_key, *OWNER, vector["text"].encode())
        assert sealed.hex() == vector["envelope"]

    def test_the_product_opens_it(self, vector, member_key):
        opened = envelope.open_envelope(member_key, *OWNER, bytes.fromhex(vector["envelope"]))
        assert opened.decode() == vector["text"]

    def test_the_second_implementation_agrees(self, vector):
        nonce, key = bytes.fromhex(vector["nonce"]), bytes.fromhex(VECTORS["envelope_key"])
        sealed = gcm(key, nonce, vector["text"].encode(), BOUND_TO)
        assert "01" + VECTORS["key_id"] + (nonce + sealed).hex() == vector["envelope"]


@pytest.mark.parametrize("vector", VECTORS["files"], ids=lambda vector: vector["length"])
class TestFiles:
    def test_the_product_seals_so(self, vector, member_key, fixed):
        fixed(files, SALT)
        out = io.BytesIO()
        source = io.BytesIO(pattern(vector["length"]))
        files.seal_file(source, files.SealedWriter(out, member_key, *OWNER))
        self.check(vector, out.getvalue())

    def test_the_second_implementation_agrees(self, vector, member_key):
        data, key = pattern(vector["length"]), bytes.fromhex(VECTORS["file_key"])
        chunks = [data[at : at + 65536] for at in range(0, len(data), 65536)] or [b""]
        sealed = b"\x01" + bytes.fromhex(VECTORS["key_id"]) + SALT
        for index, chunk in enumerate(chunks):
            nonce = index.to_bytes(11, "big") + bytes([index == len(chunks) - 1])
            sealed += gcm(key, nonce, chunk, BOUND_TO)
        self.check(vector, sealed)
        reader = files.SealedReader(io.BytesIO(sealed), member_key, *OWNER)
        assert b"".join(reader.pieces()) == data

    def check(self, vector, sealed):
        assert len(sealed) == vector["sealed_length"]
        assert hashlib.sha256(sealed).hexdigest() == vector["sealed_sha256"]


def test_a_whole_file_in_full(member_key):
    sealed = io.BytesIO(bytes.fromhex(VECTORS["file_of_5"]))
    reader = files.SealedReader(sealed, member_key, *OWNER)
    assert b"".join(reader.pieces()) == pattern(5)
