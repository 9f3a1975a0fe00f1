"""Addresses in header fields (RFC 5322, 3.4), read so that no two readings can be confused.

Whatever is not written as the standard says is *odd*: it is shown, and nothing is decided by it
(CVE-2023-27043: ``alice@example.org)bob@example.com`` is not Alice's).
"""

import re
from itertools import islice
from typing import NamedTuple

from communicate_email.mime.encoded import text
from communicate_email.mime.limits import MAX_ADDRESSES, MAX_TOKENS
from communicate_email.mime.tokens import tokens

# The usual shapes, told without the rest: a name, quoted or not, before an address in angles; an
# address alone.
_USUAL = re.compile(
    rb'\s{0,9}(?:"([^"\\]{0,200})"|([\w .=?\'-]{0,200}))\s{0,9}'
    rb"<([\w.+=/-]{1,128})@([\w.-]{1,255})>\s{0,9}$",
    re.ASCII,
)
_BARE = re.compile(rb"\s{0,9}([\w.+=/-]{1,128})@([\w.-]{1,255})\s{0,9}$", re.ASCII)
_LONGEST = 600
_SPECIAL = re.compile(rb'["(),:;<>\[\]\\]')
_SEPARATORS_HIDDEN = re.compile(rb'["(:;\[]')
_ESCAPED = re.compile(rb'(["\\])')


class Box(NamedTuple):
    """One address as it stands: octets, encoded words not decoded.

    *local* is None for the begin of a group, whose name is *name*, and for its end.
    """

    name: bytes | None
    local: bytes | None
    host: bytes | None
    odd: bool = False

    @property
    def spec(self) -> bytes:
        """What letters are sent to."""
        local = self.local or b""
        if _SPECIAL.search(local) or b"@" in local or b" " in local:
            local = b'"' + _ESCAPED.sub(rb"\\\1", local) + b'"'
        return local + (b"@" + self.host if self.host else b"")


class Address(NamedTuple):
    """One address as it is to be read; an *odd* one is not to be trusted with anything."""

    name: str
    address: str
    odd: bool = False


GROUP_END = Box(None, None, None)


def boxes(value: bytes) -> list[Box]:
    """Return the addresses and groups of *value*, a field's, in their order."""
    if (box := _usual(value)) is not None:
        return [box]
    if b"," in value and not _SEPARATORS_HIDDEN.search(value):
        pieces = value.split(b",", MAX_ADDRESSES)
        return [box for piece in pieces for box in _one(piece)][:MAX_ADDRESSES]
    return _Reader().read(value)


def readable(found: list[Box], hint: str = "") -> list[Address]:
    """Return those of *found* that are addresses, as they are to be read."""
    return [
        Address(text(box.name, hint) if box.name else "", text(box.spec, hint), box.odd)
        for box in found
        if box.local is not None
    ]


def addresses(value: bytes, hint: str = "") -> list[Address]:
    """Return the addresses of *value*, a field's, as they are to be read."""
    return readable(boxes(value), hint)


def _one(piece: bytes) -> list[Box]:
    box = _usual(piece)
    return [box] if box is not None else _Reader().read(piece)


def _usual(value: bytes) -> Box | None:
    if len(value) > _LONGEST:
        return None
    if match := _BARE.match(value):
        return Box(None, match[1], match[2])
    if match := _USUAL.match(value):
        name = match[1] if match[1] is not None else match[2].strip()
        return Box(name or None, match[3], match[4])
    return None


Word = tuple[bytes, bool, bool]  # its octets, whether it was quoted, whether a blank came before


