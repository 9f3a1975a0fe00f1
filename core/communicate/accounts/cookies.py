"""The two cookies of accounts: HttpOnly, SameSite=Lax, Secure under https, for the whole site."""

from datetime import timedelta
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.declarations import Cookie

_ = TranslationStringFactory("communicate")

SESSION = "communicate_session"
REMEMBER = "communicate_remember"

COOKIES = (
    Cookie(SESSION, _("Keeps you signed in while the browser is open")),
    Cookie(
        REMEMBER,
        _("Keeps you signed in on this computer, only if you ask for it"),
        timedelta(days=30),
    ),
)


def put(request: Any, name: str, value: str, max_age: int | None = None) -> None:
    """Set the cookie *name* for *max_age* seconds, or until the browser closes."""
    secure = is_secure(request)

    def set_cookie(_request: Any, response: Any) -> None:
        response.set_cookie(
            name, value, max_age=max_age, path="/", secure=secure, httponly=True, samesite="Lax"
        )

    request.add_response_callback(set_cookie)


def drop(request: Any, name: str) -> None:
    """Take the cookie *name* away."""

    def delete(_request: Any, response: Any) -> None:
        response.delete_cookie(name, path="/")

    request.add_response_callback(delete)


def is_secure(request: Any) -> bool:
    """Tell whether the site is reached by https, by its own ``communicate.url``."""
    return str(request.registry.settings.get("communicate.url") or "").startswith("https:")
