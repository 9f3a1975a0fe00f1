"""Messages that come in several parts, put together in whichever order they come.

What is missing is waited for during a day; then what there is comes, with a mark in each gap.  How
much can wait is bounded, of one sender and of all: what is oldest comes early then.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from communicate.clock import milliseconds, now
from communicate.interfaces import ISeals
from communicate.sealing import SITE
from communicate_sms.content import NAME, Pieces
from communicate_sms.transports.passing import Part

KIND = "sms.piece"
LABEL = "sms.pieces"
PATIENCE = timedelta(days=1)
MOST = 1000  # messages that wait, of all senders
EACH = 8  # of one
PARTS = 64  # of one message: who counts more of them sends messages
GAP = "[…]"
Key = tuple[bytes, bytes]


class Whole(NamedTuple):
    """A message from *sender*, as far as it has come."""

    sender: str
    text: str


class Table:
    """What waits for its other parts, in one transaction."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals = request.find_service(ISeals)
        self.tree = request.site[NAME]
        self.now = milliseconds(now(request))

    def add(self, way: str, sender: str, recipient: str, part: Part, text: str) -> list[Whole]:
        """Put *text* to the other parts; return what is whole, or cannot be waited for."""
        if part.total > PARTS:
            return [Whole(sender, f"{GAP} {text}")]
        key = self._key(way, sender, recipient, part)
        done: list[Whole] = []
        held: Pieces | None = self.tree.pieces.get(key)
        if held is not None and part.at in held.texts:
            if self.seals.text(held.texts[part.at]) == text:
                return []
            done.append(self._taken(key))  # the sender's phone counts anew
            held = None
        if held is None:
            done += self._room(key)
            held = self._begin(key, sender, part.total)
        held.texts = {**held.texts, part.at: self.seals.seal(SITE, KIND, text)}
        if len(held.texts) == held.total:
            done.append(self._taken(key))
        return done

    def overdue(self, most: int, patience: timedelta = PATIENCE) -> list[Whole]:
        """Return up to *most* messages whose parts are waited for no longer."""
        late = milliseconds(now(self.request) - patience)
        found = list(self.tree.waiting.keys((1, b"", b""), (late + 1, b"", b"")))
        return [self._taken((one, other)) for _since, one, other in found[:most]]

    def _begin(self, key: Key, sender: str, total: int) -> Pieces:
        sealed = self.seals.seal(SITE, KIND, sender)
        made = self.tree.pieces[key] = Pieces(sealed, total, self.now)
        self.tree.waiting.insert((self.now, *key))
        return made

    def _room(self, key: Key) -> Iterator[Whole]:
        """Yield what has to come as it is, for there is no room for one more."""
        own = list(self.tree.pieces.items((key[0], b""), (key[0], b"\xff" * 33)))
        if len(own) >= EACH:
            yield self._taken(min(own, key=lambda item: item[1].since)[0])
        elif len(self.tree.pieces) >= MOST:
            _since, one, other = self.tree.waiting.minKey((1, b"", b""))
            yield self._taken((one, other))

    def _taken(self, key: Key) -> Whole:
        """Return what there is of the message *key*, of which nothing is kept here any more."""
        held: Pieces = self.tree.pieces.pop(key)
        self.tree.waiting.discard((held.since, *key))
        return Whole(self.seals.text(held.sender) or "", "".join(self._joined(held)))

    def _joined(self, held: Pieces) -> Iterator[str]:
        there = True
        for at in range(1, held.total + 1):
            sealed = held.texts.get(at)
            if sealed is not None:
                yield self.seals.text(sealed) or ""
            elif there:
                yield f" {GAP} "
            there = sealed is not None

    def _key(self, way: str, sender: str, recipient: str, part: Part) -> Key:
        common = f"{way}\0{recipient}\0{part.series}\0{part.total}"
        return (
            self.seals.hmac(LABEL, f"{way}\0{sender}".encode()),
            self.seals.hmac(LABEL, f"{sender}\0{common}".encode()),
        )
