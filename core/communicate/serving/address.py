"""Give every request the site's own address, and every redirect none at all.

What a client says in ``Host`` could otherwise end up in a mail or in a redirect
(RFC 9110, 7.2: an intermediary or a client may put anything there).
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

PORTS = {"http": "80", "https": "443"}


class OwnAddress:
    """A WSGI application that runs another one under the address *url*.

    Everything else of the inner application, its ``registry`` for one, shows through.
    """

    def __init__(self, application: Any, url: str) -> None:
        parts = urlsplit(url)
        self.application = application
        self.url = url
        self.environ = {
            "wsgi.url_scheme": parts.scheme,
            "HTTP_HOST": parts.netloc,
            "SERVER_NAME": parts.hostname or "",
            "SERVER_PORT": str(parts.port or PORTS[parts.scheme]),
        }

    def __getattr__(self, name: str) -> Any:
        """Return the attribute *name* of the inner application."""
        return getattr(self.application, name)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer as the inner application does, a redirect within the site as a bare path."""

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            own = [(k, self.relative(v) if k.lower() == "location" else v) for k, v in headers]
            return start_response(status, own, *rest)

        answer: Iterable[bytes] = self.application({**environ, **self.environ}, start)
        return answer

    def relative(self, location: str) -> str:
        """Return the path of *location* where it lies within the site, else *location*.

        A path that would read as another host (``//elsewhere``) keeps the whole address.
        """
        rest = location.removeprefix(self.url)
        if rest == location or not rest.startswith("/") or rest.startswith(("//", "/\\")):
            return location
        return rest
