"""Proof of work against robots, by ALTCHA's protocol, asked for on joining and on reset only.

The browser looks for the number whose SHA-256 with the salt gives the challenge; the module
``static/proof.js`` does it.  A form sent without a solution is not refused: mail confirmation and
a dearer limit stand in for it, for people without JavaScript.  A wrong solution is refused.
"""

import base64
import binascii
import json
from datetime import timedelta
from typing import Any

from altcha.v1 import ChallengeOptions, Payload, create_challenge, verify_solution

from communicate import clock
from communicate.interfaces import ISeals

FIELD = "proof"
LARGEST = 50_000  # about half a second's work of a phone
LIFE = timedelta(minutes=30)
LONGEST = 2048  # characters of a solution
COST_WITHOUT = 4  # what a form without a solution counts against its limit


class BadProof(ValueError):
    """A solution is wrong, too old, or has been used before."""


class Robots:
    """Challenges and their solutions; each challenge counts once in a process."""

    def __init__(self) -> None:
        self.used: dict[str, float] = {}

    def challenge(self, request: Any) -> str:
        """Return a new challenge as JSON, signed under the site's key."""
        made = create_challenge(
            ChallengeOptions(
                max_number=LARGEST, hmac_key=_key(request), expires=clock.now(request) + LIFE
            )
        )
        return json.dumps(made.to_dict())

    def cost(self, request: Any) -> int:
        """Return what the form of *request* counts against its limit: 1 with a solution.

        Raise BadProof where a solution was sent and is no good.
        """
        text = request.POST.get(FIELD, "")
        if not isinstance(text, str) or not text:
            return COST_WITHOUT
        payload = _read(text)
        now = clock.now(request).timestamp()
        right, _error = verify_solution(payload, _key(request), check_expires=False)
        expires = payload.parse_salt()[1]
        if not right or expires is None or expires < now or payload.signature in self.used:
            raise BadProof("the solution is wrong, too old or used: open the form again")
        self._use_at_commit(request, payload.signature, expires, now)
        return 1

    def _use_at_commit(self, request: Any, signature: str, expires: float, now: float) -> None:
        # A transaction that is retried presents its solution again.
        def use(committed: bool) -> None:
            if committed:
                self.used = {key: end for key, end in self.used.items() if end >= now}
                self.used[signature] = expires

        request.tm.get().addAfterCommitHook(use)


def _key(request: Any) -> bytes:
    key: bytes = request.find_service(ISeals).hmac("proof of work", b"")
    return key


def _read(text: str) -> Payload:
    try:
        if len(text) > LONGEST:
            raise ValueError("too long")
        data = json.loads(base64.b64decode(text, validate=True))
        payload = Payload.from_dict(data)
        fields = (payload.algorithm, payload.challenge, payload.salt, payload.signature)
        readable = all(isinstance(field, str) and field.isascii() for field in fields)
        if not readable or type(payload.number) is not int:
            raise TypeError("wrong type")
    except (ValueError, KeyError, TypeError, binascii.Error, RecursionError) as error:
        raise BadProof("the solution cannot be read: open the form again") from error
    return payload
