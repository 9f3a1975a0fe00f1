"""What is shown of a message: who wrote it, by name; its subject; its text, as Markdown and HTML.

An address is nobody's business: it becomes a number that nobody can turn back, and wherever one
stands in a text it is masked.
"""

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr
from typing import Any

from communicate_forums.importing import plain, text
from communicate_forums.importing.charsets import clean, header, to_text
from communicate_forums.importing.heads import title_of

LONGEST_NAME = 60
LONGEST_TITLE = 120
LONGEST_TEXT = 100_000
LONGEST_HTML = 400_000
LONGEST_HEADER = 2_000
DEEPEST = 20  # parts within parts
MOST_PARTS = 500
NOTHING = "…"
_OBFUSCATED = re.compile(r"^\s*(\S+) at ([^\s.]+(?:\.[^\s.]+)+)\s*(?:\((.*)\))?\s*$")
_SPOKEN = re.compile(r"\bat\b\W*[\w-]+(?:\.|\W+dot\W+)\w", re.IGNORECASE)  # an address in words
_OLD = re.compile(rb"^([!-9;-~]+)[ \t]+:", re.MULTILINE)
SEARCHED = 2000  # bytes in which a message shows that its mailer was old
_BARE = re.compile(r"<?\s*([^\s<>\"'(),]+@[^\s<>\"'(),]+)\s*>?")


class Unreadable(Exception):
    """A message of which nothing can be shown."""


@dataclass(slots=True)
class Letter:
    """A message, ready to be stored; *address* is for telling authors apart, and goes no further.

    *attached* counts the parts that were left out; *cut* says that the text was too long.
    """

    name: str
    address: str
    title: str
    body: str
    html: str
    words: str
    attached: int
    cut: bool


def read(data: bytes) -> Letter:
    """Return what is shown of the message *data*; raise Unreadable."""
    try:
        message = email.message_from_bytes(_modern(data))
        parts = list(_leaves(message))
        found, attached = _text_of(parts)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise Unreadable from error
    name, address = author_of(_first(message, "from") or _first(message, "sender"))
    cut = len(found) > LONGEST_TEXT
    # An address that the cut would go through is masked first.
    shown = text.masked(found[: LONGEST_TEXT + 200])[:LONGEST_TEXT].strip("\n") or NOTHING
    written = text.written(shown)
    if not written.markdown:  # marks of quotes, and nothing behind them
        shown, written = NOTHING, text.written(NOTHING)
    return Letter(
        name,
        address,
        _title(_first(message, "subject"), shown),
        written.markdown,
        written.html,
        shown,
        attached,
        cut,
    )


def _modern(data: bytes) -> bytes:
    """Return *data* without the spaces that old mailers left before the colon of a header."""
    if not _OLD.search(data, 0, SEARCHED):
        return data
    end = data.find(b"\n\n")
    end = len(data) if end < 0 else end
    return _OLD.sub(rb"\1:", data[:end]) + data[end:]


def _title(subject: str, shown: str) -> str:
    title = text.masked(title_of(subject)).strip()
    if not title:
        title = next((line.strip() for line in shown.split("\n") if line.strip()), NOTHING)
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def _first(message: Message, name: str) -> str:
    """Return the first header *name* as text: the parser itself fails on some that are broken."""
    values = (value for key, value in message.raw_items() if key.lower() == name)
    return header(str(next(values, ""))[:LONGEST_HEADER])


def author_of(sender: str) -> tuple[str, str]:
    """Return the display name in the header *sender*, and the address in small letters or ""."""
    hidden = _OBFUSCATED.match(sender)
    if hidden:
        name, address = hidden[3] or "", f"{hidden[1]}@{hidden[2]}"
    else:
        name, address = _parsed(sender)
        if "@" not in address:
            bare = _BARE.search(sender)
            address = bare[1] if bare else ""
            name = sender.replace(bare[0], " ") if bare else sender
    name = " ".join(name.replace("\\", "").strip(" \t\"'<>(),;:").split())
    if not name or "@" in name or _SPOKEN.search(name):
        name = shortened(address or name)
    return name[:LONGEST_NAME], address.lower()


def _parsed(sender: str) -> tuple[str, str]:
    try:
        return parseaddr(sender)
    except RecursionError:  # comments within comments
        return "", ""


def shortened(address: str) -> str:
    """Return enough of the local part of *address* to tell people apart, and no address."""
    local = address.partition("@")[0].strip(" \"'<>")
    return f"{local[: max(2, min(8, len(local) // 2))]}…" if local else ""


@dataclass(slots=True)
class Part:
    """A part that holds something, and of what type: asked once, since each time is parsed."""

    message: Message
    kind: str

    @property
    def is_shown(self) -> bool:
        """Whether it is text to be read, and not a file that goes with it."""
        disposition = str(self.message.get("content-disposition", "")).strip().lower()
        return not disposition.startswith("attachment") and _has_text(self.message)


def _leaves(message: Message) -> Iterator[Part]:
    """Yield the parts of *message* that hold something; a message within it is one of them."""
    waiting: list[tuple[Message, int]] = [(message, 0)]
    left = MOST_PARTS
    while waiting and left:
        part, depth = waiting.pop()
        left -= 1
        inner: Any = part.get_payload()
        kind = part.get_content_type()
        if kind.startswith("multipart/") and isinstance(inner, list):
            if depth < DEEPEST:
                chosen = _chosen(inner) if kind == "multipart/alternative" else inner
                waiting += [(each, depth + 1) for each in reversed(chosen)]
        else:
            yield Part(part, kind)


def _chosen(inner: list[Any]) -> list[Any]:
    """Return the one of alternatives to look at: the plainest."""
    if len(inner) < 2:
        return inner
    for wanted in ("text/plain", "text/html"):
        for each in inner:
            if each.get_content_type() == wanted and _has_text(each):
                return [each]
    return [next((each for each in inner if each.is_multipart()), inner[0])]


def _has_text(message: Message) -> bool:
    payload = message.get_payload()
    return isinstance(payload, str) and bool(payload.strip())


def _text_of(parts: list[Part]) -> tuple[str, int]:
    """Return the text of *parts*, and how many others there are; HTML only where it is all."""
    shown = [part for part in parts if part.kind == "text/plain" and part.is_shown]
    if not shown:
        shown = [part for part in parts if part.kind == "text/html" and part.is_shown]
    found = [_decoded(part) for part in shown]
    empty = [part for part in parts if part not in shown and part.kind.startswith("text/")]
    left = len(parts) - len(shown) - sum(not _has_text(part.message) for part in empty)
    return "\n\n".join(each for each in found if each.strip()), left


def _decoded(part: Part) -> str:
    message = part.message
    payload = message.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    found = clean(to_text(data, _parameter(message, "charset")))
    if part.kind == "text/html":
        return plain.from_html(found[:LONGEST_HTML])
    if (_parameter(message, "format") or "").lower() == "flowed":
        joined = (_parameter(message, "delsp") or "").lower() == "yes"
        return text.unwrapped(found, joined=joined)
    return found


def _parameter(message: Message, name: str) -> str | None:
    found = message.get_param(name)
    if isinstance(found, tuple):  # RFC 2231: charset, language, value
        found = found[2]
    return found if isinstance(found, str) else None