class _Reader:
    """Reads one field once, from its begin to its end."""

    def __init__(self) -> None:
        self.found: list[Box] = []
        self.in_group = False
        self.clear()

    def clear(self) -> None:
        """Begin the next address."""
        self.phrase: list[Word] = []  # what stands before angles, or where there are none
        self.angle: list[Word] | None = None  # what stands within angles
        self.comments: list[bytes] = []
        self.inside = self.blank = self.odd = False

    def read(self, value: bytes) -> list[Box]:
        """Return the addresses and groups of *value*."""
        for kind, token in islice(tokens(value), MAX_TOKENS):
            if len(self.found) >= MAX_ADDRESSES:
                break
            if kind == "sign":
                self.sign(token)
            elif kind == "comment":
                self.comments.append(token)
            elif kind == "blank":
                self.blank = True
            else:
                self.word(token, kind == "quoted")
        self.end()
        if self.in_group:
            self.found.append(GROUP_END)
        return self.found

    def sign(self, token: bytes) -> None:
        """Take one of the signs that part addresses from each other, or does not belong there."""
        if token == b">" and self.inside:
            self.inside = False
        elif token == b"<":
            self.odd = self.odd or self.angle is not None
            self.angle, self.inside, self.blank = [], True, False
        elif self.inside and token in b",:" and self.angle and self.angle[0][0][:1] == b"@":
            self.word(token, quoted=False)  # a route, <@one,@two:user@host>: passed over later
        elif token in b",;":
            self.end()
            if token == b";" and self.in_group:
                self.in_group = False
                self.found.append(GROUP_END)
        elif token == b":" and self.phrase and self.angle is None and not self.in_group:
            self.found.append(Box(_joined(self.phrase), None, None))
            self.clear()
            self.in_group = True
        else:
            self.odd = True

    def word(self, token: bytes, quoted: bool) -> None:
        """Take a word: of a name or an address, as it stands before, within or after angles."""
        words = self.angle if self.inside else self.phrase
        if words is None or (self.angle is not None and not self.inside):
            self.odd = True  # nothing belongs between an address in angles and a comma
            return
        words.append((token, quoted, self.blank and bool(words)))
        self.blank = False

    def end(self) -> None:
        """Keep the address that was read until here, if there was one."""
        odd = self.odd or self.inside
        if self.angle is not None:
            spec, name = self.angle, self.phrase
            odd = odd or any(blank for _, _, blank in spec)
        else:
            spec, name = _parted(self.phrase)
            odd = odd or bool(name)
        local, host, strange = _spec(spec)
        said = _joined(name)
        if local or host:
            said = said or b" ".join(self.comments).strip()
            self.found.append(Box(said or None, local, host or None, odd or strange))
        elif said:
            self.found.append(Box(said, b"", None, True))
        self.clear()


def _joined(words: list[Word]) -> bytes:
    """Return *words* as one, with a blank where there was any."""
    return b"".join((b" " if blank else b"") + word for word, _, blank in words).strip()


def _parted(words: list[Word]) -> tuple[list[Word], list[Word]]:
    """Part what has no angles into the address and the name before it.

    Of ``Bob Smith bob@example.com`` the last piece with an @ is taken for the address.
    """
    # Blanks around the dots of a host were allowed once.
    edges = [
        number
        for number, (word, _, blank) in enumerate(words)
        if blank and not word.startswith(b".") and words[number - 1][0] != b"."
    ]
    if not edges:
        return words, []
    stop = len(words)
    for start in reversed([0, *edges]):
        piece = words[start:stop]
        if any(b"@" in word and not quoted for word, quoted, _ in piece):
            return piece, words[:start] or words[stop:]
        stop = start
    return [], words


def _spec(words: list[Word]) -> tuple[bytes, bytes, bool]:
    """Return the local part and the host that *words* make, and whether they are odd."""
    colons = [n for n, (word, quoted, _) in enumerate(words) if word == b":" and not quoted]
    local, host, ats = b"", b"", 0
    for word, quoted, _ in words[colons[-1] + 1 if colons else 0 :]:
        before, mark, after = (b"", b"", word) if quoted else word.rpartition(b"@")
        if mark:
            local += (b"@" + host if ats else b"") + before
            host = after
            ats += word.count(b"@")
        elif ats:
            host += after
        else:
            local += after
    odd = bool(colons) or ats != 1 or not local or not host or not _fit(host)
    return local, host, odd


def _fit(host: bytes) -> bool:
    """Tell whether *host* is a name or a literal, as far as its signs go."""
    return not _SPECIAL.search(host) or (host[:1] == b"[" and not _SPECIAL.search(host[1:-1]))
