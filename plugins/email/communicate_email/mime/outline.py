"""What IMAP tells of a message and its structure (RFC 3501, 7.4.2), as plain data.

Octets stay as they were sent, encoded words not decoded; None stands for NIL, tuples for lists.
"""

from typing import Any, NamedTuple

from communicate_email.mime import transfer
from communicate_email.mime.params import Pairs
from communicate_email.mime.parts import Part
from communicate_email.mime.people import Box

Said = tuple[bytes | None, None, bytes | None, bytes | None]


class Envelope(NamedTuple):
    """The ten fields of an envelope in the protocol's order.

    Each address is (name, route, local part, host); route is always None.
    """

    date: bytes | None
    subject: bytes | None
    author: tuple[Said, ...]
    sender: tuple[Said, ...]
    reply_to: tuple[Said, ...]
    to: tuple[Said, ...]
    cc: tuple[Said, ...]
    bcc: tuple[Said, ...]
    in_reply_to: bytes | None
    message_id: bytes | None


def envelope(message: Part) -> Envelope:
    """Return the envelope of *message*.

    Where no sender or nobody to be answered is named, it is the author.
    """
    fields = message.fields
    author = _people(message, b"from")
    return Envelope(
        fields.first(b"date"),
        fields.first(b"subject"),
        author,
        _people(message, b"sender") or author,
        _people(message, b"reply-to") or author,
        _people(message, b"to"),
        _people(message, b"cc"),
        _people(message, b"bcc"),
        fields.first(b"in-reply-to"),
        fields.first(b"message-id"),
    )


def _people(message: Part, name: bytes) -> tuple[Said, ...]:
    return tuple(map(_said, message.people(name)))


def _said(box: Box) -> Said:
    if box.local is None:  # a group's begin has its name where others have the local part
        return (None, None, box.name, None)
    # An address without a host would be taken for a group's begin.
    return (box.name, None, box.local, box.host or b"")


def bodystructure(part: Part) -> tuple[Any, ...]:
    """Return the structure of *part*, extension data included.

    A multipart is (parts, subtype, params, disposition, language, location), its parts a tuple of
    structures; any other part is (type, subtype, params, id, description, encoding, octets, …),
    then lines for a text; envelope, structure and lines for a message; then md5, disposition,
    language, location.  Parameters are (name, value, name, value …), a disposition (kind, params).
    Octets and lines are those of the body: neither its header nor the line end before a boundary.
    """
    if part.parts:
        children = tuple(bodystructure(child) for child in part.parts)
        return (children, part.subtype.encode(), _flat(part.raw_params), *_extension(part))
    if part.message is not None:
        inner = part.message
        more: tuple[Any, ...] = (envelope(inner), bodystructure(inner), part.lines)
        return (b"message", b"rfc822", *_basic(part), *more, _md5(part), *_extension(part))
    kind, subtype = _told(part)
    more = (part.lines,) if kind == b"text" else ()
    return (kind, subtype, *_basic(part), *more, _md5(part), *_extension(part))


def _told(part: Part) -> tuple[bytes, bytes]:
    """Return the type of *part* as a client can take it: what was not taken apart is octets."""
    if part.type == "multipart" or part.media in ("message/rfc822", "message/global"):
        return b"application", b"octet-stream"
    return part.type.encode(), part.subtype.encode()


def _basic(part: Part) -> tuple[Any, ...]:
    first = part.fields.first
    encoding = transfer.named(first(b"content-transfer-encoding")).encode("ascii", "replace")
    params = _flat(part.raw_params)
    if params is None and part.type == "text" and first(b"content-type") is None:
        params = (b"charset", b"us-ascii")
    described = first(b"content-description")
    return (params, first(b"content-id"), described, encoding, part.size)


def _md5(part: Part) -> bytes | None:
    return part.fields.first(b"content-md5")


def _extension(part: Part) -> tuple[Any, ...]:
    found = part.raw_disposition
    disposition = (found[0], _flat(found[1])) if found else None
    languages = (part.fields.first(b"content-language") or b"").split(b",")
    language = tuple(each.strip() for each in languages if each.strip()) or None
    return (disposition, language, part.fields.first(b"content-location"))


def _flat(pairs: Pairs) -> tuple[bytes, ...] | None:
    return tuple(each for pair in pairs for each in pair) or None


class Place(NamedTuple):
    """Where a part stands in its message, to be read by range.

    Header ``[start, body)``, body ``[body, end)``; of a part that holds a message, that one's body
    begins at *inner*, its header at *body*.  *encoding* and *charset* say how to read it.
    """

    start: int
    body: int
    end: int
    inner: int | None
    media: str
    encoding: str
    charset: str


def places(message: Part) -> dict[str, Place]:
    """Return where each part of *message* stands, by its number as IMAP counts them.

    The empty number is the message itself.  The sole body of a message is its part 1.
    """
    found: dict[str, Place] = {}
    _place(message, "", found)
    if not message.parts:
        found["1"] = found[""]
    return found


def _place(part: Part, number: str, found: dict[str, Place]) -> None:
    inner = part.message
    found[number] = Place(
        part.start, part.body, part.end, inner.body if inner else None,
        part.media, part.encoding, part.charset,
    )  # fmt: skip
    for child in part.parts:
        _place(child, child.number, found)
    if inner is None:
        return
    for child in inner.parts:
        _place(child, child.number, found)
    if not inner.parts:
        _place(inner, f"{number or 1}.1", found)
