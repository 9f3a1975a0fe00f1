"""`IErasure`: begin an erasure, and show its receipt."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zope.interface import implementer

from communicate.clock import milliseconds, moment, now
from communicate.erasure.content import Erasure, Erasures
from communicate.erasure.entry import LedgerEntry
from communicate.erasure.ledger import Ledger
from communicate.erasure.steps import CLOSE, LEDGER, AfterStep, nothing
from communicate.interfaces import IErasure, IKeyRing, IMembers, IOutbox

JOB = "communicate.erasure"


class NoSuchAccount(LookupError):
    """There is no account and no key of that number."""


@dataclass(frozen=True)
class Receipt:
    """How far an erasure is; it holds no personal data.

    *states* is by step, *plugins* by plugin ("done", "pending"; "none": nothing to do yet),
    *counts* by kind of thing, as plugins told.
    """

    started: datetime
    finished: datetime | None
    states: dict[str, str]
    plugins: dict[str, str]
    counts: dict[str, int]


def erasures_of(request: Any) -> Erasures:
    """Return the erasures in the tree that *request* sees."""
    erasures: Erasures = request.root_map["erasures"]
    return erasures


def ledger_of(registry: Any) -> Ledger:
    """Return the ledger that the settings name."""
    return Ledger(registry.settings["communicate.ledger_file"])


@implementer(IErasure)
class ErasureService:
    """Erasures, for one request; *after* is told of each step that is done."""

    def __init__(self, request: Any, after: AfterStep = nothing) -> None:
        self.request = request
        self.erasures = erasures_of(request)
        self.after = after

    def start(self, uid: int) -> str:
        """Close the account *uid* with this transaction, and have all of it erased by a job.

        The ledger has its line when the transaction commits; from then on the account cannot sign
        in and everything of it reads as deleted.  Return the code that shows the receipt (empty
        where the erasure has begun already).  Raise NoSuchAccount, or LedgerUnusable before
        anything has changed.
        """
        if uid in self.erasures.by_uid:
            return ""
        members = self.request.find_service(IMembers)
        member = members.by_uid(uid, closed=True)
        if member is None and not self.request.find_service(IKeyRing).holds(uid):
            raise NoSuchAccount("this account does not exist: it may have been erased already")
        ledger = ledger_of(self.request.registry)
        ledger.check()
        if member is not None:
            members.close(member)
        return self._record(uid, ledger)

    def _record(self, uid: int, ledger: Ledger) -> str:
        code, present = secrets.token_urlsafe(24), now(self.request)
        erasure = Erasure(uid, milliseconds(present), digest(code))
        for step in (LEDGER, CLOSE):
            erasure.set_state(step, "done")
        self.erasures.add(erasure)
        queue(self.request, erasure)
        manager = self.request.tm
        manager.get().join(LedgerEntry(manager, ledger, uid, present, self.after))
        return code

    def receipt(self, code: str) -> Receipt | None:
        """Return the receipt that *code* shows, or None."""
        uid = self.erasures.codes.get(digest(code))
        return None if uid is None else receipt_of(self.erasures.by_uid[uid])

    def pending(self) -> dict[str, int]:
        """Return how many erasures wait for each plugin, for operators."""
        found: dict[str, int] = {}
        for uid in self.erasures.open:
            for plugin, state in self.erasures.by_uid[uid].plugins.items():
                if state == "pending":
                    found[plugin] = found.get(plugin, 0) + 1
        return found


def receipt_of(erasure: Erasure) -> Receipt:
    """Return the receipt of *erasure* as it stands."""
    return Receipt(
        moment(erasure.started),
        None if erasure.finished is None else moment(erasure.finished),
        dict(erasure.states),
        dict(erasure.plugins),
        dict(erasure.counts),
    )


def queue(request: Any, erasure: Erasure) -> None:
    """Have a job go on with *erasure*, unless one is on its way."""
    if erasure.job not in request.root_map["outbox"].jobs:
        erasure.job = request.find_service(IOutbox).add(JOB, {"uid": erasure.uid})


def digest(code: str) -> bytes:
    """Return the form in which the code of a receipt is kept."""
    return hashlib.sha256(code.encode()).digest()
