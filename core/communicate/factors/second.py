"""The second step of signing in: asked for after the right password, taken by one way of several.

Three are the site's own; plugins add further ones, weaker, which come last: see `further`.

Everything is decided in the transaction that opens the session, so that of two requests that
bring one code, or one proof, only one is right: the other is tried again, and finds it used.
"""

import hashlib
import hmac
from functools import cached_property
from typing import Any

from communicate import clock
from communicate.accounts import signing
from communicate.accounts.limits import network
from communicate.factors import letters
from communicate.factors.content import ROOT, Waiting
from communicate.factors.further import FurtherStep, FurtherSteps
from communicate.factors.passkeys import BadPasskey, Claim, Copied, Credential, place
from communicate.factors.sent import SentCodes
from communicate.factors.tries import Tries
from communicate.factors.waits import PASSKEY, SIGN_IN, Waits
from communicate.interfaces import IFactors, ILimits, IMembers, ISeals

ADDRESS = "/login/second"
CODE, KEY, RECOVERY = "code", "passkey", "recovery"
DAY = 86_400_000  # milliseconds


def begin(request: Any, member: Any, *, remember: bool, came_from: str) -> str:
    """Have this browser wait for the second step of *member*; return where that is taken."""
    payload = {"remember": remember, "came_from": came_from, "stamp": stamp(member)}
    Waits(request).begin(SIGN_IN, member.uid, payload)
    return ADDRESS


def stamp(member: Any) -> str:
    """Return what changes with the password of *member*: with it, what waits is over."""
    return hashlib.sha256(member.password.encode()).hexdigest()


class SecondStep:
    """The second step that this browser waits for."""

    def __init__(self, request: Any, waiting: Waiting, member: Any) -> None:
        self.request = request
        self.waiting = waiting
        self.member = member
        self.factors: Any = request.find_service(IFactors)
        self.held = self.factors.make(member.uid)
        self.place = place(request.registry.settings)

    @classmethod
    def of(cls, request: Any) -> "SecondStep | None":
        """Return the step, None where it took too long or the account has changed meanwhile."""
        waits = Waits(request)
        waiting = waits.find(SIGN_IN)
        if waiting is None or waiting.uid is None:
            return None
        member = request.find_service(IMembers).by_uid(waiting.uid)
        if member is None:
            return None
        same = hmac.compare_digest(waits.payload(waiting).get("stamp", ""), stamp(member))
        if not same or not request.find_service(IFactors).is_set(member.uid):
            return None
        return cls(request, waiting, member)

    @property
    def ways(self) -> list[str]:
        """The ways that this member has, the one to begin with first."""
        has = {
            CODE: self.held.totp is not None,
            KEY: bool(self.held.passkeys) and self.place.usable,
            RECOVERY: True,
        }
        return [way for way, there in has.items() if there] + list(self.further)

    @cached_property
    def further(self) -> dict[str, FurtherStep]:
        """The further ways that this member has switched on, by name."""
        return FurtherSteps(self.request, self.member).usable

    @cached_property
    def codes(self) -> SentCodes:
        """The codes that are sent for this step."""
        return SentCodes(self.request, self.waiting, self.member)

    def question(self) -> str:
        """Return, in JSON, what the browser is asked for a proof by a passkey."""
        known = self.factors.credentials(self.member.uid)
        return self.place.request(self.waiting.challenge, known)

    def prove(self, way: str, given: str) -> bool:
        """Tell whether *given* is right for *way*; raise `TooMany` after too many that were not.

        The member is told when somebody with the right password goes on guessing.
        """
        mine = signing.member_key(self.request, self.member)
        others = (("second_day", mine), ("sign_in_address", network(self.request)))
        tries = Tries(self.request, (("second_account", mine),), others)
        tries.begin()
        if self._is_right(way, given):
            tries.succeed()
            return True
        if tries.are_spent("second_account", "second_day"):
            letters.send_at_once(self.request, "guessed", self.member)
        return False

    def _is_right(self, way: str, given: str) -> bool:
        if way == KEY:
            try:
                check(self.request, self.member, given, self.waiting.challenge, alone=False)
            except BadPasskey:
                return False
            return True
        if way in self.further:
            return self._is_sent_code(self.further[way], given)
        if way == CODE:
            return bool(self.factors.prove_code(self.member.uid, given))
        return bool(self.factors.prove_recovery(self.member, given))

    def _is_sent_code(self, way: FurtherStep, given: str) -> bool:
        """Tell whether *given* is the code that *way* carried; the member is told of its use."""
        if not self.codes.prove(way, given):
            return False
        title = FurtherSteps(self.request, self.member).titled(way)
        letters.send(self.request, "further-used", self.member, way=title)
        return True

    def finish(self) -> str:
        """Open the session that the password and this step allow; return where to go on."""
        waits = Waits(self.request)
        payload = waits.payload(self.waiting)
        waits.end(SIGN_IN)
        self.factors.admit(self.member, remember=payload["remember"])
        return signing.landing(self.member, str(payload["came_from"]))


def check(request: Any, member: Any, answer: str, challenge: bytes, *, alone: bool) -> None:
    """Raise BadPasskey unless *answer* proves that a passkey of *member* was there.

    *alone*, without a password, it must have known its member.  What a passkey counts is kept; one
    that counts backwards is refused, and its member told.
    """
    factors = request.find_service(IFactors)
    mark = factors.mark(Claim.of(answer).id)
    known = factors.make(member.uid).passkeys.values()
    one = next((key for key in known if hmac.compare_digest(key.mark, mark)), None)
    if one is None:
        raise BadPasskey("this passkey is another member's, or nobody's")
    credential = Credential.read(request.find_service(ISeals).text(one.credential))
    try:
        one.counter = place(request.registry.settings).proved(
            answer, challenge, credential, one.counter, alone=alone
        )
    except Copied:
        letters.send_at_once(request, "copied", member)
        raise
    now = clock.milliseconds(clock.now(request))
    one.used = now - now % DAY


# A passkey instead of the password


def ask(request: Any) -> str:
    """Return, in JSON, what a stranger's browser is asked; raise `limits.TooMany`."""
    request.find_service(ILimits).hit("passkey_address", network(request))
    waiting = Waits(request).begin(PASSKEY, None, {})
    return place(request.registry.settings).request(waiting.challenge)


def signed_by(request: Any, answer: str) -> Any:
    """Return the member whose passkey *answer* proves: it stands for password and second step.

    Raise BadPasskey or `limits.TooMany`.  What was asked counts once.
    """
    waits = Waits(request)
    waiting = waits.find(PASSKEY)
    waits.end(PASSKEY)
    if waiting is None:
        raise BadPasskey("this browser was asked nothing, or too long ago")
    tries = Tries(request, (), (("sign_in_address", network(request)),))
    tries.begin()
    claim, factors = Claim.of(answer), request.find_service(IFactors)
    uid = request.root_map[ROOT].passkeys.get(factors.mark(claim.id))
    member = None if uid is None else request.find_service(IMembers).by_uid(uid)
    if member is None or not hmac.compare_digest(claim.handle, factors.handle(member.uid)):
        raise BadPasskey("this passkey is nobody's")
    check(request, member, answer, waiting.challenge, alone=True)
    tries.succeed()
    return member
