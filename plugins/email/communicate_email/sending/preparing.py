"""A letter as it leaves: with the header fields it must have, without those nobody may see.

Nothing is added but what RFC 5322 asks for, and no byte of the rest is changed.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime, getaddresses

from pyramid.i18n import TranslationStringFactory

from communicate.ids import encode, new_id
from communicate_email.errors import Refused

_ = TranslationStringFactory("communicate_email")

HIDDEN = frozenset({b"bcc", b"resent-bcc", b"return-path"})
SENDERS = frozenset({b"sender", b"resent-from", b"resent-sender"})
LONGEST_HEADER = 256 * 1024  # bytes
_BARE = re.compile(rb"\r(?!\n)|(?<!\r)\n|\0")
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]\\]+@[^\s<>@,;:\"()\[\]\\]+")

LINES = _("This message ends its lines in a way that machines understand differently.")
NO_FROM = _("A message names who writes it in one line “From”: give it one.")
HEADER = _("The head of this message is too long, or is no head of a message.")


def split(raw: bytes) -> tuple[bytes, bytes]:
    """Return the header of *raw* and the rest, which begins with the empty line."""
    if raw.startswith(b"\r\n"):
        return b"", raw
    end = raw.find(b"\r\n\r\n")
    return (raw, b"") if end < 0 else (raw[: end + 2], raw[end + 2 :])


def fields(header: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the name, in lower case, and all bytes of each field, the lines it goes on in too.

    Raise Refused where there is something else.
    """
    lines = header.split(b"\r\n")
    if lines and lines[-1] == b"":
        lines.pop()
    field, name = b"", b""
    for line in lines:
        if line[:1] in (b" ", b"\t") and field:
            field += line + b"\r\n"
            continue
        if field:
            yield name, field
        match = _FIELD.match(line)
        if match is None:
            raise Refused(HEADER)
        name, field = match[1].lower(), line + b"\r\n"
    if field:
        yield name, field


def prepared(raw: bytes, host: str, moment: datetime) -> bytes:
    """Return *raw* ready to leave; raise Refused where it cannot.

    ``Bcc`` and its like are gone, ``Message-ID`` (at *host*) and ``Date`` (*moment*) are there.
    """
    if _BARE.search(raw):
        raise Refused(LINES)
    header, rest = split(raw)
    if len(header) > LONGEST_HEADER:
        raise Refused(HEADER)
    kept = [(name, field) for name, field in fields(header) if name not in HIDDEN]
    names = {name for name, _field in kept}
    added = b""
    if b"message-id" not in names:
        added += f"Message-ID: <{encode(new_id(moment))}@{host}>\r\n".encode()
    if b"date" not in names:
        added += f"Date: {format_datetime(moment)}\r\n".encode()
    whole = b"".join(field for _name, field in kept) + added + (rest or b"\r\n")
    return whole if whole.endswith(b"\r\n") else whole + b"\r\n"


def value(raw: bytes, wanted: bytes) -> str | None:
    """Return the one field *wanted* of *raw*, in lower case, on one line.

    None where there is none, or more than one.
    """
    found = [field for name, field in fields(split(raw)[0]) if name == wanted]
    if len(found) != 1:
        return None
    return _text(found[0])


def _text(field: bytes) -> str:
    text = field.partition(b":")[2].replace(b"\r\n", b"").strip()
    return text.decode("utf-8", "surrogateescape")


def authors(raw: bytes) -> list[str]:
    """Return every address that ``From`` of *raw* could be read to name; raise Refused without.

    Programs differ in how they read what is written oddly: all that any of them could take for an
    address is among these.
    """
    text = value(raw, b"from")
    if text is None:
        raise Refused(NO_FROM)
    parsed, written = _named(text)
    if not parsed or any(not _ADDRESS.fullmatch(address) for address in parsed):
        raise Refused(NO_FROM)
    return list(dict.fromkeys([*parsed, *written]))


def senders(raw: bytes) -> list[str]:
    """Return every address that a field beside ``From`` could be read to name as who sends."""
    found: list[str] = []
    for name, field in fields(split(raw)[0]):
        if name in SENDERS:
            parsed, written = _named(_text(field))
            found += [*(each for each in parsed if each), *written]
    return list(dict.fromkeys(found))


def _named(text: str) -> tuple[list[str], list[str]]:
    """Return the addresses in *text* as the standard library reads it, and as it stands there."""
    parsed = [address for _name, address in getaddresses([text])]
    return parsed, _ADDRESS.findall(_QUOTED.sub(" ", text))


def is_ascii(raw: bytes) -> bool:
    """Tell whether every byte of *raw* fits into seven bits."""
    return raw.isascii()
