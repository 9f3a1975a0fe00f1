"""What sends: messages that are due are taken, handed over side by side, and settled.

A message is marked as being sent in a transaction of its own before anything leaves, and settled
in another one.  Who dies in between leaves it uncertain: it is not sent a second time by itself.
"""

import logging
import secrets
import threading
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from communicate.bells import bells_of
from communicate.outbox.gate import Gate, Leaving
from communicate.storage.work import work
from communicate.workers import Workers
from communicate_sms import states
from communicate_sms.content import NAME
from communicate_sms.queue import FIELDS, OPERATOR, Errand, Outcome, Queue
from communicate_sms.reporting import Reports
from communicate_sms.transports.passing import Outgoing, Refused, Transport, TryLater, Uncertain

LEASE = timedelta(minutes=2)  # longer than any operator is waited for
AT_ONCE = 32  # messages on their way
POLL = 5.0  # seconds without a look into the queue
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """What became of an errand, and that something left the site, if it did."""

    outcome: Outcome
    left: Leaving | None = None


class Runner:
    """Send what is due by *ways*, until it is told to stop."""

    def __init__(
        self,
        registry: Any,
        ways: Mapping[str, Transport],
        senders: Mapping[str, str],
        receipts: str,
        *,
        at_once: int = AT_ONCE,
        lease: timedelta = LEASE,
    ) -> None:
        self.registry = registry
        self.ways = ways
        self.senders = senders  # of each way
        self.receipts = receipts  # the address that receipts are brought to; the token is added
        self.at_once = at_once
        self.lease = lease
        self.holder = secrets.token_hex(8)
        self.reports = Reports(registry, ways)
        self._gate = Gate(self)
        self._pool = Workers(at_once, "sms")
        self._tasks: dict[Future[Done], int] = {}
        self._done: list[tuple[int, Done]] = []  # that is not written down yet
        self._wake = threading.Event()

    def serve(self, stop: threading.Event) -> None:
        """Send until *stop* is set; then settle what is on its way."""
        bells = bells_of(self.registry, NAME)
        bells.add(self._wake.set)
        try:
            while not stop.is_set():
                self._wake.clear()
                busy = self.step()
                self.reports.tell()
                if not busy:
                    self._wake.wait(POLL)
        finally:
            bells.remove(self._wake.set)
            self.end()
            self.reports.end()

    def wake(self) -> None:
        """Look into the queue now."""
        self._wake.set()

    def drain(self) -> None:
        """Send all that is due, and return once it is settled."""
        while self.step():
            pass

    def step(self) -> bool:
        """Settle what is done, take what there is room for; tell whether there was anything."""
        try:
            self._turn()
        except Exception:
            log.exception("the queue of text messages cannot be used: trying again")
            return False
        if self._tasks:
            done, _others = wait(self._tasks, timeout=1.0, return_when=FIRST_COMPLETED)
            self._done += [(self._tasks.pop(task), _result(task)) for task in done]
        return bool(self._tasks or self._done)

    def end(self) -> None:
        """Settle all that is on its way, and send no more."""
        done, _others = wait(self._tasks)
        self._done += [(self._tasks.pop(task), _result(task)) for task in done]
        self._settle()
        self._pool.shutdown()

    def _turn(self) -> None:
        """Write down and take in one transaction: each one waits for the disk."""
        room = self.at_once - len(self._tasks)
        if room or self._done:
            taken = work(self.registry, partial(self._write_down_and_take, room))
            self._done.clear()
            for errand in taken:
                self._tasks[self._pool.submit(self._send, errand)] = errand.id

    def _write_down_and_take(self, room: int, request: Any) -> list[Errand]:
        self._write_down(request)
        return Queue(request).take(self.holder, room, self.lease) if room else []

    def _send(self, errand: Errand) -> Done:
        """Hand *errand* over by its way, through the gate."""
        receipts = f"{self.receipts}{errand.way}/{errand.token}" if self.receipts else ""
        message = Outgoing(
            errand.number, errand.text, self.senders[errand.way], errand.token, receipts
        )
        fields = dict.fromkeys(FIELDS)
        with self._gate.pass_apart(
            OPERATOR, errand.purpose, fields, about=errand.author or None
        ) as leaving:
            leaving.begin()
            outcome = _handed_over(self.ways[errand.way], message)
        self.reports.note(errand.way, outcome)
        return Done(outcome, leaving)

    def _settle(self) -> None:
        """Write down what became of all that is done, together."""
        if self._done:
            work(self.registry, self._write_down)
            self._done.clear()

    def _write_down(self, request: Any) -> None:
        queue = Queue(request)
        for number, done in self._done:
            has_left = done.outcome.state != states.WAITING
            # Of what has come to be in doubt meanwhile that was recorded then.
            if done.left is not None and has_left and not queue.is_in_doubt(number):
                done.left.record(request)
            queue.settle(number, self.holder, done.outcome)


def _handed_over(way: Transport, message: Outgoing) -> Outcome:
    """Hand *message* over; return what became of it."""
    try:
        return Outcome(states.SENT, way.send(message))
    except Refused as error:
        return Outcome(states.FAILED, why=str(error))
    except TryLater as error:
        pause = timedelta(seconds=error.seconds)
        return Outcome(states.WAITING, why=str(error), pause=pause, fault=error.fault)
    except Uncertain as error:
        return Outcome(states.UNCERTAIN, why=str(error))


def _result(task: "Future[Done]") -> Done:
    """Return what *task* came to; a fault of ours leaves it uncertain."""
    error = task.exception()
    if error is None:
        return task.result()
    log.error("a text message could not be handed over: %s", type(error).__name__)
    return Done(Outcome(states.UNCERTAIN, why=type(error).__name__))
