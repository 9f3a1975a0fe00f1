"""The same form sent twice acts once: a double click, or a page sent again after a lost answer.

Every form carries a random token.  The view's answer is remembered under a hash of token and
values, in the transaction that acts, so that of two requests that race one is retried and finds
it.  Different words under the same token are another submission: nothing typed is ever dropped.

The answer is an address, which may hold a title's words: it is sealed under the member's key.
"""

import hashlib
import secrets
from collections.abc import Iterator
from typing import Any

from BTrees.OOBTree import OOBTree
from pyramid.httpexceptions import HTTPSeeOther

from communicate.clock import milliseconds
from communicate.interfaces import IClock, ISeals
from communicate.web.content import ROOT, install

FIELD = "once"
KIND = "submission"
KEPT = 60 * 60 * 1000  # ms
UNCOUNTED = (FIELD, "csrf_token")


def new() -> str:
    """Return a token for a form about to be shown."""
    return secrets.token_urlsafe(12)


def check(request: Any) -> None:
    """Raise the redirect that this very submission was answered with, if it was."""
    answered = _answers(request, make=False)
    key = _key(request)
    if answered is not None and key is not None and key in answered:
        address = request.find_service(ISeals).text(answered[key][1])
        if address is not None:
            raise HTTPSeeOther(address)


def done(request: Any, address: str) -> HTTPSeeOther:
    """Return the redirect to *address*, remembered for an hour for this very submission."""
    key = _key(request)
    answered = _answers(request, make=True) if key is not None else None
    if answered is not None:
        now = milliseconds(request.find_service(IClock).now())
        for old in list(_outlived(answered, now)):
            del answered[old]
        sealed = request.find_service(ISeals).seal(request.member.uid, KIND, address)
        answered[key] = (now, sealed)
    return HTTPSeeOther(address)


def forget(root: Any, uid: int) -> None:
    """Forget every submission of member *uid*."""
    if ROOT in root and uid in root[ROOT]:
        del root[ROOT][uid]


def _answers(request: Any, *, make: bool) -> Any:
    """Return the answers of the signed-in member; strangers have none."""
    root = request.root_map
    if request.member is None or (ROOT not in root and not make):
        return None
    install(root)
    uid = request.member.uid
    if uid not in root[ROOT]:
        if not make:
            return None
        root[ROOT][uid] = OOBTree()
    return root[ROOT][uid]


def _outlived(answered: Any, now: int) -> Iterator[bytes]:
    """Yield a few keys that have had their hour: an act pays for the one before it."""
    for count, (key, (moment, _address)) in enumerate(answered.items()):
        if count >= 20:
            return
        if now - moment > KEPT:
            yield key


def _key(request: Any) -> bytes | None:
    posted = request.POST
    token = posted.get(FIELD)
    if not isinstance(token, str) or not 8 <= len(token) <= 64:
        return None
    digest = hashlib.sha256(request.path_info.encode())
    for name, value in posted.items():
        if name not in UNCOUNTED:
            digest.update(f"\0{name}\0".encode("utf-8", "replace"))
            digest.update(_bytes(value))
    digest.update(token.encode("utf-8", "replace"))
    return digest.digest()[:16]


def _bytes(value: Any) -> bytes:
    """Return what tells *value*, a text or a file, from another one."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    if isinstance(value, bytes):  # a field for a file, left empty
        return value
    value.file.seek(0)
    content = hashlib.file_digest(value.file, hashlib.sha256).digest()
    value.file.seek(0)
    return bytes(str(value.filename), "utf-8", "replace") + b"\0" + content
