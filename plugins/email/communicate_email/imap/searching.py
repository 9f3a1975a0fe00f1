"""Which messages are as is asked (RFC 9051, section 6.4.4): most is told by rows alone."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from communicate_email import mime
from communicate_email.content import Mailbox
from communicate_email.imap.answers import TOO_LONG
from communicate_email.imap.subjects import folded
from communicate_email.imap.telling import Message
from communicate_email.imap.view import View
from communicate_email.imap.wire.searching import Key
from communicate_email.imap.wire.sequences import Numbers
from communicate_email.mime.dates import written_on
from communicate_email.mime.fields import end_of_header
from communicate_email.mime.limits import MAX_HEADER
from communicate_email.store import rows as rowing
from communicate_email.store.describing import LONGEST_SUBJECT
from communicate_email.store.flags import KNOWN, Flags
from communicate_email.store.reading import Reading

SECONDS = 60.0  # that a search may take
TOGETHER = 500  # messages whose heads are opened at once
BITS = {name[1:].upper(): bit for name, bit in KNOWN.values() if name.startswith("\\")}
Test = Callable[["Candidate"], bool]


class Candidate(Message):
    """A message that is looked at, with its number for the client."""

    number = 0
    _text: str | None = None

    @property
    def text(self) -> str:
        """The words of its texts, folded."""
        if self._text is None:
            part = mime.read(self.octets(0, self.row.size))
            texts = (mime.decode(one.octets, one.charset) for one in mime.walk(part)
                     if one.type in ("text", "message"))  # fmt: skip
            self._text = folded(" ".join(texts))
        return self._text

    @cached_property
    def envelope(self) -> Any:
        """Its envelope, read once."""
        return super().envelope

    @property
    def subject(self) -> str:
        """What it is about, decoded."""
        said = self.head.subject
        return said if len(said) < LONGEST_SUBJECT else mime.text(self.envelope.subject or b"")

    @property
    def sent(self) -> int:
        """When it was written, or came where its author does not say (RFC 5256, 2.2)."""
        said, written = self.head.envelope, self.head.date
        undated = said.startswith("(NIL ") if isinstance(said, str) else not self.envelope.date
        return self.row.date if written is None or undated else written

    @property
    def top(self) -> mime.Part:
        """Its header."""
        octets = self.octets(0, min(self.row.size, MAX_HEADER))
        return mime.read(octets[: end_of_header(octets, 0, len(octets))])

    @property
    def references(self) -> tuple[str, ...]:
        """The Message-IDs of what it answers, the nearest last (RFC 5256, section 3)."""
        row = self.row
        if self._reading.threads.is_alone(row.id, row.thread, self.head.message_id):
            return ()
        top = self.top
        found = mime.message_ids(top, b"references")
        return found or mime.message_ids(top, b"in-reply-to")[:1]

    def header(self, name: str) -> list[str]:
        """Return the values of the fields called *name*, decoded and folded."""
        values = self.top.fields.all(name.lower().encode("latin-1"))
        return [folded(mime.text(value)) for value in values]


class Searcher:
    """What looks through the mailbox *box* as *view* has it."""

    def __init__(self, reading: Reading, flags: Flags, box: Mailbox, view: View) -> None:
        self.reading, self.flags, self.box, self.view = reading, flags, box, view
        self._until = time.monotonic() + SECONDS

    def find(self, key: Key) -> list[int]:
        """Return the uids of the messages that are as *key* says, in order.

        Raise ValueError where a number is of no message, No where it takes too long.
        """
        test = self._test(key)
        return [one.row.uid for one in self.candidates(heads=needs_heads(key)) if test(one)]

    def candidates(self, uids: Sequence[int] | None = None, *, heads: bool) -> Iterator[Candidate]:
        """Yield the messages of *uids*, None: all that the client knows, with heads if asked."""
        wanted = self.view.uids if uids is None else uids
        for at in range(0, len(wanted), TOGETHER):
            rows = list(rowing.some(self.box, wanted[at : at + TOGETHER]))
            found = self.reading.heads(self.box, [row.uid for row in rows]) if heads else {}
            for row in rows:
                if time.monotonic() > self._until:
                    raise TOO_LONG()
                one = Candidate(self.reading, row, found.get(row.uid))
                one.number = self.view.number(row.uid)
                yield one

    def _test(self, key: Key) -> Test:
        if key.name == "AND":
            tests = [self._test(one) for one in key.value]
            return lambda one: all(test(one) for test in tests)
        if key.name == "OR":
            either, other = map(self._test, key.value)
            return lambda one: either(one) or other(one)
        if key.name == "NOT":
            not_ = self._test(key.value)
            return lambda one: not not_(one)
        if key.name in ("NUMBERS", "UID"):
            return self._among(key.value, by_uid=key.name == "UID")
        if key.name in ("KEYWORD", "UNKEYWORD"):
            bits = self.flags.bits([key.value], make=False)
            wanted = key.name == "KEYWORD"
            return lambda one: bool(one.row.flags & bits) == wanted
        if key.name in _ALONE:
            return _ALONE[key.name]
        return _TESTS[key.name](key.value)

    def _among(self, numbers: Numbers, *, by_uid: bool) -> Test:
        uids = set(self.view.chosen(numbers, by_uid=by_uid, beyond=True))
        return lambda one: one.row.uid in uids


def needs_heads(key: Key) -> bool:
    """Tell whether heads are looked at for *key*."""
    if key.name in ("AND", "OR"):
        return any(needs_heads(one) for one in key.value)
    return needs_heads(key.value) if key.name == "NOT" else key.name in _OF_HEADS


def _day(milliseconds: int) -> date:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).date()


def _flag(name: str, *, is_set: bool) -> Test:
    bit = BITS[name]
    return lambda one: bool(one.row.flags & bit) == is_set


def _has(values: Callable[[Candidate], Iterable[str]]) -> Callable[[str], Test]:
    def make(wanted: str) -> Test:
        words = folded(wanted)
        return lambda one: any(words in value for value in values(one))

    return make


def _people(field: str) -> Callable[[Candidate], Iterable[str]]:
    def values(one: Candidate) -> Iterator[str]:
        for name, _route, local, host in getattr(one.envelope, field):
            address = b"@".join(part for part in (local, host) if part)
            yield folded(f"{mime.text(name or b'')} <{address.decode('latin-1')}>")

    return values


def _subject(one: Candidate) -> Iterable[str]:
    return [folded(one.subject)]


def _text(one: Candidate) -> Iterator[str]:
    place = one.structure.places[""]
    header = one.octets(place.start, place.body)
    fields = mime.read(header).fields
    yield folded(header.decode("latin-1"))
    yield from (folded(mime.text(value)) for _whole, _name, value in fields.lines)
    yield one.text


def _header(wanted: tuple[str, str]) -> Test:
    name, words = wanted[0], folded(wanted[1])
    return lambda one: any(words in value for value in one.header(name))


def _dated(compare: Callable[[date, date], bool], *, sent: bool) -> Callable[[date], Test]:
    def make(wanted: date) -> Test:
        if sent:  # by its author's clock, wherever that was
            return lambda one: (
                (on := written_on(one.envelope.date)) is not None and compare(on, wanted)
            )
        return lambda one: compare(_day(one.row.date), wanted)

    return make


def _before(one: date, other: date) -> bool:
    return one < other


def _on(one: date, other: date) -> bool:
    return one == other


def _since(one: date, other: date) -> bool:
    return one >= other


_OF_HEADS = frozenset({"BCC", "CC", "FROM", "TO", "SUBJECT", "SENTBEFORE", "SENTON", "SENTSINCE"})
_ALONE: Mapping[str, Test] = {
    "ALL": lambda _one: True,
    "NEW": lambda _one: False,  # nothing is recent
    "OLD": lambda _one: True,
    "RECENT": lambda _one: False,
    **{name: _flag(name, is_set=True) for name in BITS},
    **{f"UN{name}": _flag(name, is_set=False) for name in BITS},
}
_TESTS: Mapping[str, Callable[[Any], Test]] = {
    "BCC": _has(_people("bcc")),
    "CC": _has(_people("cc")),
    "FROM": _has(_people("author")),
    "TO": _has(_people("to")),
    "SUBJECT": _has(_subject),
    "BODY": _has(lambda one: [one.text]),
    "TEXT": _has(_text),
    "HEADER": _header,
    "BEFORE": _dated(_before, sent=False),
    "ON": _dated(_on, sent=False),
    "SINCE": _dated(_since, sent=False),
    "SENTBEFORE": _dated(_before, sent=True),
    "SENTON": _dated(_on, sent=True),
    "SENTSINCE": _dated(_since, sent=True),
    "LARGER": lambda size: lambda one: one.row.size > size,
    "SMALLER": lambda size: lambda one: one.row.size < size,
    "MODSEQ": lambda least: lambda one: one.row.modseq >= least,
    "EMAILID": lambda wanted: lambda one: f"M{one.row.id:x}" == wanted,
    "THREADID": lambda wanted: lambda one: f"T{one.row.thread:x}" == wanted,
}
