"""Forms are ours: every POST brings a token that only our pages know, from our own origin.

The token of a signed-in member is derived from the session, that of a stranger lies in a cookie.
``Origin`` is compared with ``communicate.url``, never with the Host header.
"""

import hashlib
import hmac
import secrets
from typing import Any

from pyramid.config import Configurator
from pyramid.csrf import CookieCSRFStoragePolicy
from pyramid.interfaces import ICSRFStoragePolicy
from zope.interface import implementer

COOKIE = "csrf"
LABEL = b"communicate.csrf"


@implementer(ICSRFStoragePolicy)
class CSRFPolicy(CookieCSRFStoragePolicy):
    """The session's token, or that of a cookie where nobody is signed in."""

    def __init__(self, url: str) -> None:
        super().__init__(
            cookie_name=COOKIE,
            secure=url.startswith("https:"),
            httponly=True,
            samesite="Lax",
        )
        self._token_factory = lambda: secrets.token_urlsafe(24)
        self.origin = url

    def get_csrf_token(self, request: Any) -> str:
        """Return the token for the forms of this browser."""
        derived = from_session(request)
        return derived if derived is not None else str(super().get_csrf_token(request))

    def new_csrf_token(self, request: Any) -> str:
        """Return a fresh token; a session keeps its own until it ends."""
        derived = from_session(request)
        return derived if derived is not None else str(super().new_csrf_token(request))

    def check_csrf_token(self, request: Any, supplied_token: Any) -> bool:
        """Tell whether *supplied_token* is this browser's and the request comes from our pages."""
        if not is_ours(request, self.origin) or not isinstance(supplied_token, str):
            return False
        expected = self.get_csrf_token(request)
        return hmac.compare_digest(
            expected.encode(), supplied_token.encode("utf-8", "surrogatepass")
        )


def from_session(request: Any) -> str | None:
    """Return the token that belongs to the member's session, or None where there is no session."""
    secret = getattr(request, "session_secret", None)
    if not secret:
        return None
    key = secret if isinstance(secret, bytes) else str(secret).encode()
    return hmac.new(key, LABEL, hashlib.sha256).hexdigest()[:40]


def is_ours(request: Any, origin: str) -> bool:
    """Tell whether *request* comes from a page of ours, as far as the browser says so."""
    stated = request.headers.get("Origin")
    if stated is not None:
        return bool(stated.lower() == origin.lower())
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")


def includeme(config: Configurator) -> None:
    """Require the token of every form."""
    url = str(config.registry.settings.get("communicate.url") or "")
    config.set_csrf_storage_policy(CSRFPolicy(url))
    # Origin and Referer are checked above, against communicate.url.
    config.set_default_csrf_options(require_csrf=True, check_origin=False)
