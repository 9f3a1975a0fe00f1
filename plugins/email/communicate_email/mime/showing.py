"""A message as it is shown in lists, read, threaded and searched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from communicate_email.mime import charsets, dates, limits, plaintext, transfer
from communicate_email.mime.encoded import text
from communicate_email.mime.filenames import safe
from communicate_email.mime.parts import Part
from communicate_email.mime.people import Address, readable

_ID = re.compile(rb"<([^<>\s]{1,%d})>" % limits.MAX_ID)
_BARE_ID = re.compile(rb"[^<>\s,;()\"]{1,%d}@[^<>\s,;()\"]{1,%d}" % (limits.MAX_ID, 255))
_UNREAD = {"calendar", "directory", "rfc822-headers", "vcard", "x-vcard"}


@dataclass(frozen=True)
class Attached:
    """A part that is not read as text: its *number*, name, type, Content-ID and octets as sent."""

    number: str
    name: str
    media: str
    id: str
    size: int


@dataclass(frozen=True)
class Shown:
    """What people see of a message.

    *text* is the best text to read, made of *html* where there is no other.  *html* is as it was
    sent: it has to be cleaned.  *inline* are parts by their Content-ID.
    """

    subject: str
    author: tuple[Address, ...]
    sender: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    date: datetime | None
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    text: str = field(repr=False)
    html: str = field(repr=False)
    attachments: tuple[Attached, ...]
    inline: dict[str, Attached]

    @property
    def preview(self) -> str:
        """The begin of what it says, on one line, without what it quotes."""
        said, length = list[str](), 0
        for line in self.text[: limits.PREVIEW * 20].splitlines():
            piece = " ".join(line.split())
            if piece and not piece.startswith(">"):
                said.append(piece)
                length += len(piece)
            if length >= limits.PREVIEW:
                break
        return " ".join(said)[: limits.PREVIEW].rstrip()

    @property
    def searched(self) -> str:
        """All its words: of who, to whom, about what, which attachments, and the text."""
        people = (*self.author, *self.reply_to, *self.to, *self.cc, *self.bcc)
        heads = [self.subject, *(f"{each.name} {each.address}" for each in people)]
        names = [each.name for each in self.attachments]
        return "\n".join([*heads, *names, self.text])[: limits.MAX_SEARCHED]

    @property
    def thread(self) -> tuple[str, ...]:
        """The Message-IDs it answers, oldest first, each once."""
        return tuple(dict.fromkeys((*self.references, *self.in_reply_to)))[
            -limits.MAX_REFERENCES :
        ]


def shown(message: Part) -> Shown:
    """Return what people see of *message*."""
    found = _Bodies(message)
    first = message.fields.first
    hint = found.hint
    ids = message_ids(message, b"message-id")
    return Shown(
        subject=text(first(b"subject") or b"", hint),
        author=_people(message, b"from", hint),
        sender=_people(message, b"sender", hint),
        reply_to=_people(message, b"reply-to", hint),
        to=_people(message, b"to", hint),
        cc=_people(message, b"cc", hint),
        bcc=_people(message, b"bcc", hint),
        date=dates.date(first(b"date")) or dates.received(first(b"received")),
        message_id=ids[0] if ids else "",
        in_reply_to=message_ids(message, b"in-reply-to"),
        references=message_ids(message, b"references"),
        text=found.text(),
        html=found.html(),
        attachments=tuple(found.attachments),
        inline=found.inline,
    )


def author(message: Part) -> str | None:
    """Return the address that *message* is from, if there can be no doubt; else None.

    For decisions: one From field with one address, written as the standard says.
    """
    alone = len(message.fields.all(b"from")) == 1
    people = readable(message.people(b"from")) if alone else []
    return people[0].address if len(people) == 1 and not people[0].odd else None


def message_ids(message: Part, name: bytes) -> tuple[str, ...]:
    """Return the Message-IDs of the fields called *name*, without angles.

    Of very many the first, which began the thread, and the last ones.
    """
    value = b" ".join(message.fields.all(name))
    found = _ID.findall(value) or _BARE_ID.findall(value[: limits.MAX_ID * 4])
    if len(found) > limits.MAX_REFERENCES:
        found = [found[0], *found[1 - limits.MAX_REFERENCES :]]
    return tuple(each.decode("utf-8", "replace") for each in found)


def _people(message: Part, name: bytes, hint: str) -> tuple[Address, ...]:
    return tuple(readable(message.people(name), hint))


class _Bodies:
    """The texts of a message to be read, and what else it carries."""

    def __init__(self, message: Part) -> None:
        self.plain: list[Part] = []
        self.rich: list[Part] = []
        self.others: list[Part] = []  # the same once more, as text/enriched
        self.attachments: list[Attached] = []
        self.inline: dict[str, Attached] = {}
        self.guesses = limits.MAX_GUESSES
        self.sort(message, related=False, alternative=False)
        if not self.plain and not self.rich:
            self.plain = self.others
        texts = self.plain or self.rich
        self.hint = next((part.charset for part in texts if part.charset), "")

    def sort(self, part: Part, related: bool, alternative: bool) -> None:
        """Put *part* and those within where they belong."""
        if part.parts:
            kind = part.subtype
            for child in part.parts:
                self.sort(child, related or kind == "related", kind == "alternative")
        elif not self.is_read(part):
            self.attach(part, related)
        elif part.subtype == "html":
            self.rich.append(part)
        elif not alternative or part.subtype == "plain":
            self.plain.append(part)
        else:
            self.others.append(part)

    def is_read(self, part: Part) -> bool:
        """Tell whether *part* is a text to be read at once."""
        if part.disposition == "attachment" or len(self.plain) >= limits.MAX_TEXTS:
            return False
        if part.type == "multipart":  # without parts: what is there is read as it is
            return True
        named = bool(part.filename) and part.disposition != "inline"
        return part.type == "text" and not named and part.subtype not in _UNREAD

    def attach(self, part: Part, related: bool) -> None:
        """Keep *part* as an attachment, or as one that the HTML shows."""
        name = part.filename or _title(part)
        held = Attached(part.number or "1", name, part.media, part.id, part.size)
        if held.id:
            self.inline.setdefault(held.id, held)
        if not (held.id and related and part.disposition != "attachment"):
            self.attachments.append(held)

    def text(self) -> str:
        """Return the best text to read."""
        read = "\n\n".join(filter(None, (_plain(part, self.decode(part)) for part in self.plain)))
        return read.strip("\r\n") if read.strip() else plaintext.of_html(self.html())

    def html(self) -> str:
        """Return the HTML, as it was sent; empty where there is none."""
        return "\n".join(self.decode(part) for part in self.rich[: limits.MAX_TEXTS])

    def decode(self, part: Part) -> str:
        """Return what *part* says, at most as much as anybody reads."""
        data = part.raw[part.body : min(part.end, part.body + limits.MAX_TEXT)]
        octets = transfer.decoded(data, part.encoding)
        self.guesses -= 1
        return charsets.decode(octets, part.charset, guess=self.guesses >= 0)


def _plain(part: Part, said: str) -> str:
    if part.params.get("format", "").lower() == "flowed":
        return plaintext.unflowed(said, part.params.get("delsp", "").lower() == "yes")
    return said.replace("\r\n", "\n")


def _title(part: Part) -> str:
    """Return what a part without a name is called: a message by its subject."""
    if part.message is None:
        return ""
    return safe(text(part.message.fields.first(b"subject") or b"") or "message") + ".eml"


def walk(message: Part) -> Iterator[Part]:
    """Yield *message* and all parts within it."""
    yield message
    for child in message.parts:
        yield from walk(child)
    if message.message is not None:
        yield from walk(message.message)
