"""One command read from left to right (RFC 9051, section 9): atoms, strings, numbers, lists.

Nothing here calls itself, and nothing looks back: reading takes time in proportion to what came.
"""

import re
from collections.abc import Callable
from typing import TypeVar, cast

from communicate_email.imap.wire.errors import BadCommand
from communicate_email.imap.wire.framing import Literal, Parts

T = TypeVar("T")

ATOM = re.compile(rb'[^\x00-\x20(){%*"\\\]\x7f-\xff]+')
ASTRING = re.compile(rb'[^\x00-\x20(){%*"\\\x7f-\xff]+')
PATTERN = re.compile(rb'[^\x00-\x20(){"\\\x7f-\xff]+')  # with % and *, of LIST
TAG = re.compile(rb'[^\x00-\x20(){%*"\\+\x7f-\xff]{1,64}')
WORD = re.compile(rb"[A-Za-z0-9.-]+")
NUMBER = re.compile(rb"[0-9]{1,20}(?![0-9])")
QUOTED = re.compile(rb'"((?:[^\x00\r\n"\\]|\\["\\])*)"')
ESCAPED = re.compile(rb'\\(["\\])')
U32, U63 = (1 << 32) - 1, (1 << 63) - 1
MANY = 10_000  # things in one list


class Scanner:
    """What is left of one command."""

    def __init__(self, parts: Parts, *, utf8: bool = False) -> None:
        self._parts = parts
        self._part = 0  # which text is read
        self._at = 0
        self.utf8 = utf8  # whether strings are UTF-8 (RFC 6855)

    @property
    def _text(self) -> bytes:
        return self._parts[self._part]

    def peek(self) -> bytes:
        """Return the next octet; nothing where a literal follows, or the end."""
        return self._text[self._at : self._at + 1]

    @property
    def at_literal(self) -> bool:
        """Whether a literal follows."""
        return self._at == len(self._text) and self._part + 1 < len(self._parts)

    @property
    def at_end(self) -> bool:
        """Whether all was read."""
        return self._at == len(self._text) and self._part + 1 == len(self._parts)

    def match(self, pattern: "re.Pattern[bytes]") -> "re.Match[bytes] | None":
        """Return what follows where it is as *pattern* says, and go on after it."""
        found = pattern.match(self._text, self._at)
        if found is not None:
            self._at = found.end()
        return found

    def take(self, pattern: "re.Pattern[bytes]", expected: str) -> "re.Match[bytes]":
        """Return what follows, which is as *pattern* says; raise BadCommand."""
        found = self.match(pattern)
        if found is None:
            raise BadCommand(f"{expected} is expected")
        return found

    def skip(self, octet: bytes) -> bool:
        """Go past *octet* where it follows; tell whether it did."""
        if self._text.startswith(octet, self._at):
            self._at += len(octet)
            return True
        return False

    def after(self, octet: bytes) -> bool:
        """Tell whether *octet* was gone past last."""
        return self._text[: self._at].endswith(octet)

    def expect(self, octet: bytes) -> None:
        """Go past *octet*; raise BadCommand where something else follows."""
        if not self.skip(octet):
            raise BadCommand(f"{octet.decode()!r} is expected")

    def space(self) -> None:
        """Go past the one blank that is between two things."""
        if not self.skip(b" "):
            raise BadCommand("something is missing" if self.at_end else "a blank is expected")

    def end(self) -> None:
        """Raise BadCommand unless all was read."""
        if not self.at_end:
            raise BadCommand("nothing more is expected")

    # Values

    def word(self, expected: str) -> str:
        """Return a name of the protocol, in upper case."""
        return self.take(WORD, expected)[0].decode("ascii").upper()

    def atom(self) -> bytes:
        """Return an atom."""
        return self.take(ATOM, "an atom")[0]

    def literal(self) -> Literal:
        """Return the literal that follows."""
        if not self.at_literal:
            raise BadCommand("a literal is expected")
        found = self._parts[self._part + 1]
        self._part, self._at = self._part + 2, 0
        return cast(Literal, found)  # as the framer makes them

    def string(self) -> bytes:
        """Return a quoted string or a literal."""
        if self.at_literal:
            found = bytes(self.literal())
            if b"\0" in found:
                raise BadCommand("a string without NUL is expected")
            return found
        quoted = QUOTED.match(self._text, self._at)
        if quoted is None:
            raise BadCommand("a string is expected")
        self._at = quoted.end()
        return ESCAPED.sub(rb"\1", quoted[1])

    def astring(self, pattern: "re.Pattern[bytes]" = ASTRING) -> bytes:
        """Return an atom, or a string."""
        if self.at_literal or self.peek() == b'"':
            return self.string()
        return self.take(pattern, "a string")[0]

    def text(self, encoding: str = "utf-8") -> str:
        """Return what an atom or a string says; raise BadCommand where it is none."""
        try:
            return self.astring().decode(encoding)
        except UnicodeDecodeError:
            raise BadCommand(f"text in {encoding} is expected") from None

    def number(self, most: int = U32, least: int = 0) -> int:
        """Return a number from *least* to *most*."""
        found = int(self.take(NUMBER, "a number")[0])
        if not least <= found <= most:
            raise BadCommand(f"a number from {least} to {most} is expected")
        return found

    def items(self, item: Callable[[], T], *, empty: bool = False) -> list[T]:
        """Return what *item* reads, as often as it stands in the brackets that follow."""
        self.expect(b"(")
        if empty and self.skip(b")"):
            return []
        found = [item()]
        while not self.skip(b")"):
            self.space()
            found.append(item())
            if len(found) > MANY:
                raise BadCommand("this list is too long")
        return found
