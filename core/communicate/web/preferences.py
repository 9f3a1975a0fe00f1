"""Two small choices in the layout: the language, and light or dark."""

from typing import Any
from urllib.parse import urlsplit

from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.view import view_config

from communicate.content import Site
from communicate.permissions import MEMBER, OPEN
from communicate.web import i18n

YEAR = 365 * 24 * 3600
APPEARANCES = ("auto", "light", "dark")


def safe_path(address: Any) -> str:
    """Return *address* where it is a path of this site, else the home page."""
    if not isinstance(address, str) or not address.startswith("/") or len(address) > 2000:
        return "/"
    # Browsers read a backslash as a slash, and leave out control characters.
    if address.startswith("//") or "\\" in address or not address.isprintable():
        return "/"
    parts = urlsplit(address)
    return "/" if parts.scheme or parts.netloc or not address.isascii() else address


@view_config(context=Site, name="language", request_method="POST", permission=OPEN)
def language(context: Any, request: Any) -> Any:
    """Remember the language in a cookie, and for the member; return to the same page."""
    chosen = request.POST.get("lang")
    if chosen not in i18n.LANGUAGES:
        raise HTTPBadRequest
    if request.member is not None and request.member.language != chosen:
        request.member.language = chosen
    response = HTTPSeeOther(safe_path(request.POST.get("next")))
    secure = str(request.registry.settings.get("communicate.url") or "").startswith("https:")
    response.set_cookie(
        i18n.COOKIE, chosen, max_age=YEAR, path="/", secure=secure, httponly=True, samesite="Lax"
    )
    return response


@view_config(context=Site, name="appearance", request_method="POST", permission=MEMBER)
def appearance(context: Any, request: Any) -> Any:
    """Remember light, dark, or the system's own way for the member; return to the same page."""
    chosen = request.POST.get("appearance")
    if chosen not in APPEARANCES:
        raise HTTPBadRequest
    if request.member.appearance != chosen:
        request.member.appearance = chosen
    return HTTPSeeOther(safe_path(request.POST.get("next")))
