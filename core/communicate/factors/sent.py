"""Codes that are sent to a member: six digits, good once, in one browser, for ten minutes.

A code is kept as an HMAC together with the step that it was asked for, so that it takes no other;
a new one voids the old, in every browser.  Each guess is counted before it is looked at, in a
transaction of its own: neither guesses at once, nor other processes, get more than `TRIES`.
"""

import hmac
import secrets
from datetime import timedelta
from typing import Any

from communicate import clock
from communicate.accounts import signing
from communicate.accounts.limits import network
from communicate.factors.content import ROOT, Guesses, SentCode, Waiting
from communicate.factors.further import FurtherStep
from communicate.factors.waits import LONGEST_LIFE, Waits
from communicate.interfaces import IFactors, ILimits, ISeals
from communicate.storage.work import work

LABEL = "sent-code"
DIGITS, TRIES = 6, 5
MOMENT = timedelta(milliseconds=1)
MARKS = " -\u00a0\u202f\t"
GUESSED = "communicate.factors.guessed"
OF_ACCOUNT, OF_ADDRESS = ("second_pause", "second_codes", "second_codes_day"), "second_address"


class SentCodes:
    """The codes of the member who waits for a second step, for one request."""

    def __init__(self, request: Any, waiting: Waiting, member: Any) -> None:
        self.request = request
        self.waiting = waiting
        self.member = member
        self.held = request.find_service(IFactors).make(member.uid)

    @property
    def now(self) -> int:
        """The present moment in milliseconds."""
        return clock.milliseconds(clock.now(self.request))

    def send(self, way: FurtherStep) -> None:
        """Have a new code carried by *way*; raise `further.Unsent` or `limits.TooMany`.

        Only who has given the right password comes here, and not often: messages cost money.
        """
        self._count()
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        until = self.now + LONGEST_LIFE // MOMENT
        way.carry(self.request, self.member, code, until)
        self.held.sent = SentCode(way.name, self.waiting.challenge, self._mac(way, code), until)
        Waits(self.request).prolong(self.waiting, until)

    def is_sent(self, way: FurtherStep) -> bool:
        """Tell whether there is a code of *way*, asked for this step, that can be typed."""
        sent = self.held.sent
        return (
            sent is not None
            and (sent.way, sent.asked) == (way.name, self.waiting.challenge)
            and sent.until > self.now
            and sent.guesses.count < TRIES
        )

    def prove(self, way: FurtherStep, given: str) -> bool:
        """Tell whether *given* is the code that was sent for this step; it is used up then.

        Whoever guesses in another browser is not even counted: no code is right there.
        """
        if not self.is_sent(way):
            return False
        sent = self.held.sent
        if self._guess(sent.mac) > TRIES:
            return False
        if not hmac.compare_digest(sent.mac, self._mac(way, given)):
            return False
        self.held.sent = None
        return True

    def _guess(self, mac: bytes) -> int:
        """Return how often the code of *mac* was guessed at, with this guess, which is kept.

        A request that is tried again after a conflict is still the same guess.
        """
        counted: dict[bytes, int] = self.request.environ.setdefault(GUESSED, {})
        if mac not in counted:
            uid = self.member.uid
            counted[mac] = work(self.request.registry, lambda own: guess(own, uid, mac))
        return counted[mac]

    def _mac(self, way: FurtherStep, code: str) -> bytes:
        """Return what *code* is known by: for this step, and for what codes go to at present."""
        seals = self.request.find_service(ISeals)
        mark = way.mark(self.request, self.member) or b""
        typed = "".join(sign for sign in code if sign not in MARKS)
        parts = (self.waiting.challenge, way.name.encode(), mark, typed.encode("utf-8", "replace"))
        data = b"".join(len(part).to_bytes(2, "big") + part for part in parts)
        mac: bytes = seals.member_hmac(self.member.uid, LABEL, data)
        return mac

    def _count(self) -> None:
        """Count one message more, of this account and of this network; raise `TooMany`."""
        if self.request.environ.get("retry.attempt"):
            return
        limits = self.request.find_service(ILimits)
        mine = signing.member_key(self.request, self.member)
        counts = (*((name, mine) for name in OF_ACCOUNT), (OF_ADDRESS, network(self.request)))
        for name, key in counts:
            limits.check(name, key)
        for name, key in counts:
            limits.hit(name, key)


def guess(request: Any, uid: int, mac: bytes) -> int:
    """Count one guess more at the code of *mac*; return how many there were."""
    held = request.root_map[ROOT].members.get(uid)
    sent = None if held is None else held.sent
    if sent is None or not hmac.compare_digest(sent.mac, mac):
        return TRIES + 1  # there is another one by now, or none
    guesses: Guesses = sent.guesses
    guesses.count += 1
    return guesses.count
