"""The tokens of a field with addresses: words, quoted words, comments, signs (RFC 5322, 3.2)."""

import re
from collections.abc import Iterator

from communicate_email.mime.limits import MAX_COMMENTS

_TOKEN = re.compile(
    rb"(?P<blank>[\s\x00]+)"
    rb"|(?P<literal>\[[^\[\]\\<>]*\])"
    rb'|(?P<atom>[^\s\x00"(),:;<>\[\]]+)'
    rb"|(?P<sign>.)",
    re.DOTALL,
)
_QUOTED = re.compile(rb'"((?:[^"\\]++|\\.)*+)"', re.DOTALL)
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_IN_COMMENT = re.compile(rb"\\.|[()]", re.DOTALL)


def tokens(value: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield kind and octets of each token of *value*: those of quoted words and comments unquoted.

    A quote or parenthesis that nothing closes is a sign like any other, and so are all after it:
    each octet is looked at a few times, whatever is written.
    """
    at, length, comments, quotes = 0, len(value), True, True
    while at < length:
        octet = value[at]
        if octet == 0x22 and quotes:
            match = _QUOTED.match(value, at)
            if match:
                yield "quoted", _unescaped(match[1])
                at = match.end()
                continue
            quotes = False
        elif octet == 0x28 and comments:
            end = _end_of_comment(value, at)
            if end:
                yield "comment", _unescaped(value[at + 1 : end - 1])
                at = end
                continue
            comments = False
        found = _TOKEN.match(value, at)
        if found is None:  # cannot be: a sign is any octet
            return
        yield found.lastgroup or "sign", found[0]
        at = found.end()


def _unescaped(inner: bytes) -> bytes:
    return _ESCAPE.sub(rb"\1", inner) if b"\\" in inner else inner


def _end_of_comment(value: bytes, start: int) -> int:
    """Return where the comment ends that begins at *start*; 0 if it does not, or is too deep."""
    depth = 0
    for match in _IN_COMMENT.finditer(value, start):
        if match[0] == b"(":
            depth += 1
            if depth > MAX_COMMENTS:
                return 0
        elif match[0] == b")":
            depth -= 1
            if not depth:
                return match.end()
    return 0
