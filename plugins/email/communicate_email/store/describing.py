"""What a message says of itself, read once when it comes in: heads, structure, words, references.

Lists, conversations, searches and protocols open what is kept of that, sealed, and never read the
message again.
"""

import json
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from typing import Any, NamedTuple

from communicate.catalog.text import stored_words

MOST_REFERENCES = 100
LONGEST_REFERENCE = 998  # octets of a line


class Head(NamedTuple):
    """What a list shows of a message."""

    subject: str = ""
    authors: tuple[tuple[str, str], ...] = ()  # name, address
    to: tuple[tuple[str, str], ...] = ()
    message_id: str = ""
    preview: str = ""
    attachments: int = 0

    def as_bytes(self) -> bytes:
        """Return it as it is sealed."""
        return json.dumps(self, ensure_ascii=False, separators=(",", ":")).encode()


def head_in(data: bytes | str) -> Head:
    """Return the head that `Head.as_bytes` made."""
    subject, authors, to, *others = json.loads(data)
    return Head(subject, _pairs(authors), _pairs(to), *others)


def _pairs(found: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, address) for name, address in found)


class Described(NamedTuple):
    """All that is kept of a message beside its bytes."""

    head: Head
    structure: bytes
    words: str
    references: tuple[str, ...]  # Message-IDs, its own first, the nearest before the farther


def describe(raw: bytes) -> Described:
    """Return what the message *raw* says of itself."""
    message = BytesHeaderParser().parsebytes(raw)
    own = _ids(message.get("Message-ID"))[:1]
    before = _ids(message.get("References")) + _ids(message.get("In-Reply-To"))
    head = Head(
        _text(message.get("Subject")),
        _people(message.get_all("From")),
        _people(message.get_all("To")),
        own[0] if own else "",
    )
    text = " ".join([head.subject, *(one for pair in head.authors for one in pair)])
    references = tuple(dict.fromkeys([*own, *reversed(before)]))[:MOST_REFERENCES]
    return Described(head, b"", " ".join(stored_words(text)), references)


def _text(value: Any) -> str:
    try:
        return str(make_header(decode_header(str(value or ""))))
    except (LookupError, ValueError):
        return str(value or "")


def _people(values: Any) -> tuple[tuple[str, str], ...]:
    return tuple((_text(name), address) for name, address in getaddresses(map(str, values or ())))


def _ids(value: Any) -> list[str]:
    return [one[:LONGEST_REFERENCE] for one in str(value or "").split()[: MOST_REFERENCES * 2]]
