"""Octets to text: in the declared charset, as UTF-8, as what they look like, as Windows-1252."""

import re
from encodings.aliases import aliases
from functools import lru_cache

from communicate_email.mime.limits import GUESSED_FROM

# Codecs that make no text, take long, or mean something else in a message.
_UNFIT = {
    "base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec",
    "mbcs", "oem", "idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape",
}  # fmt: skip

# What senders call by these names is the larger set, as browsers take it (WHATWG Encoding).
_MEANT = {
    "ascii": "cp1252", "latin_1": "cp1252", "iso8859_9": "cp1254", "iso8859_11": "cp874",
    "tis_620": "cp874", "euc_kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "big5": "big5hkscs",
}  # fmt: skip
_OTHERS = {
    "iso_8859_8_i": "iso8859_8", "iso_8859_8_e": "iso8859_8", "x_sjis": "cp932",
    "x_euc_jp": "euc_jp", "x_gbk": "gb18030", "x_big5": "big5hkscs", "utf8mb4": "utf_8",
    "x_mac_roman": "mac_roman", "macintosh": "mac_roman", "windows_874": "cp874",
    "x_windows_949": "cp949", "unicode_1_1_utf_7": "utf_7", "utf_8": "utf_8", "cp932": "cp932",
    "koi8_u": "koi8_u", "koi8_r": "koi8_r", "cp874": "cp874", "mac_cyrillic": "mac_cyrillic",
}  # fmt: skip
_NAMES = frozenset(aliases.values())
_SURROGATES = re.compile("[\ud800-\udfff]")
_LONGEST_NAME = 40


@lru_cache(maxsize=256)
def codec(charset: str) -> str | None:
    """Return the name of Python's codec for *charset*, or None where there is none that is fit.

    Names are looked up in tables only: `codecs.lookup` would remember every name ever tried.
    """
    name = charset[:_LONGEST_NAME].strip().strip("\"'").lower().replace("-", "_").replace(" ", "_")
    for known in (name, name.removeprefix("x_"), name.replace(".", "_"), name.replace(":", "_")):
        if known in _OTHERS:
            return _OTHERS[known]
        found = aliases.get(known, known if known in _NAMES else None)
        if found and found not in _UNFIT:
            return _MEANT.get(found, found)
    return None


def decode(data: bytes, charset: str = "", *, guess: bool = False) -> str:
    """Return *data* as text; what cannot be read is replaced.  Always valid Unicode.

    *guess* allows to look at the octets for what else they may be.
    """
    name = codec(charset) if charset else None
    for each in (name, "utf_8"):
        if each and (text := _strictly(data, each)) is not None:
            return text
    if name and (text := _nearly(data, name)) is not None:
        return text
    if guess and (guessed := _guess(data)) and (text := _nearly(data, guessed)) is not None:
        return text
    return data.decode("cp1252", "replace")


def _strictly(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
    except ValueError:
        return None
    return _whole(text)


def _nearly(data: bytes, name: str) -> str | None:
    """Return *data* in codec *name* if but few octets do not fit: a cut or a damaged character."""
    text = data.decode(name, "replace")
    return _whole(text) if text.count("\ufffd") <= 1 + len(text) // 100 else None


def _whole(text: str) -> str:
    """Return *text* without halves of characters, as UTF-7 can write them."""
    return text if text.isascii() else _SURROGATES.sub("\ufffd", text)


def _guess(data: bytes) -> str | None:
    """Return the codec that a sample of *data* looks like, or None."""
    from charset_normalizer import from_bytes  # costs 50 ms to import, and is seldom asked

    first = next((at for at, octet in enumerate(data[:65536]) if octet > 127), 0)
    sample = data[max(0, first - GUESSED_FROM // 2) :][:GUESSED_FROM]
    best = from_bytes(sample).best()
    return codec(best.encoding) if best else None
