"""What passes between the site and an operator, whichever way it takes.

Exactly four things leave with a message: the number, the text, the configured sender, and a random
token by which a receipt finds its message again.  A transport's ``send`` returns the operator's
name for the message, or raises one of three errors, which differ in what may be done next.
"""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

NOTHING = ("text/plain", "")  # what most operators want to hear: many send on what they are told


class Outgoing(NamedTuple):
    """A message as it leaves; nothing else about it does."""

    number: str  # E.164
    text: str  # as `communicate_sms.parts.tidy` has it
    sender: str  # as the operator configured it
    token: str
    receipts: str  # the address of the site to which a receipt is brought; empty: none is


class Receipt(NamedTuple):
    """What became of a message: *state* is one of `communicate_sms.states`.

    The address that it is brought to may say of which.
    """

    state: int
    reference: str = ""  # the operator's name for the message
    detail: str = ""  # the operator's code, for operators of the site


class Part(NamedTuple):
    """Which part a message is of one that came in several, told apart by *series*."""

    series: int
    total: int
    at: int  # from 1


def part_of(series: int, total: int, at: int) -> Part | None:
    """Return the part, None where it is the only one, or none that there can be."""
    return Part(series, total, at) if 1 < total <= 255 and 1 <= at <= total else None


class Incoming(NamedTuple):
    """A message that somebody sent to the site's number."""

    sender: str  # as it came: E.164, or the name of a service
    recipient: str
    text: str
    reference: str = ""  # the operator's name for it: the same one comes once
    part: Part | None = None


class Call(NamedTuple):
    """A request by which an operator brings something."""

    url: str  # whole, as the operator called it
    fields: Mapping[str, str]  # of the form where it posts one, of the query where it does not
    headers: Mapping[str, str]
    body: bytes = b""
    method: str = "POST"


class Refused(Exception):
    """The operator will not send this message: trying again is of no use."""


class TryLater(Exception):
    """The message is certainly not sent, and can be tried again after *seconds*.

    *fault* says that it is the way that is out of order, not the message: another way may do.
    """

    def __init__(self, why: str, seconds: int = 60, *, fault: bool = True) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.fault = fault


class Uncertain(Exception):
    """Nobody can tell whether the message was sent: it is not tried again by itself."""


class Forged(Exception):
    """What was brought does not prove that the operator brings it."""


class Unreadable(ValueError):
    """What was brought says nothing that is known."""


class Transport(Protocol):
    """One way to one operator."""

    name: str
    signed: bool  # what it brings proves by itself that the operator brings it
    answer: tuple[str, str]  # to what it brings: the type, and the words

    def send(self, message: Outgoing) -> str:
        """Hand *message* over; return the operator's name for it, empty where it has none.

        Raise Refused, TryLater or Uncertain.
        """

    def parse_receipt(self, call: Call) -> Receipt:
        """Return what *call* says of a message; raise Forged or Unreadable."""

    def parse_incoming(self, call: Call) -> Incoming:
        """Return the message that *call* brings; raise Forged or Unreadable."""

    def stop(self) -> None:
        """End what is held open."""
