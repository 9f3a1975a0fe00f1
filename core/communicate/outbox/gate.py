"""The gate: the one way by which anything leaves the machine.

Whoever is about to open a connection asks first and keeps the pass open while it lasts::

    with request.find_service(IGate).pass_(RELAY, "mail", {"address": to, "text": text}):
        connection.send(...)

It guards against accidents in our own code, not against an intruder: operators have a firewall
for that.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

from zope.interface import implementer

from communicate.declarations import Recipient
from communicate.interfaces import IGate, IPlugins
from communicate.outbox.errors import GiveUp
from communicate.outbox.services import outbox_of

_passing: ContextVar[str | None] = ContextVar("communicate.gate", default=None)


class Undeclared(GiveUp):
    """Something was about to leave to a recipient, or with a field, that nobody declared."""


def passing() -> str | None:
    """Return the recipient to whom something is leaving right now in this thread, or None.

    The test kit asks this whenever a socket is opened: None means past the gate.
    """
    return _passing.get()


@implementer(IGate)
class Gate:
    """Let declared fields pass to declared recipients, and count how often."""

    def __init__(self, request: Any) -> None:
        self.request = request

    def recipients(self) -> dict[str, Recipient]:
        """Return every declared recipient by name; the first declaration of a name counts."""
        plugins = self.request.registry.getUtility(IPlugins)
        found: dict[str, Recipient] = {}
        for recipient in plugins.gather("communicate_recipients"):
            found.setdefault(recipient.name, recipient)
        return found

    def pass_(
        self, recipient: str, purpose: str, fields: Mapping[str, Any]
    ) -> AbstractContextManager[None]:
        """Count that *fields* leave to *recipient* for *purpose*; raise Undeclared if not allowed.

        Only how often is recorded, never whose or what.  The sending itself goes into a ``with``
        block of what is returned.
        """
        declared = self.recipients().get(recipient)
        if declared is None:
            raise Undeclared(
                f"nothing may leave to {recipient!r}: declare it in communicate_recipients first"
            )
        excess = sorted(set(fields) - set(declared.fields))
        if excess:
            raise Undeclared(
                f"{', '.join(excess)} may not leave to {recipient!r}: "
                "add it to the fields that communicate_recipients declares, or leave it out"
            )
        outbox_of(self.request).count_passed(recipient, purpose)
        return _open(recipient)

    def passed(self) -> dict[tuple[str, str], int]:
        """Return how often something left, by recipient and purpose."""
        return {pair: int(count()) for pair, count in outbox_of(self.request).passed.items()}


@contextmanager
def _open(recipient: str) -> Iterator[None]:
    token = _passing.set(recipient)
    try:
        yield
    finally:
        _passing.reset(token)
