"""Text from bytes whose declared encoding may be wrong, unknown or missing."""

import base64
import binascii
import codecs
import quopri
import re
import unicodedata
from functools import lru_cache

ALIASES = {
    "ascii": "utf-8",  # where it is ASCII indeed, it is the same
    "us-ascii": "utf-8",
    "utf8": "utf-8",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac-roman",
}
# Python knows them as encodings of text; no mail means them.
NO_CHARSETS = {"unicode-escape", "raw-unicode-escape", "idna", "punycode", "undefined", "palmos"}
_ENCODED = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"(\?=)\s+(?==\?[^?\s]{1,40}\?[bBqQ]\?)")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_SPACES = re.compile(r"\s+")


@lru_cache(256)
def codec_of(charset: str | None) -> str | None:
    """Return the name of Python's codec for *charset*, or None where there is none."""
    name = (charset or "").strip(" \"'\t;").lower().partition("*")[0]
    name = ALIASES.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    is_text = getattr(found, "_is_text_encoding", True)
    return found.name if is_text and found.name not in NO_CHARSETS else None


def to_text(data: bytes, charset: str | None = None) -> str:
    """Return *data* as text: by its *charset*, else UTF-8, else as Windows writes the West."""
    codec = codec_of(charset)
    for name in dict.fromkeys(filter(None, (codec, "utf-8"))):
        try:
            return data.decode(name)
        except (UnicodeError, ValueError):
            continue
    # What is nearly right in its own charset is better than what is wrong in another.
    if codec in (None, "utf-8") or codec == "cp1252":
        return data.decode("cp1252", "replace")
    return data.decode(codec, "replace")


def clean(text: str) -> str:
    """Return *text* composed (NFC), without control characters but tab and line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return _CONTROL.sub("", text)
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))


def header(value: str) -> str:
    """Return a header's *value* as one line of text, its encoded words (RFC 2047) decoded.

    *value* is as the parser gives it: bytes beyond ASCII are escaped as surrogates.
    """
    if not value.isascii():
        value = to_text(value.encode("utf-8", "surrogateescape"))
    if "=?" in value:
        value = decoded_words(value)
    return _SPACES.sub(" ", clean(value)).strip()


def decoded_words(value: str) -> str:
    """Return *value* with its encoded words decoded; those that cannot be stay as they are.

    Neighbours in one charset are put together first: some mailers cut a letter in two.
    """
    value = _BETWEEN.sub(r"\1", value)
    found, done = [], 0
    charset, data = "", b""
    for match in _ENCODED.finditer(value):
        part = _bytes_of(match[2], match[3])
        if part is None:
            continue
        if match.start() != done or match[1].lower() != charset:
            found += [to_text(data, charset), value[done : match.start()]]
            charset, data = match[1].lower(), b""
        data += part
        done = match.end()
    return "".join([*found, to_text(data, charset), value[done:]])


def _bytes_of(encoding: str, text: str) -> bytes | None:
    raw = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return quopri.decodestring(raw, header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return None
