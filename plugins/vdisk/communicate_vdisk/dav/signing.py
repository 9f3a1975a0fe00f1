"""Who comes in: members with an app password of scope `SCOPE`, over TLS or from this machine.

The account's own password is never taken: whoever stores it in a program has lost it with that.
"""

import base64
import binascii
import ipaddress
from typing import Any

from communicate.accounts.limits import TooMany
from communicate.interfaces import IAppPasswords
from communicate_vdisk.content import SCOPE
from communicate_vdisk.dav.answers import Refusal, plain

REALM = 'Basic realm="2 Communicate", charset="UTF-8"'
ASK = (
    "Sign in with your login and an app password for your disk; "
    "you make one in your settings, under App passwords."
)
PLAIN = "Use https: a password would travel in clear text here."


def peer_of(environ: dict[str, Any], settings: Any) -> str:
    """Return the address of the client; 403 where what it sends travels in clear text.

    A proxy counts where the settings name it, and says where the client is and whether TLS is
    used; without one, only this machine itself may come in.
    """
    peer, proxy = str(environ.get("REMOTE_ADDR", "")), settings["communicate.trusted_proxy"]
    forwarded = str(environ.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    if proxy and peer == proxy:
        scheme = environ.get("HTTP_X_FORWARDED_PROTO") or settings["communicate.url"]
        if forwarded and scheme.partition(":")[0].lower() == "https":
            return forwarded
    if is_here(peer) and not forwarded:
        return peer
    raise Refusal(plain("403 Forbidden", PLAIN))


def is_here(peer: str) -> bool:
    """Tell whether *peer* is this machine."""
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False


def credentials(environ: dict[str, Any]) -> tuple[str, str]:
    """Return login and password as they were sent (RFC 7617); 401 where none were."""
    kind, _space, given = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    try:
        if kind.lower() != "basic":
            raise ValueError
        login, colon, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (ValueError, binascii.Error):
        raise ask() from None
    if not colon or "\0" in login + password:
        raise ask()
    return login, password


def sign_in(request: Any, environ: dict[str, Any]) -> Any:
    """Return the member who sent *environ*; 401, or 429 after too many wrong passwords."""
    peer = peer_of(environ, request.registry.settings)
    login, password = credentials(environ)
    try:
        member = request.find_service(IAppPasswords).verify(login, password, SCOPE, peer=peer)
    except TooMany as error:
        later = ("Retry-After", str(error.seconds))
        text = "Too many wrong passwords came from there. Try again later."
        raise Refusal(plain("429 Too Many Requests", text, later)) from None
    if member is None:
        raise ask()
    request.member = member
    return member


def ask() -> Refusal:
    """Return what asks for a password."""
    return Refusal(plain("401 Unauthorized", ASK, ("WWW-Authenticate", REALM)))
