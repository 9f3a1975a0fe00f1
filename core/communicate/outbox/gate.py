"""The gate: the one way by which anything leaves the machine.

Whoever is about to open a connection asks first and keeps the pass open while it lasts::

    gate = request.find_service(IGate)
    with gate.pass_(RELAY, "mail", {"address": to, "text": text}, about=uid) as leaving:
        connection = connect()
        leaving.begin()
        connection.send(...)

What left about a member is recorded for that member (`communicate.disclosure`).  The gate guards
against accidents in our own code, not against an intruder: operators have a firewall for that.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from zope.interface import implementer

from communicate.declarations import Recipient
from communicate.disclosure.attempts import Attempt, culprit, refused
from communicate.disclosure.services import DisclosureService
from communicate.interfaces import IGate, IPlugins
from communicate.outbox.errors import GiveUp
from communicate.outbox.services import outbox_of
from communicate.storage.work import work

LEFT = "communicate.gate.left"  # in the environ of a request: what has left in it
_passing: ContextVar[str | None] = ContextVar("communicate.gate", default=None)


class Undeclared(GiveUp):
    """Something was about to leave to a recipient, or with a field, that nobody declared."""


def passing() -> str | None:
    """Return the recipient to whom something is leaving right now in this thread, or None.

    The test kit asks this whenever a socket is opened: None means past the gate.
    """
    return _passing.get()


@dataclass
class Leaving:
    """What is leaving: to whom, why, the names of the fields, about which member if about any."""

    recipient: str
    purpose: str
    fields: tuple[str, ...]
    about: int | None = None
    begun: bool = False

    def begin(self) -> None:
        """Say that the first word is on its way: what fails from now on has left all the same."""
        self.begun = True

    def record(self, request: Any) -> None:
        """Count it, and record it for the member whom it is about."""
        outbox_of(request).count_passed(self.recipient, self.purpose)
        if self.about is not None:
            record = DisclosureService(request).record
            record(self.about, self.recipient, self.purpose, self.fields)


@implementer(IGate)
class Gate:
    """Let declared fields pass to declared recipients, and record it."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self._recipients: dict[str, Recipient] = {}

    def recipients(self) -> dict[str, Recipient]:
        """Return every declared recipient by name; the first declaration of a name counts."""
        if not self._recipients:  # asked once: whoever sends much keeps its gate
            plugins = self.request.registry.getUtility(IPlugins)
            declared = plugins.gather("communicate_recipients")
            self._recipients = {one.name: one for one in reversed(list(declared))}
        return self._recipients

    def pass_(
        self,
        recipient: str,
        purpose: str,
        fields: Mapping[str, Any],
        *,
        about: int | None = None,
    ) -> AbstractContextManager[Leaving]:
        """Let *fields* leave to *recipient* for *purpose*, and record it; raise Undeclared.

        *about* is the uid of the member whom they concern, who is shown when, to whom, which
        fields, and why; what they hold is kept nowhere.  The sending itself goes into a ``with``
        block of what is returned.
        """
        return self._open(self._checked(recipient, purpose, fields, about))

    def pass_apart(
        self,
        recipient: str,
        purpose: str,
        fields: Mapping[str, Any],
        *,
        about: int | None = None,
    ) -> AbstractContextManager[Leaving]:
        """Let *fields* leave as `pass_` does, where no transaction lasts as long as the sending.

        For servers that send much at once, each in a task or thread of its own.  Nothing is
        recorded by leaving the block: whoever sends calls ``record`` of what it yields, if that
        has begun, in the transaction that says what became of it.
        """
        return self._let_through(self._checked(recipient, purpose, fields, about))

    def _checked(
        self, recipient: str, purpose: str, fields: Mapping[str, Any], about: int | None
    ) -> Leaving:
        declared = self.recipients().get(recipient)
        excess = sorted(set(fields) - set(declared.fields if declared else ()))
        if declared is None or excess:
            refused(Attempt(*culprit(sys._getframe(2)), recipient, tuple(excess)))
        if declared is None:
            raise Undeclared(
                f"nothing may leave to {recipient!r}: declare it in communicate_recipients first"
            )
        if excess:
            raise Undeclared(
                f"{', '.join(excess)} may not leave to {recipient!r}: "
                "add it to the fields that communicate_recipients declares, or leave it out"
            )
        return Leaving(recipient, purpose, tuple(sorted(fields)), about)

    @contextmanager
    def _let_through(self, leaving: Leaving) -> Iterator[Leaving]:
        """Let this thread, or task, through."""
        token = _passing.set(leaving.recipient)
        try:
            yield leaving
        finally:
            _passing.reset(token)

    @contextmanager
    def _open(self, leaving: Leaving) -> Iterator[Leaving]:
        """Let this thread through; what left is recorded even where the transaction is undone."""
        try:
            with self._let_through(leaving):
                yield leaving
        except BaseException:
            if leaving.begun:
                work(self.request.registry, leaving.record)
            raise
        leaving.record(self.request)
        self.request.environ.setdefault(LEFT, []).append(leaving)

    def passed(self) -> dict[tuple[str, str], int]:
        """Return how often something left, by recipient and purpose."""
        return {pair: int(count()) for pair, count in outbox_of(self.request).passed.items()}
