"""Providers that are asked over HTTP, each described by a template.

In a template ``$number`` stands for the number (E.164), ``$digits`` for it without its sign,
``$text``, ``$sender`` and ``$token`` for those, ``$type`` for ``text`` or, where UCS-2 is needed,
``unicode``, ``$receipts`` for the address that receipts are brought to, and ``$user``,
``$password``, ``$service`` for what the operator of the site wrote.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from string import Template
from typing import Any
from urllib.parse import urlencode, urlsplit

from communicate_sms import alphabet
from communicate_sms.transports import wire
from communicate_sms.transports.passing import (
    NOTHING,
    Call,
    Forged,
    Incoming,
    Outgoing,
    Part,
    Receipt,
    Refused,
    TryLater,
    Uncertain,
    Unreadable,
    part_of,
)

FORM, JSON, QUERY = "form", "json", "query"
SOON, LONG = 30, 3600  # seconds
_HALVES = re.compile("[\ud800-\udfff]")
TYPES = {FORM: "application/x-www-form-urlencoded; charset=utf-8", JSON: "application/json"}

Sign = Callable[["Keys", str, str, bytes], Mapping[str, str]]
Check = Callable[["Keys", Call], bool]


@dataclass(frozen=True)
class Keys:
    """What the operator of the site has from the provider."""

    user: str = ""
    password: str = ""
    service: str = ""  # of an account that has several
    secret: str = ""  # by which the provider signs what it brings


@dataclass(frozen=True)
class Brought:
    """Where a receipt or a message says what: names of fields."""

    state: str = ""
    reference: str = ""
    sender: str = ""
    recipient: str = ""
    text: str = ""
    detail: str = ""
    series: str = ""  # where parts come one by one: what they have in common
    total: str = ""  # how many they are
    part: str = ""  # which it is, from 1


@dataclass(frozen=True)
class Provider:
    """A provider's way of talking."""

    url: str
    fields: Mapping[str, Any]
    receipts: Mapping[str, str] = field(
        default_factory=dict
    )  # further fields where they are wanted
    style: str = FORM
    method: str = "POST"
    basic: bool = False  # sign in with user and password (RFC 7617)
    headers: Mapping[str, str] = field(default_factory=dict)
    sign: Sign | None = None  # further headers
    good: range = range(200, 300)
    verdict: str = (
        ""  # path in the answer of what says whether it is taken; empty: the status does
    )
    taken: frozenset[str] = frozenset()  # what it says then; empty: anything
    busy: frozenset[str] = frozenset()  # what it says where it is to be tried again
    reference: str = ""  # path in the answer of the provider's name for the message
    check: Check | None = None  # of what it brings
    states: Mapping[str, int] = field(default_factory=dict)
    receipt: Brought = Brought()
    incoming: Brought = Brought()
    answer: tuple[str, str] = NOTHING  # to what it brings: the type, and the words

    def at(self, base: str) -> "Provider":
        """Return it as asked at *base*, ``https://host``, where that is not empty."""
        return replace(self, url=base.rstrip("/") + urlsplit(self.url).path) if base else self


