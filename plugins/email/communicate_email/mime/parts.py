"""A message and its parts: where each stands among the octets, and what its header says of it."""

from dataclasses import dataclass, field
from functools import cached_property

from communicate_email.mime import transfer
from communicate_email.mime.encoded import text
from communicate_email.mime.fields import Fields
from communicate_email.mime.filenames import safe
from communicate_email.mime.limits import MAX_ADDRESSES
from communicate_email.mime.params import Pairs, decoded, pairs
from communicate_email.mime.people import Box, boxes


@dataclass(eq=False)
class Part:
    """One part of *raw*: its header from *start*, its body from *body*, both before *end*.

    *number* is what IMAP calls it (RFC 3501, 6.4.5): empty for the message itself.  The line end
    before a boundary belongs to the boundary.
    """

    raw: bytes = field(repr=False)
    number: str
    start: int
    body: int
    end: int
    fields: Fields = field(repr=False)
    type: str = "text"
    subtype: str = "plain"
    parts: list["Part"] = field(default_factory=list)
    message: "Part | None" = None  # what a message/rfc822 holds

    @property
    def media(self) -> str:
        """Its type as one word, as ``text/plain``."""
        return f"{self.type}/{self.subtype}"

    @property
    def size(self) -> int:
        """Octets of the body as it stands."""
        return self.end - self.body

    @property
    def lines(self) -> int:
        """Lines of the body as it stands."""
        return self.raw.count(b"\n", self.body, self.end)

    @property
    def header_bytes(self) -> bytes:
        """The header, with the blank line after it."""
        return self.raw[self.start : self.body]

    @property
    def body_bytes(self) -> bytes:
        """The body as it stands, still encoded."""
        return self.raw[self.body : self.end]

    @property
    def octets(self) -> bytes:
        """The body without its transfer encoding."""
        return transfer.decoded(self.body_bytes, self.encoding)

    @cached_property
    def encoding(self) -> str:
        """How the body is encoded, in lower case."""
        return transfer.encoding(self.fields.first(b"content-transfer-encoding"))

    @cached_property
    def raw_params(self) -> Pairs:
        """The parameters of its type as they stand."""
        return pairs(self.fields.first(b"content-type") or b"")

    @cached_property
    def params(self) -> dict[str, str]:
        """The parameters of its type as they are to be read."""
        return decoded(self.raw_params)

    @cached_property
    def raw_disposition(self) -> tuple[bytes, Pairs] | None:
        """What its Content-Disposition says, with the parameters as they stand."""
        value = self.fields.first(b"content-disposition")
        kind = value.partition(b";")[0].strip().lower() if value else b""
        return (kind, pairs(value or b"")) if kind else None

    @property
    def disposition(self) -> str:
        """``attachment``, ``inline``, or empty where its header says neither."""
        kind = self.raw_disposition[0] if self.raw_disposition else b""
        if kind in (b"", b"inline"):
            return kind.decode()
        # RFC 2183, 2.8: what is unknown is an attachment; what is no word at all says nothing.
        return "attachment" if kind.isalpha() or b"attachment" in kind else ""

    @cached_property
    def filename(self) -> str:
        """The name its header gives it, fit for a file; empty where there is none."""
        said = decoded(self.raw_disposition[1]) if self.raw_disposition else {}
        return safe(said.get("filename") or said.get("name") or self.params.get("name", ""))

    @property
    def charset(self) -> str:
        """The charset its header declares, in lower case; empty where there is none."""
        return self.params.get("charset", "").lower()

    def people(self, name: bytes) -> list[Box]:
        """Return the addresses of all fields called *name* (lower case), as they stand."""
        if name not in self._people:
            values = self.fields.all(name)
            self._people[name] = [box for value in values for box in boxes(value)][:MAX_ADDRESSES]
        return self._people[name]

    @cached_property
    def _people(self) -> dict[bytes, list[Box]]:
        return {}

    @property
    def id(self) -> str:
        """Its Content-ID without the angles, as ``cid:`` names it."""
        return text(self.fields.first(b"content-id") or b"").strip("<> ")

    @property
    def description(self) -> str:
        """Its Content-Description."""
        return text(self.fields.first(b"content-description") or b"")
