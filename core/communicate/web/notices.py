"""One sentence about what the last action did, shown once on the next page.

It travels in a cookie that the browser sends back once: no session is needed, a page that is
read without a sign-in can say something too, and nothing is written into the tree.
"""

import base64
import hmac
import json
from typing import Any, NamedTuple

from communicate.interfaces import ISeals

COOKIE = "notice"
KINDS = {
    "good": "check-circle-fill",
    "warn": "exclamation-triangle-fill",
    "bad": "exclamation-circle-fill",
}
LONGEST = 1000


class Undo(NamedTuple):
    """How what was done is taken back: the address to post to, and the fields of that form."""

    action: str
    fields: dict[str, str]


class Notice(NamedTuple):
    """A kind (good, warn, bad), and the sentence already in the reader's language."""

    kind: str
    text: str
    undo: Undo | None = None

    @property
    def icon(self) -> str:
        """The name of the icon that goes with the kind."""
        return KINDS[self.kind]


def give(request: Any, message: Any, kind: str = "good", *, undo: Undo | None = None) -> None:
    """Show *message* on the next page that this browser opens, with a button for its *undo*."""
    text = str(request.localizer.translate(message))[:LONGEST]
    body = json.dumps([kind, text, *(undo or ())]).encode()
    value = base64.urlsafe_b64encode(_mac(request, body) + body).decode()
    secure = str(request.registry.settings.get("communicate.url") or "").startswith("https:")

    def set_cookie(_request: Any, response: Any) -> None:
        response.set_cookie(
            COOKIE, value, max_age=60, path="/", secure=secure, httponly=True, samesite="Lax"
        )

    request.add_response_callback(set_cookie)


def take(request: Any) -> list[Notice]:
    """Return the notice that the browser brought, if this server gave it, and let it go."""
    value = request.cookies.get(COOKIE)
    if not value:
        return []
    request.add_response_callback(lambda _request, response: response.delete_cookie(COOKIE))
    try:
        raw = base64.urlsafe_b64decode(value.encode())
        mac, body = raw[:16], raw[16:]
        if not hmac.compare_digest(mac, _mac(request, body)):
            return []
        kind, text, *undo = json.loads(body)
        return [Notice(kind, text, Undo(*undo) if undo else None)] if kind in KINDS else []
    except (ValueError, TypeError):
        return []


def alerts(request: Any) -> list[Notice]:
    """Return what happened to the account while its member was away, as `accounts` tells it."""
    translate = request.localizer.translate
    return [Notice(kind, translate(sentence)) for kind, sentence in request.take_alerts()]


def _mac(request: Any, body: bytes) -> bytes:
    mac: bytes = request.find_service(ISeals).hmac("communicate.notice", body)
    return mac[:16]