class HTTPTransport:
    """A provider, asked with the keys of this site."""

    def __init__(self, name: str, provider: Provider, keys: Keys) -> None:
        self.name = name
        self.provider = provider
        self.keys = keys
        self.signed = provider.check is not None
        self.answer = provider.answer

    def send(self, message: Outgoing) -> str:
        """Hand *message* over; return the provider's name for it."""
        method, url, body, headers = self._request(message)
        return self._reference(wire.call(method, url, body, headers))

    def _request(self, message: Outgoing) -> tuple[str, str, bytes, dict[str, str]]:
        provider = self.provider
        words = {**message._asdict(), **_words(self.keys), "digits": message.number.lstrip("+")}
        words["type"] = "unicode" if alphabet.foreign(message.text) else "text"
        url = filled(provider.url, words)
        wanted = {**provider.fields, **(provider.receipts if message.receipts else {})}
        fields = filled(wanted, words)
        headers = {"Accept": "application/json", **filled(dict(provider.headers), words)}
        body = b""
        if provider.style == JSON:
            body = json.dumps(fields, ensure_ascii=False).encode()
        elif provider.style == FORM:
            body = urlencode(fields).encode()
        else:
            url = f"{url}?{urlencode(fields)}"
        if body:
            headers["Content-Type"] = TYPES[provider.style]
        if provider.basic:
            pair = f"{self.keys.user}:{self.keys.password}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
        if provider.sign:
            headers |= provider.sign(self.keys, provider.method, url, body)
        return provider.method, url, body, headers

    def _reference(self, answer: wire.Answer) -> str:
        """Return the provider's name for a message that it has taken; raise where it has not."""
        provider = self.provider
        if answer.status not in provider.good:
            raise _refusal(answer)
        if not provider.verdict and not provider.reference:
            return ""
        try:
            said = json.loads(answer.body)
        except (ValueError, RecursionError):
            raise Uncertain(f"{self.name} answered no JSON") from None
        if provider.verdict:
            self._judge(at(said, provider.verdict))
        reference = at(said, provider.reference)
        return "" if reference is None else str(reference)[:200]

    def _judge(self, verdict: Any) -> None:
        """Return where the answer says that the message is taken."""
        if verdict is None and self.provider.taken:
            raise Uncertain(f"{self.name} did not say whether it takes the message")
        if str(verdict) in self.provider.busy:
            raise TryLater(f"{self.name} is busy: {verdict}", SOON)
        if verdict is None or (self.provider.taken and str(verdict) not in self.provider.taken):
            raise Refused(f"{self.name} refuses the message: {str(verdict)[:80]}")

    def stop(self) -> None:
        """End nothing: each message has a connection of its own."""

    def parse_receipt(self, call: Call) -> Receipt:
        """Return what *call* says of a message; raise Forged or Unreadable."""
        self._check(call)
        fields, names = fields_of(call), self.provider.receipt
        state = self.provider.states.get(fields.get(names.state, ""))
        if state is None:
            raise Unreadable("no state that is known")
        return Receipt(
            state, fields.get(names.reference, "")[:200], fields.get(names.detail, "")[:200]
        )

    def parse_incoming(self, call: Call) -> Incoming:
        """Return the message that *call* brings; raise Forged or Unreadable."""
        self._check(call)
        fields, names = fields_of(call), self.provider.incoming
        try:
            sender, text = fields[names.sender], fields[names.text]
        except KeyError as missing:
            raise Unreadable(f"there is no {missing}") from None
        if sender.isdecimal():
            sender = f"+{sender}"
        reference = fields.get(names.reference, "")[:200]
        return Incoming(
            sender, fields.get(names.recipient, ""), text, reference, _part(fields, names)
        )

    def _check(self, call: Call) -> None:
        if self.provider.check and not self.provider.check(self.keys, call):
            raise Forged(f"{self.name} has not signed this")


def _refusal(answer: wire.Answer) -> Exception:
    """Return what a status means that is no success."""
    if answer.status in (429, 503):
        return TryLater(f"the provider asks for patience: {answer.status}", _patience(answer))
    if answer.status in (401, 402, 403, 404, 405):
        return TryLater(f"the provider does not let this site in: {answer.status}", LONG)
    if 400 <= answer.status < 500:
        return Refused(f"the provider refuses the message: {answer.status}")
    return Uncertain(f"the provider answered {answer.status}")


def _patience(answer: wire.Answer) -> int:
    asked = answer.headers.get("retry-after", "")
    return min(int(asked), LONG) if asked.isdecimal() and len(asked) < 6 else SOON


def filled(what: Any, words: Mapping[str, str]) -> Any:
    """Return *what*, of texts, with its places filled; what fills them is read as no place."""
    if isinstance(what, str):
        return Template(what).substitute(words)
    if isinstance(what, Mapping):
        return {key: filled(one, words) for key, one in what.items()}
    if isinstance(what, list):
        return [filled(one, words) for one in what]
    return what


def at(found: Any, path: str) -> Any:
    """Return what lies at *path* in *found*, of JSON: names and numbers parted by dots; or None.

    >>> at({"messages": [{"status": "0"}]}, "messages.0.status")
    '0'
    """
    for step in path.split(".") if path else [""]:
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdecimal() and int(step) < len(found):
            found = found[int(step)]
        else:
            return None
    return found


def _words(keys: Keys) -> dict[str, str]:
    return {"user": keys.user, "password": keys.password, "service": keys.service}


def _part(fields: Mapping[str, str], names: Brought) -> Part | None:
    """Return which part *fields* say that they are, or None."""
    said = [fields.get(name, "") for name in (names.series, names.total, names.part)]
    if not all(one.isascii() and one.isdecimal() and len(one) < 10 for one in said):
        return None
    series, total, at = map(int, said)
    return part_of(series, total, at)


def fields_of(call: Call) -> Mapping[str, str]:
    """Return the fields of *call*, those of a body of JSON too."""
    if not call.body.lstrip().startswith(b"{"):
        return call.fields
    try:
        found = {_whole(name): _whole(what) for name, what in _flat(json.loads(call.body))}
    except (ValueError, RecursionError):
        raise Unreadable("no JSON") from None
    return {**call.fields, **found}


def _whole(text: str) -> str:
    """Return *text*, in which JSON may have escaped half a character: no encoding has that."""
    return _HALVES.sub("\N{REPLACEMENT CHARACTER}", text)


def _flat(said: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield what *said*, of JSON, holds, each under its path: as `at` takes it."""
    pairs = said.items() if isinstance(said, dict) else enumerate(said)
    for key, what in pairs:
        if isinstance(what, dict | list):
            yield from _flat(what, f"{path}{key}.")
        else:
            yield f"{path}{key}", what if isinstance(what, str) else json.dumps(what)
