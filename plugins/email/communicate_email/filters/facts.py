"""What a script may ask about one message."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from communicate_email import mime
from communicate_email.filters.limits import MAX_VALUE
from communicate_email.mime import plaintext


def _nowhere(_mailbox: str) -> bool:
    return False


@dataclass
class Facts:
    """A message with its envelope; *exists* tells whether its member has a mailbox."""

    message: mime.Part
    sender: str = ""
    recipient: str = ""
    exists: Callable[[str], bool] = field(default=_nowhere, repr=False)

    def header(self, name: str) -> list[str]:
        """Return the values of the fields called *name*, as they are to be read."""
        found = self.message.fields.all(name.lower().encode("utf-8", "replace"))
        return [mime.text(value, longest=MAX_VALUE) for value in found]

    def addresses(self, name: str) -> list[str]:
        """Return the addresses of the fields called *name*."""
        boxes = self.message.people(name.lower().encode("utf-8", "replace"))
        return [
            (box.local + (b"@" + box.host if box.host else b"")).decode("utf-8", "replace")
            for box in boxes
            if box.local
        ]

    @property
    def size(self) -> int:
        """Octets of the message."""
        return self.message.end - self.message.start

    @cached_property
    def texts(self) -> list[str]:
        """The texts of the message, those of HTML without tags (RFC 5173, 5.3)."""
        return list(_bounded(_texts(self.message)))

    @property
    def raw_body(self) -> str:
        """The body as it stands."""
        return self.message.body_bytes[:MAX_VALUE].decode("utf-8", "replace")


def _texts(message: mime.Part) -> Iterable[str]:
    for part in mime.walk(message):
        if part.type == "text" and not part.parts:
            said = mime.decode(part.octets[: MAX_VALUE * 4], part.charset)
            yield plaintext.of_html(said) if part.subtype == "html" else said


def _bounded(texts: Iterable[str]) -> Iterable[str]:
    left = MAX_VALUE
    for text in texts:
        if left <= 0:
            return
        yield text[:left]
        left -= len(text)
