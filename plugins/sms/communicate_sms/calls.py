"""What operators of telephones bring by calling the site: who calls, and what the call says.

Nobody signs in here, and no cookie is asked for.  What proves that the operator calls is a
signature, as its profile has it, or a secret in the address; for a receipt the token of the
message, which only the operator has been given.
"""

import hmac
from collections.abc import Callable
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.response import Response

from communicate.accounts.limits import TooMany, network
from communicate.interfaces import ILimits
from communicate.web.intake import FORM, MULTIPART
from communicate_sms.transports.passing import Call, Transport, Unreadable
from communicate_sms.ways import Way, calling

LONGEST = 64 * 1024  # octets of a body: of a message of 255 parts not more is left
METHODS = ("GET", "POST")
WRONG = "sms.wrong_calls"
TEXT = "text/plain"


class NotTaken(Exception):
    """A call that is answered with *status* and a sentence for those who run the other side."""

    def __init__(self, status: int, why: str, **headers: str) -> None:
        super().__init__(why)
        self.status = status
        self.headers = headers


class Strange(NotTaken):
    """A call that proves nothing: who makes many of them is not listened to for a while."""


def answered(
    request: Any, take: Callable[[Way, Transport, tuple[str, ...]], tuple[str, str]]
) -> Response:
    """Return what is answered to a call that *take* takes, or raises NotTaken for.

    *take* is given the way, what reads its calls, and what follows in the address; it returns the
    kind and the words of the answer.

    Without a way in its address it is no operator's: whoever comes here by hand is shown a page.
    """
    found = caller(request, request.subpath[0]) if request.subpath else None
    if found is None:
        raise HTTPNotFound
    limits, where = request.find_service(ILimits), network(request)
    try:
        limits.check(WRONG, where)
        kind, words = take(*found, request.subpath[1:])
        return Response(words, status=200, content_type=kind, charset="utf-8")
    except Strange as error:
        refused: NotTaken = error
        try:
            limits.hit(WRONG, where)
        except TooMany as many:
            refused = _patience(many)
    except NotTaken as error:
        refused = error
    except TooMany as many:
        refused = _patience(many)
    made = Response(f"{refused}\n", status=refused.status, content_type=TEXT, charset="utf-8")
    made.headers.update({name.replace("_", "-"): what for name, what in refused.headers.items()})
    return made


def _patience(many: TooMany) -> NotTaken:
    return NotTaken(
        429, "Too many calls that prove nothing. Wait a little.", Retry_After=str(many.seconds)
    )


def read(request: Any) -> Call:
    """Return what *request* says, where it is of a bearable size and a known kind."""
    if request.method not in METHODS:
        raise NotTaken(405, "Call with GET or POST.", Allow=", ".join(METHODS))
    if (request.content_length or 0) > LONGEST:
        raise NotTaken(413, f"A call may bring {LONGEST} octets.")
    posts = request.method == "POST"
    body = request.body if posts else b""
    if len(body) > LONGEST:
        raise NotTaken(413, f"A call may bring {LONGEST} octets.")
    fields: dict[str, str] = {}
    has_form = posts and request.content_type in (FORM, MULTIPART)
    for name, what in (request.POST if has_form else request.GET).items():
        if not isinstance(what, str) or name in fields:
            raise NotTaken(400, "Each field is to be a text, and to come once.")
        fields[name] = what
    headers = {name.lower(): what for name, what in request.headers.items()}
    return Call(_address(request), fields, headers, body, request.method)


def _address(request: Any) -> str:
    """Return the address that was called, as the operator knows it: whatever the proxy made of it.

    The Host header is not asked: anybody could write it.
    """
    base = str(request.registry.settings["communicate.url"] or request.host_url).rstrip("/")
    return f"{base}{request.path_qs}"


def caller(request: Any, name: str) -> tuple[Way, Transport] | None:
    """Return the way *name* and what reads its calls; None where no way of that name calls."""
    for way in request.registry.settings["sms.ways"]:
        if way.name == name:
            found = calling(way)
            return None if found is None else (way, found)
    return None


def proven(way: Way, transport: Transport, said: str | None) -> bool:
    """Tell whether *said* in the address is the secret of *way*, where that is what proves it.

    Where calls are signed, nothing has to be said in the address.
    """
    if transport.signed:
        return said is None
    secret = way.options.get("secret", "")
    return bool(secret) and hmac.compare_digest(
        secret.encode(), (said or "").encode("utf-8", "surrogateescape")
    )


def unreadable(error: Unreadable) -> NotTaken:
    """Return what is answered to a call that says nothing known."""
    return NotTaken(400, f"This says nothing that is known: {error}.")
