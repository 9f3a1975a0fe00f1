"""The octets of a part as they were before they were encoded for the way (RFC 2045, 6)."""

import binascii
from collections.abc import Iterable, Iterator

from communicate_email.mime.encoded import FOREIGN, base64

_IDENTITY = ("7bit", "8bit", "binary")
_PLAIN = {"7-bit": "7bit", "8-bit": "8bit", "7bits": "7bit", "8bits": "8bit"}
_UU = ("x-uuencode", "uuencode", "x-uue", "uue")


def encoding(value: bytes | None) -> str:
    """Return how a part is encoded by its Content-Transfer-Encoding's *value*, in lower case.

    ``8bit`` for what is no encoding anybody knows: it is then read as it stands.
    """
    word = named(value)
    return word if is_known(word) else "8bit"


def named(value: bytes | None) -> str:
    """Return the encoding that *value* names, in lower case, whether anybody knows it or not."""
    if not value:
        return "7bit"
    word = value.split(b";")[0].strip(b" \t\"'").decode("ascii", "replace").lower()
    word = word.split("(")[0].strip().replace(" ", "-").replace("_", "-")
    return _PLAIN.get(word, "quoted-printable" if word.startswith("quoted-printable") else word)


def is_known(word: str) -> bool:
    """Tell whether what is encoded as *word*, as `named` has it, can be decoded."""
    return word in _IDENTITY or word in ("base64", "quoted-printable") or word in _UU


def is_identity(kind: str) -> bool:
    """Tell whether a part that is encoded as *kind* holds its octets as they are."""
    return kind in _IDENTITY


def decoded(data: bytes, kind: str) -> bytes:
    """Return *data* without its transfer encoding; what is damaged is left out or as it is."""
    if kind == "base64":
        return base64(data)
    if kind == "quoted-printable":
        return binascii.a2b_qp(data)
    if kind in _UU:
        return b"".join(_uu(data.split(b"\n")))
    return data


def stream(chunks: Iterable[bytes], kind: str) -> Iterator[bytes]:
    """Yield what *chunks* of an encoded part say, holding no more than a chunk and a line."""
    if is_identity(kind):
        yield from chunks
    elif kind == "base64":
        yield from _base64_stream(chunks)
    elif kind == "quoted-printable":
        yield from (binascii.a2b_qp(lines) for lines in _whole_lines(chunks))
    else:
        yield from _uu(line for lines in _whole_lines(chunks) for line in lines.split(b"\n"))


def _base64_stream(chunks: Iterable[bytes]) -> Iterator[bytes]:
    held = b""
    for chunk in chunks:
        held += chunk.translate(None, FOREIGN)
        # What was padded ends there, and another text may follow.
        cut = held.rfind(b"=") + 1 or len(held) - len(held) % 4
        yield base64(held[:cut])
        held = held[cut:]
    yield base64(held)


_LONGEST_LINE = 64 * 1024


def _whole_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield *chunks* cut after a line's end; lines beyond all measure are cut where they are."""
    held = b""
    for chunk in chunks:
        held += chunk
        cut = held.rfind(b"\n") + 1
        if not cut and len(held) > _LONGEST_LINE:
            cut = len(held)
        if cut:
            yield held[:cut]
            held = held[cut:]
    if held:
        yield held


def _uu(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what *lines* say between ``begin`` and ``end``."""
    begun = False
    for line in lines:
        line = line.rstrip(b"\r\n")
        if not begun:
            begun = line.startswith(b"begin ")
        elif line == b"end":
            begun = False
        elif line and (said := _uu_line(line)):
            yield said


def _uu_line(line: bytes) -> bytes:
    # Some encoders write a short last line too long: what its first sign promises counts.
    signs = (((line[0] - 32) & 63) * 4 + 5) // 3
    for candidate in (line, line[:signs]):
        try:
            return binascii.a2b_uu(candidate)
        except binascii.Error:
            continue
    return b""
