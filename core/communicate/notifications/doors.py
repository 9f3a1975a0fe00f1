"""The address that stops all notices by mail without signing in.

Its secret is derived from the member's key and a serial number, so that every mail carries the
same one; only its SHA-256 is kept.  A new serial number makes the earlier ones useless.
"""

import base64
import hashlib
from typing import Any

from communicate.interfaces import ISeals
from communicate.notifications.content import Inbox, Notices
from communicate.notifications.plans import ALL, NEVER

LABEL = "communicate.unsubscribe"
BYTES = 18
LONGEST = 64  # characters of a secret that is looked at


def digest(secret: str) -> bytes:
    """Return the form in which a secret is kept."""
    return hashlib.sha256(secret.encode()).digest()


def secret_of(request: Any, uid: int, inbox: Inbox) -> str:
    """Return the secret of member *uid*, which works from now on."""
    mac = request.find_service(ISeals).member_hmac(uid, LABEL, str(inbox.serial).encode())
    secret = base64.urlsafe_b64encode(mac[:BYTES]).decode()
    if inbox.door != digest(secret):
        inbox.door = digest(secret)
        request.root_map["notices"].doors[inbox.door] = uid
    return secret


def renew(request: Any, inbox: Inbox) -> None:
    """Make the address that earlier mails carry useless."""
    notices: Notices = request.root_map["notices"]
    if inbox.door is not None:
        notices.doors.pop(inbox.door, None)
        inbox.door = None
    inbox.serial += 1


def inbox_behind(request: Any, secret: Any) -> Inbox | None:
    """Return the inbox whose mail *secret* stops, or None."""
    notices = request.root_map.get("notices")
    if notices is None or not isinstance(secret, str) or not 0 < len(secret) <= LONGEST:
        return None
    uid = notices.doors.get(digest(secret))
    found: Inbox | None = None if uid is None else notices.inboxes.get(uid)
    return found


def stop(inbox: Inbox) -> None:
    """Send no notice by mail any more, of whatever kind, those to come included."""
    if inbox.choices != {ALL: NEVER}:
        inbox.choices = {ALL: NEVER}
