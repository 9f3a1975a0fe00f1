"""Words of other scripts in header fields, encoded (RFC 2047) or as they are (RFC 6532)."""

import binascii
import re

from communicate_email.mime.charsets import decode
from communicate_email.mime.limits import MAX_PHRASE

# An encoded word.  Some senders leave blanks within; none leaves a question mark.
_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def text(value: bytes, hint: str = "", longest: int = MAX_PHRASE) -> str:
    """Return the value of a field as it is to be read, on one line, at most *longest* characters.

    *hint* is the charset of the message, for senders who write it into headers as it is.
    """
    if len(value) > longest * 12:  # as long as it may be in encoded words
        value = value[: longest * 12]
    if value.isascii():
        found = value.decode("ascii")
    else:
        found = decode(value, "utf-8") if _is_utf8(value) else decode(value, hint)
    if "=?" in found:
        found = words(found)
    if not found.isprintable():
        found = _CONTROLS.sub(" ", found)
    return found.strip()[:longest]


def words(value: str) -> str:
    """Return *value* with its encoded words decoded; blanks between two of them do not count.

    Neighbours of the same charset are decoded together: some senders cut within a character.
    """
    pieces: list[str] = []
    held, charset, at = b"", "", 0
    for match in _WORD.finditer(value):
        between = value[at : match.start()]
        named = match[1].partition("*")[0].lower()
        if between.strip() or named != charset or not at:
            pieces.append(decode(held, charset))
            held, charset = b"", named
            if between.strip() or not at:
                pieces.append(between)
        held += _octets(match[2], match[3])
        at = match.end()
    pieces += [decode(held, charset), value[at:]]
    return "".join(pieces)


def _octets(kind: str, coded: str) -> bytes:
    data = coded.encode("utf-8", "replace")
    if kind in "bB":
        return base64(data)
    return binascii.a2b_qp(data, header=True)


def base64(data: bytes) -> bytes:
    """Return what *data* says in base64; other signs in it do not count, nor does its end."""
    return b"".join(map(_run, _runs(data)))


_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
FOREIGN = bytes(sorted(set(range(256)) - set(_ALPHABET + b"=")))


def _runs(data: bytes) -> list[bytes]:
    """Return the stretches of base64 in *data*: some senders join texts that were padded."""
    return [run for run in data.translate(None, FOREIGN).split(b"=") if run]


def _run(run: bytes) -> bytes:
    if len(run) % 4 == 1:  # a lone sign says nothing
        run = run[:-1]
    return binascii.a2b_base64(run + b"=" * (-len(run) % 4))


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
