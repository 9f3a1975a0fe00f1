"""People as they are written into fields: read from what is typed, written for people and headers.

Nothing that is typed can end a header field or name a further address: signs that cannot be seen
are left out, names that could mislead a reader of headers are quoted or encoded.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import NamedTuple

LONGEST_NAME = 200  # characters
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_PHRASE = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")  # atoms (RFC 5322, 3.2.3) and blanks
_SPECIAL = re.compile(r'[()<>\[\]:;@\\,."]')
_ENDS = ",;\n"
PIECE = 42  # octets: an encoded word has 75 signs at most (RFC 2047, 2)


class Person(NamedTuple):
    """Whom a message is from or for: an address and, perhaps, what its owner is called."""

    name: str
    address: str

    def __str__(self) -> str:
        """Return it as people write and read it."""
        if not self.name:
            return self.address
        name = quoted(self.name) if _SPECIAL.search(self.name) else self.name
        return f"{name} <{self.address}>"

    @property
    def encoded(self) -> str:
        """It as a header field holds it, in ASCII but for the address."""
        name = phrase(self.name)
        return f"{name} <{self.address}>" if name else self.address


def named(name: str) -> str:
    """Return *name* on one line, without signs that cannot be seen, and not too long."""
    return " ".join(_HIDDEN.sub("", name.replace("\n", " ")).split())[:LONGEST_NAME].strip()


def quoted(name: str) -> str:
    """Return *name* between quotation marks (RFC 5322, 3.2.4)."""
    inner = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'


def phrase(name: str) -> str:
    """Return *name* as a header field holds it: as it is, quoted, or encoded (RFC 2047)."""
    name = named(name)
    if not name.isascii() or "=?" in name or len(name) > 70:
        return "\r\n ".join(f"=?utf-8?b?{b64encode(each).decode()}?=" for each in _cut(name))
    return name if _PHRASE.fullmatch(name) or not name else quoted(name)


def _cut(name: str) -> Iterator[bytes]:
    """Yield *name* in UTF-8, in pieces of whole characters."""
    piece = b""
    for sign in name:
        one = sign.encode()
        if len(piece) + len(one) > PIECE:
            yield piece
            piece = b""
        piece += one
    yield piece


def field(name: str, people: Iterable[Person]) -> str:
    """Return the header field of that *name*, each of *people* on a line of its own."""
    return f"{name}: " + ",\r\n ".join(one.encoded for one in people) + "\r\n"


def typed(text: str) -> list[Person]:
    """Return whom *text* names, as it was typed: an address may still be none, or a login.

    Between two stands a comma, a semicolon, or a line end; a blank, where no name is written.
    """
    return [person for piece in _pieces(text) for person in _in_piece(piece)]


def _pieces(text: str) -> Iterator[str]:
    """Yield what stands between commas that are in no quotation and no brackets."""
    start, inside, escaped = 0, "", False
    for at, sign in enumerate(text):
        if escaped:
            escaped = False
        elif inside == '"':
            escaped = sign == "\\"
            inside = "" if sign == '"' else inside
        elif inside == "<":
            inside = "" if sign == ">" else inside
        elif sign in '"<':
            inside = sign
        elif sign in _ENDS:
            yield text[start:at]
            start = at + 1
    yield text[start:]


def _in_piece(piece: str) -> Iterator[Person]:
    before, bracket, after = piece.rpartition("<")
    if bracket and after.rstrip().endswith(">"):
        yield Person(named(_unquoted(before.strip())), after.rstrip()[:-1].strip())
    else:
        yield from (Person("", word) for word in piece.split())


def _unquoted(name: str) -> str:
    if len(name) > 1 and name[0] == name[-1] == '"':
        return re.sub(r"\\(.)", r"\1", name[1:-1], flags=re.DOTALL)
    return name
