"""What is told of messages: the items of FETCH as octets (RFC 9051, section 7.5.2)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from communicate_email import mime
from communicate_email.content import Mailbox
from communicate_email.imap.answers import No
from communicate_email.imap.wire import envelopes, writing
from communicate_email.imap.wire.fetching import Item, Section
from communicate_email.mime import transfer
from communicate_email.store.describing import Head, Structure
from communicate_email.store.flags import Flags
from communicate_email.store.reading import Reading
from communicate_email.store.rows import Row

TOGETHER = 64  # messages whose heads are opened at once
TIMES = 4  # the size of a message that is in memory at most to tell of it
# Old mail that a member brought may hold NUL, which only BINARY tells (RFC 9051, 4.3.1).
NUL_FREE = bytes.maketrans(b"\0", b"\x80")
LARGE = 256 * 1024  # octets from which on of a message only what is asked for is read


class Message:
    """One message that is told of: what each item needs is loaded once, when it is asked for."""

    said: Any = None  # of its envelope by its head, see `Reading.envelopes`

    def __init__(self, reading: Reading, row: Row, head: Head | None) -> None:
        self._reading = reading
        self.row = row
        self._head = head
        self._structure: Structure | None = None
        self._raw: bytes | None = None
        self._fields: tuple[tuple[int, int], mime.Fields] | None = None
        self._sizes: dict[tuple[int, int, str], int] = {}

    @property
    def head(self) -> Head:
        """What lists show of it."""
        return self._head or Head()

    @property
    def structure(self) -> Structure:
        """Where its parts are."""
        if self._structure is None:
            self._structure = self._reading.structure(self.row.id)
        return self._structure

    @property
    def envelope(self) -> Any:
        """Its envelope."""
        return self._reading.envelope(self.row, self.head)

    @property
    def written(self) -> bytes:
        """Its envelope as it is told."""
        return self._reading.written(self.row, self.said)

    def octets(self, start: int, stop: int) -> bytes:
        """Return what stands from *start* up to *stop*."""
        if self._raw is None and self.row.size >= LARGE:
            return b"".join(self.pieces(start, stop))
        if self._raw is None:
            self._raw = self._reading.raw(self.row.id)
        return self._raw[start:stop]

    def fields(self, start: int, stop: int) -> mime.Fields:
        """Return the fields of the header from *start* up to *stop*, the last one read once."""
        if self._fields is None or self._fields[0] != (start, stop):
            self._fields = (start, stop), mime.Fields(self.octets(start, stop))
        return self._fields[1]

    def size(self, start: int, stop: int, kind: str) -> int:
        """Return how many octets stand there, which are encoded as *kind*, counted once."""
        found = self._sizes.get((start, stop, kind))
        if found is None:
            found = sum(map(len, mime.stream(self.pieces(start, stop), kind)))
            self._sizes[start, stop, kind] = found
        return found

    def pieces(self, start: int, stop: int) -> Iterator[bytes]:
        """Return what stands from *start* up to *stop*, in pieces."""
        return self._reading.pieces(self.row.id, start, stop)


class Stretch(NamedTuple):
    """Octets of a large message, which are read while they are sent: *announced* comes before.

    They stand from *start* up to *stop* in the mail with that *id*, encoded as *kind*; of what
    they say *size* octets are told, from *skip* on, with *nul_free* as `NUL_FREE` has them.
    """

    announced: bytes
    id: int
    start: int
    stop: int
    kind: str
    skip: int
    size: int
    nul_free: bool = False


Piece = bytes | Stretch
Teller = Callable[[Message, "FlagNames"], Piece]


def tellers(items: Iterable[Item]) -> list[Teller]:
    """Return what tells each of *items*."""
    return [
        _PLAIN[item.name]
        if item.section is None and item.name in _PLAIN
        else partial(_item, item=item)
        for item in items
    ]


def told(message: Message, number: int, tell: Sequence[Teller], flags: "FlagNames") -> list[Piece]:
    """Return the answer that has *tell* say of *message*, which the client counts as *number*.

    Raise No where more of it would be in memory at once than it has several times over.
    """
    found: list[Piece] = [b"* %d FETCH (" % number]
    left = TIMES * max(message.row.size, LARGE)
    for one in tell:
        piece = one(message, flags)
        if isinstance(piece, Stretch):
            found.append(piece.announced)
        else:
            left -= len(piece)
            if left < 0:
                raise No("That is too much of one message: ask for less at once", "LIMIT")
        found += (piece, b" ")
    found[-1] = b")\r\n"
    return found


class FlagNames:
    """Flags as they are written, each set of them made once."""

    def __init__(self, flags: Flags) -> None:
        self._flags = flags
        self._written: dict[int, bytes] = {}

    def written(self, bits: int) -> bytes:
        """Return the list of the flags in *bits*."""
        found = self._written.get(bits)
        if found is None:
            names = self._flags.names(bits)
            found = self._written[bits] = b"(" + " ".join(names).encode("ascii") + b")"
        return found


def _item(message: Message, _flags: FlagNames, item: Item) -> Piece:
    if item.name.startswith("BINARY"):
        return _binary(message, item)
    if item.name in _OLD:  # RFC822 and its like
        return _announced(message, item.name.encode(), _section(message, _OLD[item.name]))
    found = _section(message, item.section or Section())
    return _announced(message, _label(item), _cut(found, item))


Found = bytes | range | None  # octets, or where they stand in the message


def _announced(message: Message, label: bytes, found: Found) -> Piece:
    """Return *found* as it is told under the name *label*."""
    if found is None:
        return label + b" " + writing.NIL
    if not isinstance(found, range):
        octets = found if label.startswith(b"BINARY") else found.translate(NUL_FREE)
        return label + b" " + writing.literal(octets)
    start, stop, size = found.start, found.stop, len(found)
    if size < LARGE:
        octets = message.octets(start, stop).translate(NUL_FREE)
        return label + b" " + writing.literal(octets)
    announced = b"%b {%d}\r\n" % (label, size)
    return Stretch(announced, message.row.id, start, stop, "binary", 0, size, True)


def _binary(message: Message, item: Item) -> Piece:
    """Return a part without its transfer encoding, or how large it is (RFC 3516)."""
    label = _label(item)
    found = _encoded(message, item.section or Section())
    if found is None or len(found[0]) < LARGE:
        octets = b"" if found is None else _decoded(message, *found)
        if item.name == "BINARY.SIZE":
            return b"%b %d" % (label, len(octets))
        return _announced(message, label, None if found is None else _cut(octets, item))
    (where, kind), number = found, message.row.id
    size = message.size(where.start, where.stop, kind)
    if item.name == "BINARY.SIZE":
        return b"%b %d" % (label, size)
    told_ = range(size) if item.start is None else range(size)[item.start : item.start + item.most]
    announced = b"%b ~{%d}\r\n" % (label, len(told_))
    return Stretch(announced, number, where.start, where.stop, kind, told_.start, len(told_))


def _cut(found: Found, item: Item) -> Found:
    if found is None or item.start is None:
        return found
    return found[item.start : item.start + item.most]


def _label(item: Item) -> bytes:
    """Return the name of *item* as it is told."""
    section = item.section or Section()
    parts = [".".join(map(str, section.part)).encode()] if section.part else []
    what = section.what.encode()
    if section.fields:
        what += b" " + writing.listed(map(writing.mailbox, section.fields))
    parts += [what] if what else []
    start = b"" if item.start is None else b"<%d>" % item.start
    return item.name.encode() + b"[" + b".".join(parts) + b"]" + start


def _section(message: Message, section: Section) -> Found:
    """Return what *section* means of *message*, None where it has no such part."""
    if not section.part and section.what == "":
        return range(message.row.size)
    place = message.structure.places.get(".".join(map(str, section.part)))
    if place is None:
        return None
    if section.what == "":
        return range(place.body, place.end)
    if section.what == "MIME":
        return range(place.start, place.body)
    begin, body = (place.start, place.body) if not section.part else (place.body, place.inner)
    if body is None:
        return None
    if section.what == "TEXT":
        return range(body, place.end)
    if section.what == "HEADER":
        return range(begin, body)
    chosen = {name.lower() for name in section.fields}
    but = section.what != "HEADER.FIELDS"
    return message.fields(begin, body).only(chosen, but=but) + b"\r\n"


def _encoded(message: Message, section: Section) -> tuple[range, str] | None:
    """Return where a part stands and how it is encoded, None where there is none; raise No."""
    place = message.structure.places.get(".".join(map(str, section.part)))
    if place is None:
        return None
    if not section.part:
        return range(place.start, place.end), "binary"
    fields = mime.Fields(message.octets(place.start, place.body))
    if not transfer.is_known(transfer.named(fields.first(b"content-transfer-encoding"))):
        raise No("Nobody knows how this part is encoded", "UNKNOWN-CTE")
    return range(place.body, place.end), place.encoding


def _decoded(message: Message, where: range, kind: str) -> bytes:
    return mime.decoded(message.octets(where.start, where.stop), kind)


def structured(body: Sequence[Any]) -> bytes:
    """Return what `communicate_email.mime.bodystructure` makes as octets."""
    if isinstance(body[0], tuple):
        parts = b"".join(map(structured, body[0]))
        return b"(" + b" ".join([parts, *map(_value, body[1:])]) + b")"
    if _holds_message(body):
        inner = (envelopes.written(body[7]), structured(body[8]))
        return writing.listed([*map(_value, body[:7]), *inner, *map(_value, body[9:])])
    return writing.listed(map(_value, body))


def _holds_message(body: Sequence[Any]) -> bool:
    return body[:2] == (b"message", b"rfc822")


def _value(value: Any) -> bytes:
    if isinstance(value, tuple):
        return writing.listed(map(_value, value))
    return b"%d" % value if isinstance(value, int) else writing.nstring(value)


_OLD: Mapping[str, Section] = {
    "RFC822": Section(),
    "RFC822.HEADER": Section((), "HEADER"),
    "RFC822.TEXT": Section((), "TEXT"),
}
_PLAIN: Mapping[str, Teller] = {
    "FLAGS": lambda message, flags: b"FLAGS " + flags.written(message.row.flags),
    "UID": lambda message, _flags: b"UID %d" % message.row.uid,
    "INTERNALDATE": lambda message, _flags: b"INTERNALDATE " + writing.moment(message.row.date),
    "RFC822.SIZE": lambda message, _flags: b"RFC822.SIZE %d" % message.row.size,
    "MODSEQ": lambda message, _flags: b"MODSEQ (%d)" % message.row.modseq,
    "EMAILID": lambda message, _flags: b"EMAILID (M%x)" % message.row.id,
    "THREADID": lambda message, _flags: b"THREADID (T%x)" % message.row.thread,
    "ENVELOPE": lambda message, _flags: b"ENVELOPE " + message.written,
    "BODYSTRUCTURE": lambda message, _flags: (
        b"BODYSTRUCTURE " + structured(message.structure.body)
    ),
    "BODY": lambda message, _flags: b"BODY " + structured(short(message.structure.body)),
}


def short(body: Any) -> Any:
    """Return a structure without its extension data."""
    if isinstance(body[0], tuple):
        return (tuple(map(short, body[0])), body[1])
    if _holds_message(body):
        return (*body[:8], short(body[8]), body[9])
    return body[:8] if body[0] == b"text" else body[:7]


def messages(
    reading: Reading, box: Mailbox, rows: Sequence[Row], items: Iterable[Item]
) -> Iterator[Message]:
    """Yield what is told of, a `Message` for each of *rows*; envelopes where *items* need them."""
    enveloped = any(item.name == "ENVELOPE" for item in items)
    for at in range(0, len(rows), TOGETHER):
        some = rows[at : at + TOGETHER]
        said = reading.envelopes(box, [row.uid for row in some]) if enveloped else {}
        for row in some:
            message = Message(reading, row, None)
            message.said = said.get(row.uid)
            yield message
