"""What waits for a browser's next step: found by what only that browser holds, for some minutes.

The second step of signing in is found by a cookie of its own; what a signed-in member is setting
up, by the running session.  The tree knows both by their SHA-256 only.
"""

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from communicate import clock
from communicate.accounts import cookies
from communicate.accounts.remember import digest, new_id
from communicate.declarations import Cookie
from communicate.factors.content import ROOT, Factors, Waiting
from communicate.interfaces import ISeals
from communicate.sealing import SITE

COOKIE = "communicate_step"
SIGN_IN, PASSKEY = "second", "passkey"  # found by the cookie
TOTP, ADDING, CODES, APP = "totp", "adding", "codes", "app"  # found by the session
SIGN_IN_LIFE = timedelta(minutes=5)
LONGEST_LIFE = timedelta(minutes=10)  # of the cookie, where a code is on its way
SETTING_UP_LIFE = timedelta(minutes=10)
KIND = "factor.waiting"
MOMENT = timedelta(milliseconds=1)


class Waits:
    """What waits, for one request."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.seals: Any = request.find_service(ISeals)
        self.store: Factors = request.root_map[ROOT]

    @property
    def now(self) -> int:
        """The present moment in milliseconds."""
        return clock.milliseconds(clock.now(self.request))

    def begin(self, kind: str, uid: int | None, payload: Mapping[str, Any]) -> Waiting:
        """Have this browser, by a new cookie, wait for a step of signing in."""
        self.end(kind)
        secret = new_id()
        cookies.put(self.request, COOKIE, secret, int(SIGN_IN_LIFE.total_seconds()))
        return self._keep(digest(secret), kind, uid, payload, SIGN_IN_LIFE)

    def set_up(self, kind: str, payload: Mapping[str, Any]) -> Waiting:
        """Have the running session wait for the next step of setting *kind* up."""
        key = self._key(kind)
        self._drop(key)
        return self._keep(key, kind, self.request.member.uid, payload, SETTING_UP_LIFE)

    def find(self, kind: str) -> Waiting | None:
        """Return what waits for this browser as *kind*, None where nothing does any more."""
        waiting: Waiting | None = self.store.waiting.get(self._key(kind))
        if waiting is None or waiting.kind != kind or waiting.expires <= self.now:
            return None
        return waiting

    def payload(self, waiting: Waiting) -> dict[str, Any]:
        """Return what *waiting* carries; nothing where its member's key is gone."""
        return dict(json.loads(self.seals.text(waiting.payload) or "{}"))

    def end(self, kind: str) -> None:
        """Let this browser wait for *kind* no more: the step was taken, or begun anew."""
        self._drop(self._key(kind))
        if kind in (SIGN_IN, PASSKEY) and COOKIE in self.request.cookies:
            cookies.drop(self.request, COOKIE)

    def prolong(self, waiting: Waiting, until: int) -> None:
        """Have this browser wait for the same step of signing in *until* then (ms), if longer."""
        key = self._key(waiting.kind)
        if until > waiting.expires and self.store.waiting.get(key) is waiting:
            self.store.ends.remove((waiting.expires, key))
            self.store.ends.add((until, key))
            waiting.expires = until
            seconds = -((self.now - until) // 1000)  # rounded up
            cookies.put(self.request, COOKIE, self.request.cookies[COOKIE], seconds)

    def sweep(self, most: int = 500) -> int:
        """Remove up to *most* steps whose time is over; return how many."""
        over: list[bytes] = []
        for expires, key in self.store.ends:
            if expires > self.now or len(over) == most:
                break
            over.append(key)
        for key in over:
            self._drop(key)
        return len(over)

    def forget(self, uid: int) -> None:
        """Remove every step of member *uid*; they last for minutes, so that there are few."""
        for _expires, key in list(self.store.ends):
            if self.store.waiting[key].uid == uid:
                self._drop(key)

    def _keep(
        self, key: bytes, kind: str, uid: int | None, payload: Mapping[str, Any], life: timedelta
    ) -> Waiting:
        sealed = self.seals.seal(SITE if uid is None else uid, KIND, json.dumps(dict(payload)))
        expires = self.now + life // MOMENT
        waiting = Waiting(kind, uid, expires, secrets.token_bytes(32), sealed)
        self.store.waiting[key] = waiting
        self.store.ends.add((expires, key))
        return waiting

    def _key(self, kind: str) -> bytes:
        if kind in (SIGN_IN, PASSKEY):
            return digest(self.request.cookies.get(COOKIE, ""))
        return digest(f"{kind} {self.request.session_secret}")

    def _drop(self, key: bytes) -> None:
        waiting = self.store.waiting.pop(key, None)
        if waiting is not None:
            self.store.ends.remove((waiting.expires, key))
            self._void(waiting)

    def _void(self, waiting: Waiting) -> None:
        """Forget the code that was sent for *waiting*."""
        held = None if waiting.uid is None else self.store.members.get(waiting.uid)
        if held is None or held.sent is None:
            return
        if held.sent.asked == waiting.challenge:
            held.sent = None


def declared_cookie(purpose: Any) -> Cookie:
    """Return the cookie as it is declared."""
    return Cookie(COOKIE, purpose, LONGEST_LIFE)
