"""What operators see of the queue: how much there is, by which way, to which country.

Never a number or a text: whoever reads these pages learns when something was written, and that is
all.  A country is told because routes and prices hang on it.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from communicate.sealing import Destroyed
from communicate.web.i18n import PluralFactory
from communicate_sms import numbers, reasons
from communicate_sms.content import Message, WayState
from communicate_sms.queue import Queue, exchange_of
from communicate_sms.ways import Way

_n = PluralFactory("communicate_sms")

PARTS = _n("${n} part", "${n} parts")
SHOWN = 100  # uncertain ones on the page


class Counts(NamedTuple):
    """How many messages there are: due, being sent, for later, and nobody knows."""

    waiting: int
    sending: int
    later: int
    uncertain: int


class Doubt(NamedTuple):
    """An uncertain message as operators see it; *country* is ``FR``, or empty."""

    id: int
    queued: int  # milliseconds since 1970
    way: str
    country: str
    parts: int
    purpose: str
    why: str  # one of our sentences in English, or empty


def counts(queue: Queue) -> Counts:
    """Return what waits, by its state."""
    tree, after = queue.tree, (queue.now + 1,)
    return Counts(
        len(tree.due.keys((1,), after)),
        len(tree.claims.keys((1,))),
        len(tree.due.keys(after)),
        len(tree.uncertain),
    )


def doubts(queue: Queue) -> Iterator[Doubt]:
    """Yield the uncertain messages, the oldest first, as many as a page shows."""
    return (doubt(queue, message) for message in islice(queue.uncertain(), SHOWN))


def doubt(queue: Queue, message: Message) -> Doubt:
    """Return *message* as operators see it."""
    return Doubt(
        message.id,
        message.queued,
        message.way,
        country(queue, message),
        message.parts,
        message.purpose,
        reasons.cleaned(message.detail),
    )


def country(queue: Queue, message: Message) -> str:
    """Return the region of its number, empty where there is none any more."""
    try:
        number = queue.number_of(message)
    except Destroyed:
        return ""
    return numbers.country(number) if number else ""


def needed(request: Any) -> int:
    """Return how many messages wait for an operator to decide."""
    return len(Queue(request).tree.uncertain)


class WayRow(NamedTuple):
    """A way as operators see it; moments are milliseconds since 1970, 0 where there was none."""

    name: str
    kind: str
    state: str  # one of the words below
    taken: int
    missed: int
    why: str  # one of our sentences in English, or empty
    told: int


IN_ORDER, BROKEN, UNBOUND, UNUSED = "in order", "broken", "unbound", "unused"


def ways(request: Any) -> list[WayRow]:
    """Return the ways of the settings, in their order, each with what is known of it."""
    known = exchange_of(request).ways
    return [
        way_row(way, known.get(way.name) or WayState())
        for way in request.registry.settings["sms.ways"]
    ]


def way_row(way: Way, state: WayState) -> WayRow:
    """Return *way* as operators see it, which does as *state* says."""
    return WayRow(
        way.name, way.kind, word_of(state), state.taken, state.missed, state.why, state.told
    )


def word_of(state: WayState) -> str:
    """Return in one word how a way does."""
    if state.bound is False:
        return UNBOUND
    if state.fault:
        return BROKEN
    return IN_ORDER if state.bound or state.taken or state.missed else UNUSED
