"""Commands cut out of a stream of octets (RFC 9051, section 2.2; RFC 7888).

A command is lines and literals in turn.  How many octets each may have is known before any is
kept: what is too large is refused where the client asks first, and ends the connection where it
does not (`Hopeless`), so that what a stranger makes us keep has an end.
"""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from communicate_email.imap.wire.errors import BadCommand, Hopeless, TooBig

_LITERAL = re.compile(rb"(~?)\{([0-9]{1,12})(\+?)\}\Z")
_APPEND = re.compile(rb"[^\s(){%*\"\\\]]{1,64} APPEND ", re.IGNORECASE)
_TAG = re.compile(rb"[^\x00-\x20(){%*\"\\+\x7f-\xff]{1,64}(?= )")
LITERALS = 2_000  # in one command
LARGE = 1024 * 1024  # octets of a message from which on it is not kept here
HELD = 4 * LARGE  # octets of all messages of one command beyond which none is
SMALL = 4096  # octets of a literal that is sent unasked, where LITERAL- is offered


class Literal(bytes):
    """Octets that a client announced by their number."""

    __slots__ = ()


class Literal8(Literal):
    """A literal that may hold NUL (RFC 3516)."""

    __slots__ = ()


class Kept(Literal):
    """A large literal that lies elsewhere and is empty here: *elsewhere* says where."""

    elsewhere: Any = None


Parts = list[bytes]  # text, literal, text, literal … text


class Sizes(NamedTuple):
    """What is kept of one command, in octets."""

    text: int = 8_192  # all its lines together
    literals: int = 8_192  # all its literals together, but for messages
    message: int = 0  # one message that is appended; 0: nobody may append
    messages: int = 0  # all messages of one command
    unasked: int = SMALL  # a literal that is sent without asking


@dataclass
class _Begun:
    """A command of which more is to come."""

    parts: Parts = field(default_factory=list)
    text: int = 0
    literals: int = 0
    held: int = 0  # of those, octets that are kept here
    large: bool = False  # whether the literal that comes now is kept elsewhere
    wanted: int = 0  # octets of the literal that comes now
    eight: bool = False


class Framer:
    """What cuts one client's stream; *sizes* may change between commands."""

    def __init__(self, sizes: Sizes) -> None:
        self.sizes = sizes
        self._octets = bytearray()
        self._looked = 0  # octets in which there is no end of a line
        self._begun = _Begun()
        self._reading = False  # a literal

    def feed(self, octets: bytes) -> None:
        """Keep what came."""
        self._octets += octets

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept that was not cut out yet."""
        return not self._octets and not self._begun.parts

    @property
    def tag(self) -> str:
        """The tag of the command of which more is to come, ``*`` where it has none."""
        found = _TAG.match(self._begun.parts[0]) if self._begun.parts else None
        return found.group().decode("ascii") if found else "*"

    @property
    def left(self) -> int:
        """How many octets are still to come of a literal that is kept elsewhere."""
        return self._begun.wanted if self._begun.large else 0

    @property
    def has_large(self) -> bool:
        """Whether such a literal comes now: `taken` returns its octets, `kept` ends it."""
        return self._begun.large

    def taken(self, least: int) -> bytes:
        """Return what has come of it, nothing where that is less than *least* and more comes."""
        begun = self._begun
        if len(self._octets) < min(least, begun.wanted):
            return b""
        found = bytes(self._octets[: begun.wanted])
        del self._octets[: len(found)]
        begun.wanted -= len(found)
        return found

    def kept(self, literal: Kept) -> None:
        """Have *literal* in the place of what was taken."""
        self._begun.parts.append(literal)
        self._begun.large = self._reading = False

    def line(self) -> bytes | None:
        """Return the next line without its end, None where it has not come yet.

        Raise Hopeless where it is too long.
        """
        end = self._octets.find(b"\n", self._looked)
        if end < 0:
            self._looked = len(self._octets)
            if self._looked > self.sizes.text:
                raise Hopeless("a line is too long")
            return None
        self._looked = 0
        if end > self.sizes.text:
            raise Hopeless("a line is too long")
        line = bytes(self._octets[:end])
        del self._octets[: end + 1]
        return line.removesuffix(b"\r")

    def command(self) -> Parts | None:
        """Return the next command, whole, None where more has to come.

        Where `asks` is true afterwards the client waits to be asked for the literal that it has
        announced.  Raise BadCommand where the command is refused and the next one can be read,
        Hopeless where it cannot.
        """
        self.asks = False
        while True:
            if self._reading and not self._take_literal():
                return None
            line = self.line()
            if line is None:
                return None
            if self._take_line(line):
                parts, self._begun = self._begun.parts, _Begun()
                return parts
            if self.asks:
                return None

    asks = False
    puts_away = False  # whether large messages are kept elsewhere

    def _take_literal(self) -> bool:
        """Move the literal that is awaited into the command; tell whether it was there."""
        begun = self._begun
        if begun.large or len(self._octets) < begun.wanted:
            return False
        kind = Literal8 if begun.eight else Literal
        begun.parts.append(kind(self._octets[: begun.wanted]))
        del self._octets[: begun.wanted]
        self._reading = False
        return True

    def _take_line(self, line: bytes) -> bool:
        """Add *line* to the command; tell whether that is whole now."""
        begun = self._begun
        begun.text += len(line)
        if begun.text > self.sizes.text:
            raise Hopeless("a command is too long")
        found = _LITERAL.search(line, max(0, len(line) - 20))
        if found is None:
            begun.parts.append(line)
            return True
        begun.parts.append(line[: found.start()])
        self._announced(int(found[2]), asks=not found[3], eight=bool(found[1]))
        return False

    def _announced(self, size: int, *, asks: bool, eight: bool) -> None:
        """Await a literal of *size* octets; raise where it is too large."""
        begun, sizes = self._begun, self.sizes
        appends = sizes.message and _APPEND.match(begun.parts[0])
        one, all_ = (sizes.message, sizes.messages) if appends else (sizes.literals,) * 2
        refused = size > one or begun.literals + size > all_ or len(begun.parts) > 2 * LITERALS
        if not asks and (refused or size > sizes.unasked):
            raise Hopeless("a literal is too large")
        if refused:
            tag, self._begun = self.tag, _Begun()
            raise TooBig(f"at most {one} octets can be taken here", tag)
        begun.wanted, begun.eight, begun.literals = size, eight, begun.literals + size
        much = size >= LARGE or begun.held + size > HELD
        begun.large = self.puts_away and bool(appends) and much
        begun.held += 0 if begun.large else size
        self._reading, self.asks = True, asks


__all__ = [
    "BadCommand",
    "Framer",
    "Hopeless",
    "Kept",
    "Literal",
    "Literal8",
    "Parts",
    "Sizes",
    "TooBig",
]
