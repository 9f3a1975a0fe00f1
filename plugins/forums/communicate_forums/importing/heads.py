"""What the first reading keeps of a message: a few numbers, by which messages find each other."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import mktime_tz, parsedate_tz

from communicate_forums.importing.charsets import header, to_text

MOST_IDS = 20  # of "References": the first, and the last ones
EARLIEST = 2 * 365 * 24 * 3600  # seconds since 1970: there was no mail of that kind before 1972
_FIELDS = re.compile(
    rb"^(message-id|references|in-reply-to|date|subject|from|received)[ \t]*:"
    rb"([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_ID = re.compile(rb"<([^<>\s]{1,900})>")
_REPLY = re.compile(
    r"^\s*(?:(?:re|aw|sv|antw|odp|rif|fwd?|wg|tr|rép|réf)\s*(?:\[\d+\]|\(\d+\)|\^\d+)?\s*:\s*)+",
    re.IGNORECASE,
)
_TAG = re.compile(r"^\s*\[[^\]]{1,40}\]\s*")
Key = Callable[[bytes], int]  # of a Message-ID: a number that tells nothing of it


@dataclass(slots=True)
class Head:
    """A message as far as threads are concerned; *date* is in seconds, None where it has none."""

    key: int
    answers: tuple[int, ...]  # keys of the messages it answers, the nearest first
    date: float | None
    topic: int | None  # key of the subject, where it is all that there is to go by
    is_reply: bool


def scan(head: bytes, key: Key, raw: Callable[[], bytes], now: float) -> Head | None:
    """Return what threads need of the headers *head*, or None where these are no headers.

    *raw* returns the whole message, by which one without an id is known again.
    """
    fields: dict[bytes, bytes] = {}
    received = b""
    for match in _FIELDS.finditer(head):
        name = match[1].lower()
        if name == b"received":
            received = received or match[2]
        else:
            fields.setdefault(name, match[2])
    if not fields:
        return None
    listed = _ID.findall(fields.get(b"references", b""))
    named = _ID.findall(fields.get(b"in-reply-to", b""))
    if len(listed) > MOST_IDS:
        listed = [listed[0], *listed[1 - MOST_IDS :]]
    answers = tuple(dict.fromkeys(key(each) for each in [*reversed(listed), *named]))
    own = _ID.findall(fields.get(b"message-id", b"")) or [fields.get(b"message-id", b"").strip()]
    number = key(own[0]) if own[0] else key(b"message\0" + raw())
    subject = "" if answers else header(to_text(fields.get(b"subject", b"")))
    bare, is_reply = bare_subject(subject)
    return Head(
        number,
        tuple(each for each in answers if each != number),
        date_of(fields.get(b"date"), now) or date_of(received.rpartition(b";")[2], now),
        key(b"subject\0" + bare.lower().encode()) if bare else None,
        is_reply,
    )


def bare_subject(subject: str) -> tuple[str, bool]:
    """Return *subject* without marks of answering and the list's own, and whether it had one."""
    bare, is_reply = subject, False
    while True:
        shorter = _REPLY.sub("", bare)
        is_reply = is_reply or shorter != bare
        untagged = _TAG.sub("", shorter)
        if untagged == bare or not untagged.strip():
            return (bare if not shorter.strip() else shorter).strip(), is_reply
        bare = untagged


def title_of(subject: str) -> str:
    """Return *subject* as the title of a topic: without "Re:" before or behind the list's mark."""
    found = _REPLY.sub("", subject)
    tag = _TAG.match(found)
    if tag:
        found = tag[0] + _REPLY.sub("", found[tag.end() :])
    return found.strip()


def date_of(value: bytes | None, now: float) -> float | None:
    """Return the moment that *value* names in seconds, None where it is none or cannot be."""
    if not value:
        return None
    try:
        parsed = parsedate_tz(header(to_text(value)))
        moment = None if parsed is None else float(mktime_tz(parsed))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment is not None and EARLIEST <= moment <= now else None
