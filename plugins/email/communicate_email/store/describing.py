"""What a message says of itself, read once when it comes in: head, structure, words, references.

Lists, conversations, searches and protocols open what is kept of that, sealed, and never read the
message again.  It is JSON: octets, which IMAP wants as they were sent, as text in Latin-1.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from communicate import clock
from communicate_email import mime
from communicate_email.imap.wire import envelopes
from communicate_email.store.words import bag_text

LONGEST_ENVELOPE = 4096  # bytes: one that is longer lies with the structure
MOST_PEOPLE = 10  # of each field that a list may show
LONGEST_SUBJECT = 500  # characters that a list may show

People = tuple[tuple[str, str], ...]  # name, address


class Head(NamedTuple):
    """What a list shows of a message, and its envelope as IMAP writes it, as text in Latin-1."""

    subject: str = ""
    authors: People = ()
    to: People = ()
    date: int | None = None  # milliseconds since 1970, as its author says
    message_id: str = ""
    preview: str = ""
    attachments: int = 0
    envelope: Any = None  # see `envelope_of`; None: in the structure

    def as_bytes(self) -> bytes:
        """Return it as it is sealed."""
        return _dumped(self)


class Structure(NamedTuple):
    """Where the parts of a message are, and what IMAP says of them."""

    body: Any  # `communicate_email.mime.bodystructure`
    places: dict[str, mime.Place]
    envelope: Any  # as `Head` has it; None: the head has it

    def as_bytes(self) -> bytes:
        """Return it as it is sealed."""
        places = {number: list(place) for number, place in self.places.items()}
        return _dumped([self.body, places, self.envelope])


class Described(NamedTuple):
    """All that is kept of a message beside its bytes."""

    head: Head
    structure: Structure
    words: bytes
    references: tuple[str, ...]  # Message-IDs, its own first, the nearest before the farther


def describe(message: mime.Part) -> Described:
    """Return what *message* says of itself; never raises."""
    shown = mime.shown(message)
    envelope = _text(envelopes.written(mime.envelope(message)))
    long = len(envelope) > LONGEST_ENVELOPE
    head = Head(
        shown.subject[:LONGEST_SUBJECT],
        _people(shown.author),
        _people((*shown.to, *shown.cc)),
        None if shown.date is None else clock.milliseconds(shown.date),
        shown.message_id,
        shown.preview,
        len(shown.attachments),
        None if long else envelope,
    )
    structure = Structure(
        mime.bodystructure(message), mime.places(message), envelope if long else None
    )
    return Described(head, structure, _words(shown), _references(shown))


def head_in(data: str) -> Head:
    """Return the head that `Head.as_bytes` made."""
    subject, authors, to, date, number, preview, attachments, envelope = json.loads(data)
    return Head(subject, _pairs(authors), _pairs(to), date, number, preview, attachments, envelope)


def envelope_in(data: str) -> Any:
    """Return the envelope in the head that `Head.as_bytes` made, as `Head` has it."""
    return json.loads(data)[-1]


def envelope_of(said: Any, structure: Callable[[], Structure]) -> bytes:
    """Return the envelope that a head holds, *said*, or else what *structure* returns, as octets.

    What was kept before envelopes were written out is fields.
    """
    found = structure().envelope if said is None else _sent(said)
    return found if isinstance(found, bytes) else envelopes.written(found)


def structure_in(data: bytes) -> Structure:
    """Return the structure that `Structure.as_bytes` made."""
    body, places, envelope = json.loads(data)
    found = {number: mime.Place(*place) for number, place in places.items()}
    return Structure(_sent(body), found, _sent(envelope))


def _people(found: tuple[mime.Address, ...]) -> People:
    return tuple((one.name, one.address) for one in found[:MOST_PEOPLE])


def _pairs(found: list[list[str]]) -> People:
    return tuple((name, address) for name, address in found)


def _references(shown: mime.Shown) -> tuple[str, ...]:
    own = [shown.message_id] if shown.message_id else []
    return tuple(dict.fromkeys([*own, *reversed(shown.thread)]))


def _words(shown: mime.Shown) -> bytes:
    authors = " ".join(f"{one.name} {one.address}" for one in (*shown.author, *shown.reply_to))
    people = (*shown.to, *shown.cc, *shown.bcc)
    to = " ".join(f"{one.name} {one.address}" for one in people)
    names = " ".join(one.name for one in shown.attachments)
    return bag_text(authors, to, shown.subject, f"{shown.text} {names}")


def _sent(value: Any) -> Any:
    """Return *value* with octets in place of text."""
    if isinstance(value, str):
        return value.encode("latin-1")
    return tuple(_sent(one) for one in value) if isinstance(value, list) else value


def _dumped(value: Any) -> bytes:
    """Return *value* as JSON, with text in place of octets."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_text)
    return text.encode("utf-8", "replace")


def _text(octets: bytes) -> str:
    return octets.decode("latin-1")
