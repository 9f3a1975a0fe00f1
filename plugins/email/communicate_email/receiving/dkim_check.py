"""DKIM (RFC 6376), by dkimpy, over what is short enough to be read in a time that is known.

dkimpy's own canonicalisation takes time by the square of a run of blanks, and so do its patterns
for fields of signatures: bodies go through one of ours, and long signatures are not looked at.
"""

import logging
import re
from typing import Any

import dkim
import dkim.canonicalization as canonical

from communicate_email.receiving import trace
from communicate_email.receiving.lookups import Questions, Unanswered
from communicate_email.receiving.results import Signed

log = logging.getLogger(__name__)

SIGNATURES = 5  # of one message
LONGEST = 4096  # octets of a signature
BLANKS = re.compile(rb"\s{40}")
FIELDS = 200  # that are signed
PIECE = 256 * 1024
_RUN = re.compile(rb"[\t ]+")
SECURE = (b"rsa-sha256", b"ed25519-sha256")  # RFC 8301, RFC 8463


class Simple(canonical.Simple):
    """dkimpy's, in linear time."""

    @staticmethod
    def canonicalize_body(body: bytes) -> bytes:
        """Return *body* with one end of line at its end."""
        return body.rstrip(b"\r\n") + b"\r\n"


class Relaxed(canonical.Relaxed):
    """dkimpy's, in linear time, and in pieces between which other threads go on."""

    @staticmethod
    def canonicalize_body(body: bytes) -> bytes:
        """Return *body* with runs of blanks as one, none at ends of lines, no empty last lines."""
        pieces, start = [], 0
        while start < len(body):
            end = body.find(b"\n", start + PIECE) + 1 or len(body)
            pieces.append(_RUN.sub(b" ", body[start:end]).replace(b" \r\n", b"\r\n"))
            start = end
        found = b"".join(pieces).rstrip(b"\r\n")
        return found + b"\r\n" if found else b""


canonical.ALGORITHMS.update({Simple.name: Simple, Relaxed.name: Relaxed})


def check(questions: Questions, raw: bytes) -> tuple[Signed, ...]:
    """Return what became of each signature of *raw*, of the first five."""
    fields, rest = trace.fields_of(raw)
    signatures = [each for each in fields if name_of(each) == b"dkim-signature"]
    others = [each for each in fields if name_of(each) != b"dkim-signature"]
    body = rest[2:]
    return tuple(
        verified(questions, each, others, body)
        for each in signatures[:SIGNATURES]
        if len(each) <= LONGEST and not BLANKS.search(each)
    )


def name_of(field: bytes) -> bytes:
    """Return the name of a header field, in lower case."""
    return field.partition(b":")[0].strip().lower()


def verified(questions: Questions, signature: bytes, others: list[bytes], body: bytes) -> Signed:
    """Return what became of *signature*."""

    def text(name: bytes, timeout: int = 0) -> bytes | None:
        found = questions.texts(name.decode("ascii"))
        return found[0] if len(found) == 1 else None

    message = b"".join(each + b"\r\n" for each in [signature, *others]) + b"\r\n"
    verifier: Any = None
    try:
        verifier = dkim.DKIM(message, logger=quiet, minkey=1024)
        verifier.body = body
        prepared = verifier.verify_headerprep(0)
        result = judged(verifier, prepared, text) if prepared else "permerror"
    except Unanswered:
        result = "temperror"
    except Exception:  # whatever a signature or a key makes of the library
        result = "fail"
    tags = getattr(verifier, "signature_fields", None) or {}
    return Signed(word(tags.get(b"d")), word(tags.get(b"s")), result, counts=b"l" not in tags)


def judged(verifier: Any, prepared: Any, text: Any) -> str:
    """Return the result of a signature that can be read."""
    tags, include, found = prepared
    if tags[b"a"] not in SECURE or len(include) > FIELDS:
        return "policy"
    return "pass" if verifier.verify_sig(tags, include, found[0], text) else "fail"


def word(tag: bytes | None) -> str:
    """Return *tag* as text in lower case."""
    return (tag or b"").decode("ascii", "replace").strip().lower()


quiet = logging.getLogger(f"{__name__}.dkimpy")
quiet.setLevel(logging.CRITICAL)  # it says addresses
