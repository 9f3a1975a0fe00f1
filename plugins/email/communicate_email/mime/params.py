"""Values with parameters, as of Content-Type (RFC 2045), long ones and those in other scripts."""

import re
from urllib.parse import unquote_to_bytes

from communicate_email.mime.charsets import decode
from communicate_email.mime.encoded import text
from communicate_email.mime.limits import MAX_PARAM, MAX_PARAMS

_PARAM = re.compile(rb';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]++|\\.)*+"?|[^;]*)', re.DOTALL)
_QUOTED = re.compile(rb"\\(.)", re.DOTALL)
_COMMENT = re.compile(rb"\s\([^()]*\)\s*$")
_SECTION = re.compile(rb"^([^*]+)(?:\*(\d{1,3}))?(\*)?$")
_TYPE = re.compile(rb"\s*([^\s/;(]+)\s*/\s*([^\s/;(]+)")
_ESCAPED = re.compile(rb"%[0-9A-Fa-f]{2}")
_LONGEST = MAX_PARAM * 20

Pairs = tuple[tuple[bytes, bytes], ...]


def media_type(value: bytes | None) -> tuple[str, str] | None:
    """Return the two halves of a Content-Type's *value* in lower case, or None."""
    match = _TYPE.match(value[:MAX_PARAM]) if value else None
    if match is None:
        return None
    return match[1].decode("ascii", "replace").lower(), match[2].decode("ascii", "replace").lower()


def pairs(value: bytes) -> Pairs:
    """Return the parameters of *value* in their order: names in lower case, values unquoted.

    The pieces of a long one are joined; one in another script keeps the ``*`` of its name, and
    its charset and percents (RFC 2231), as IMAP tells it.
    """
    whole: dict[bytes, bytes] = {}
    pieces: dict[bytes, dict[int, tuple[bool, bytes]]] = {}
    for count, match in enumerate(_PARAM.finditer(value[:_LONGEST])):
        if count == MAX_PARAMS:
            break
        name, content = match[1].lower(), _unquoted(match[2])
        section = _SECTION.match(name)
        if section and section[2]:
            piece = (bool(section[3]), content)
            pieces.setdefault(section[1], {}).setdefault(int(section[2]), piece)
            whole.setdefault(section[1] + b"*", b"")
        else:
            whole.setdefault(name, content)
    for name, found in pieces.items():
        _join(name, found, whole)
    return tuple(whole.items())


def decoded(found: Pairs, hint: str = "") -> dict[str, str]:
    """Return parameters as they are to be read."""
    result: dict[str, str] = {}
    for name, value in found:
        key = name.decode("ascii", "replace")
        if key.endswith("*"):
            result[key[:-1]] = _extended(value)
        else:
            result.setdefault(key, text(value, hint)[:MAX_PARAM])
    return result


def _unquoted(value: bytes) -> bytes:
    if value.startswith(b'"'):
        inner = value[1:-1] if len(value) > 1 and value.endswith(b'"') else value[1:]
        return _QUOTED.sub(rb"\1", inner) if b"\\" in inner else inner
    return _COMMENT.sub(b"", value).strip()


def _join(name: bytes, found: dict[int, tuple[bool, bytes]], whole: dict[bytes, bytes]) -> None:
    """Put the pieces of parameter *name* together in *whole*, up to the first that is missing."""
    extended = any(marked for marked, _ in found.values())
    joined = b""
    for number in range(len(found)):
        if number not in found:
            break
        marked, content = found[number]
        joined += content if marked or not extended else content.replace(b"%", b"%25")
    if extended:
        if not found.get(0, (False, b""))[0]:
            joined = b"''" + joined
        whole[name + b"*"] = joined
    else:
        del whole[name + b"*"]
        whole.setdefault(name, joined)


def _extended(value: bytes) -> str:
    """Return what a parameter says that was written as charset, language and percents."""
    charset, mark, rest = value.partition(b"'")
    _, second, content = rest.partition(b"'")
    if not (mark and second):
        charset, content = b"", value
    octets = unquote_to_bytes(content) if _ESCAPED.search(content) else content
    return text(decode(octets, charset.decode("ascii", "replace")).encode())[:MAX_PARAM]
