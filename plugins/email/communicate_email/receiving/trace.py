"""The lines that every machine leaves on a message (RFC 5321, 4.4), and loops."""

import re
import secrets
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple

AUTHENTICATION = b"authentication-results"
MARKS = b"x-communicate-"  # what we say ourselves of what was not looked at
_FOLD = re.compile(rb"\r\n(?![ \t])")
_ODD = re.compile(r"[^A-Za-z0-9._:\-\[\]]")
_PARTS = re.compile(r"[()]|(?:\\.|[^()\\])+|\\")


class Head(NamedTuple):
    """What the header of a message says of its way, and the message without what is not true here.

    *raw* has lost who it was said to be returned to, and what others said in our name.
    """

    raw: bytes
    received: int
    delivered: frozenset[str]


def fields_of(raw: bytes) -> tuple[list[bytes], bytes]:
    """Return the fields of the header of *raw*, folded as they are, and all from its end on."""
    end = 0 if raw.startswith(b"\r\n") else raw.find(b"\r\n\r\n")
    if end <= 0:
        return ([], raw) if end == 0 else (_FOLD.split(raw.removesuffix(b"\r\n")), b"")
    return _FOLD.split(raw[:end]), raw[end + 2 :]


def own_of(raw: bytes) -> Iterator[bytes]:
    """Yield the fields that this machine put on top of *raw* when it took it in."""
    for field in fields_of(raw)[0]:
        if field[:9].lower() == b"received:":
            return
        yield field


def look(raw: bytes, authserv: str) -> Head:
    """Return what the header of *raw* says; *authserv* is how we call ourselves in results."""
    fields, rest = fields_of(raw)
    kept, received, delivered = [], 0, set()
    for field in fields:
        name = field.partition(b":")[0].strip().lower()
        if name == b"received":
            received += 1
        elif name == b"delivered-to":
            delivered.add(value(field).lower())
        if not is_ours(name, field, authserv.lower()):
            kept.append(field)
    if len(kept) < len(fields):
        raw = b"".join(field + b"\r\n" for field in kept) + rest
    return Head(raw, received, frozenset(delivered))


def is_ours(name: bytes, field: bytes, authserv: str) -> bool:
    """Tell whether only this machine may say what *field* says."""
    if name == b"return-path" or name.startswith(MARKS):
        return True
    return name == AUTHENTICATION and identifier(value(field)) == authserv


def value(field: bytes) -> str:
    """Return what stands after the name of *field*, on one line."""
    return " ".join(field.partition(b":")[2].decode("utf-8", "replace").split())


def identifier(results: str) -> str:
    """Return whose *results* these are (RFC 8601, 2.2), in lower case."""
    depth = 0
    for found in _PARTS.finditer(results):
        part = found[0]
        if part in "()":
            depth = depth + 1 if part == "(" else max(0, depth - 1)
        elif not depth and part.strip():
            words = part.partition(";")[0].replace('"', " ").split()
            return words[0].lower() if words else ""
    return ""


def received(host: str, helo: str, peer: str, spoken: str, now: datetime) -> bytes:
    """Return the line that says how a message came to *host*."""
    name = _ODD.sub("?", helo) or "unknown"
    literal = f"IPv6:{peer}" if ":" in peer else peer
    brought = f"{name} ([{literal}])" if peer else name
    number = secrets.token_hex(8)
    return (
        f"Received: from {brought}\r\n\tby {host} with {spoken} id {number};\r\n"
        f"\t{format_datetime(now)}\r\n"
    ).encode("ascii")


def results_of(fields: list[bytes]) -> Iterator[str]:
    """Yield the results of checks that *fields* state."""
    for field in fields:
        if field.partition(b":")[0].strip().lower() == AUTHENTICATION:
            yield value(field)
