"""What every response carries, whatever made it: what browsers may do with our pages.

The tween is the outermost one; `secure` is also called for pages about errors that no tween sees,
such as a commit that fails.
"""

from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.tweens import INGRESS

from communicate.web import indexing
from communicate.web.static import PREFIX

CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "X-DNS-Prefetch-Control": "off",  # whoever runs the names of links would learn who reads them
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), "
        "gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = "max-age=31536000; includeSubDomains"
FOREVER = "public, max-age=31536000, immutable"
Handler = Callable[[Any], Any]


def secure(request: Any, response: Any) -> Any:
    """Return *response* with every header that it lacks."""
    # The Location stays relative: the Host header never makes an address.
    response.autocorrect_location = False
    connects = getattr(request.registry, "communicate_connects", "")
    if connects and "Content-Security-Policy" not in response.headers:
        response.headers["Content-Security-Policy"] = f"{CSP}; connect-src 'self' {connects}"
    there = {name.lower() for name, _value in response.headerlist}
    response.headerlist.extend(pair for pair in ALWAYS.items() if pair[0].lower() not in there)
    indexing.mark(request, response)
    settings = request.registry.settings
    if str(settings.get("communicate.url") or "").startswith("https:"):
        response.headers["Strict-Transport-Security"] = HSTS
    _cache(request, response, fresh=settings.get("communicate.mode") == "development")
    return response


def _cache(request: Any, response: Any, *, fresh: bool) -> None:
    """Keep versioned files for a year, and pages of members nowhere."""
    if request.environ.get("PATH_INFO", "").startswith(PREFIX) and response.status_int < 400:
        response.headers["Cache-Control"] = "no-cache" if fresh else FOREVER
        if fresh:
            response.headers.pop("Expires", None)
    elif "Cache-Control" not in response.headers:
        member = request.__dict__.get("member")  # as far as anything has asked for it
        stranger = member is None and response.status_int < 400
        response.headers["Cache-Control"] = "private, no-cache" if stranger else "no-store"


def tween_factory(handler: Handler, registry: Any) -> Handler:
    """Return the tween that secures every response."""

    def tween(request: Any) -> Any:
        return secure(request, handler(request))

    return tween


def includeme(config: Configurator) -> None:
    """Install the tween around all others."""
    config.add_tween("communicate.web.headers.tween_factory", under=INGRESS)
