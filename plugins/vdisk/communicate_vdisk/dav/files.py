"""A file over WebDAV: its bytes out and in, as streams."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from wsgidav.dav_provider import DAVNonCollection

from communicate_vdisk.content import Directory, File
from communicate_vdisk.dav.answers import Refusal, plain, refused
from communicate_vdisk.dav.counting import count
from communicate_vdisk.dav.exchange import Again, Exchange
from communicate_vdisk.dav.things import Thing
from communicate_vdisk.errors import VIRUS, Refused
from communicate_vdisk.permissions import CHANGE
from communicate_vdisk.waiting import SECONDS, WAIT, waits

#: A file is its owner's, and no page of this site: no browser runs what is in it.
SAFE = (
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
    ("X-Content-Type-Options", "nosniff"),
    ("Content-Disposition", "attachment"),
    ("Cache-Control", "private, no-cache"),
)


class FileResource(Thing, DAVNonCollection):
    """A file at a path."""

    def __init__(self, path: str, environ: dict[str, Any], node: File) -> None:
        DAVNonCollection.__init__(self, path, environ)
        self.node: File = node

    def get_content_length(self) -> int:
        """Return how many bytes it holds."""
        return self.node.size

    def get_content_type(self) -> str:
        """Return what its bytes are."""
        return self.node.media or "application/octet-stream"

    def get_etag(self) -> str:
        """Return what changes whenever the bytes do."""
        return self.node.tag

    def support_etag(self) -> bool:
        """Say yes."""
        return True

    def support_ranges(self) -> bool:
        """Say yes."""
        return True

    def closed(self) -> None:
        """Raise 403 where it holds a virus, 503 where the member waits until it is checked."""
        if self.node.blob is None:
            refused(self.request, Refused(VIRUS), self.path)
        if waits(self.request, self.node):
            words = self.request.page.say(WAIT)
            again = ("Retry-After", str(SECONDS))
            raise Refusal(plain("503 Service Unavailable", words, again))

    def finalize_headers(self, _environ: Any, headers: list[tuple[str, str]]) -> None:
        """Keep browsers from running what is in it."""
        headers.extend(SAFE)

    def get_content(self) -> "Reader":
        """Return what reads it, from where it is told."""
        return Reader(self.service.seals, self.node)

    # Coming in

    def begin_write(self, *, content_type: str | None = None) -> "Writer":
        """Return what takes the bytes in."""
        self.need(CHANGE)
        return Writer(self, self.node)

    def end_write(self, *, with_errors: bool) -> None:
        """Let it hold what came."""
        if not with_errors:
            with self.telling():
                self.service.replace(self.node, exchange_of(self).spool, self.provider.uid)


class NewFile(Thing, DAVNonCollection):
    """A file that is there once its bytes are."""

    node: File

    def __init__(self, path: str, environ: dict[str, Any], folder: Directory) -> None:
        DAVNonCollection.__init__(self, path, environ)
        self.folder = folder

    def get_content_length(self) -> int:
        """Return nothing: nothing is there yet."""
        return 0

    def get_content(self) -> BytesIO:
        """Return nothing."""
        return BytesIO()

    def get_etag(self) -> str:
        """Return what changes whenever the bytes do."""
        return self.node.tag

    def support_etag(self) -> bool:
        """Say yes."""
        return True

    def begin_write(self, *, content_type: str | None = None) -> "Writer":
        """Return what takes the bytes in."""
        return Writer(self, self.folder)

    def end_write(self, *, with_errors: bool) -> None:
        """Let it be there."""
        if not with_errors:
            with self.telling():
                self.node = self.service.add_file(
                    self.folder, self.name, exchange_of(self).spool, self.provider.uid
                )


def exchange_of(resource: Any) -> Exchange:
    """Return the request that *resource* is in."""
    found: Exchange = resource.provider.exchange
    return found


class Writer:
    """Takes what comes in outside any transaction, and then has everything asked again."""

    def __init__(self, resource: Any, place: Any) -> None:
        self.resource, self.place = resource, place

    def writelines(self, _pieces: Iterator[bytes]) -> None:
        """Take the body in, unless it is here; raise Again once it is."""
        exchange = exchange_of(self.resource)
        if exchange.spool is not None:
            return
        count(self.resource.request, exchange)
        with self.resource.telling():
            exchange.spool = self.resource.service.spool(self.place, exchange)
        raise Again

    def close(self) -> None:
        """Do nothing more."""


class Reader:
    """Reads a file from where it is told, a piece at a time."""

    def __init__(self, seals: Any, node: File) -> None:
        self._seals, self._node = seals, node
        self._pieces: Any = None
        self._rest = b""
        self._start = 0

    def seek(self, start: int) -> None:
        """Begin at byte *start*."""
        self._start = start

    def read(self, size: int) -> bytes:
        """Return at most *size* bytes, none at the end."""
        if self._pieces is None:
            blob = self._node.blob
            self._pieces = iter(()) if blob is None else self._seals.open_range(blob, self._start)
        if not self._rest:
            self._rest = next(self._pieces, b"")
        found, self._rest = self._rest[:size], self._rest[size:]
        return found

    def close(self) -> None:
        """Let the file go."""
        if hasattr(self._pieces, "close"):
            self._pieces.close()
