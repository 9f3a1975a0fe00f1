"""Close what the body of a request was copied to, once the request is answered.

A body may have to be read again, because a conflict may send the request through again.  Where
the server gives one that cannot be, it is copied; one of more than 10 kB is copied to a file on
disk.  Left to the garbage collector, such files stay open, and on disk, for as long as it likes.
"""

from collections.abc import Callable, Iterable
from typing import Any


class ClosedBodies:
    """A WSGI application that runs another one and closes its copy of the body.

    Everything else of the inner application, its ``registry`` for one, shows through.  The file
    that the server gave stays the server's to close.
    """

    def __init__(self, application: Any) -> None:
        self.application = application

    def __getattr__(self, name: str) -> Any:
        """Return the attribute *name* of the inner application."""
        return getattr(self.application, name)

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer as the inner application does; the copy is closed even where it fails."""
        given = environ.get("wsgi.input")
        try:
            answer: Iterable[bytes] = self.application(environ, start_response)
        finally:
            copy = environ.get("wsgi.input")
            if copy is not None and copy is not given:
                copy.close()
        return answer
