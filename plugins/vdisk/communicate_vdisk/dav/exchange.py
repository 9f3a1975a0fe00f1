"""One request as it came: what of it several tries of its transaction have in common."""

import io
import re
import time
from contextlib import suppress
from typing import Any
from urllib.parse import quote, unquote_to_bytes, urlsplit

from communicate.sealing.spools import SealedSpool
from communicate_vdisk.dav.answers import Refusal, plain

MOUNT = "/dav"
SMALL = 256 * 1024  # bytes of a body that is XML
ELEMENTS = 500  # in it
ASKED = 64  # in one that asks for properties: each is answered for each thing of a folder
CONDITION = 4096  # characters of a header that WsgiDAV reads in the square of its length
DRAINED = 16 * 1024 * 1024  # bytes of a body that is read for nothing, so that an answer arrives
PATIENCE = 10  # seconds for those
PIECE = 64 * 1024
TAG = re.compile(r"<([^>]*)>(?=\s*\()")  # what an If header's list is about (RFC 4918, 10.4.2)


class Again(BaseException):
    """The body is here now: begin anew, with a transaction that sees the present.

    No Exception, so that nothing between takes it for a failure.
    """


class Exchange:
    """A request; *url* is the site's own address, which the client's Host need not be."""

    def __init__(self, environ: dict[str, Any], url: str) -> None:
        self.environ = environ
        self.own = urlsplit(url)
        self.method = str(environ["REQUEST_METHOD"])
        self.path = path_of(str(environ.get("REQUEST_URI") or environ["PATH_INFO"]))
        self.spool: SealedSpool | None = None
        self.counted: set[str] = set()  # names of limits against which it is
        self.copying: Any = None  # `communicate_vdisk.dav.copying.Long` where a copy takes long
        self.known = False  # whether its sender has signed in
        self._input = environ["wsgi.input"]
        self._taken = 0
        self._ended = False
        self._small: bytes | None = None

    # The body

    @property
    def length(self) -> int | None:
        """The length of the body in bytes; None where it comes in pieces, or is not a number."""
        given = self.environ.get("CONTENT_LENGTH", "")
        if given == "":
            return None if self.environ.get("HTTP_TRANSFER_ENCODING") else 0
        return int(given) if given.isdecimal() else None

    @property
    def is_here(self) -> bool:
        """Whether nothing of the body is waited for any more."""
        if self.method == "PUT":
            return self.spool is not None
        return self._small is not None or self.length == 0

    def read(self, size: int) -> bytes:
        """Return at most *size* bytes of the body, none at its end; 400 where it is cut off."""
        try:
            data: bytes = b"" if self._ended else self._input.read(size)
        except (ValueError, OSError):
            raise cut_off() from None
        self._taken += len(data)
        if not data and self.length is not None and self._taken < self.length:
            raise cut_off()
        self._ended = not data or self._taken == self.length
        return data

    def take_small(self) -> None:
        """Read a body that is no file; 413 where it is large, or holds many elements."""
        if self.method == "PUT" or self._small is not None:
            return
        parts: list[bytes] = []
        while data := self.read(PIECE):
            parts.append(data)
            if self._taken > SMALL:
                raise too_long()
        body = b"".join(parts)
        most = ASKED if self.method == "PROPFIND" else ELEMENTS
        if body.count(b"<") - body.count(b"</") > most:
            raise too_long()
        self._small = body

    def drain(self) -> bool:
        """Read what is left of the body, if that is little; tell whether nothing is left."""
        if self.length == 0:
            return True
        before, until = self._taken, time.monotonic() + PATIENCE
        with suppress(Refusal):
            while not self._ended and self._taken - before < DRAINED:
                if not self._waste() or time.monotonic() > until:
                    break
        return self._ended

    def _waste(self) -> bool:
        """Read what has come, without waiting for much more; tell whether there was anything."""
        source = self._input
        if self.length is None:  # it comes in pieces, each of which is waited for
            return self.known and bool(self.read(PIECE))
        try:
            data = source.rfile.read1(min(PIECE, source.remaining))
        except (ValueError, OSError):
            raise cut_off() from None
        source.remaining -= len(data)
        self._taken += len(data)
        self._ended = self._taken == self.length
        return bool(data)

    def close(self) -> None:
        """Let what came go."""
        if self.spool is not None:
            self.spool.close()

    # For one try

    def environment(self, provider: Any) -> dict[str, Any]:
        """Return the environ with which WsgiDAV answers out of *provider*."""
        body = self._small if self._small is not None else b""
        if any(len(self.environ.get(name, "")) > CONDITION for name in ("HTTP_IF", "HTTP_RANGE")):
            raise Refusal(plain("431 Request Header Fields Too Large", "A header is too long."))
        made = {
            **self.environ,
            "SCRIPT_NAME": MOUNT,
            "PATH_INFO": self.path,
            "wsgi.url_scheme": self.own.scheme,
            "HTTP_HOST": self.own.netloc,
            "wsgi.input": io.BytesIO(body),
            "wsgidav.provider": provider,
            "wsgidav.app": provider,
            "wsgidav.config": CONFIG,
            "wsgidav.verbose": 0,
            "wsgidav.auth.user_name": str(provider.uid),
            "communicate.exchange": self,
        }
        if self.method == "PUT":
            made["wsgi.input"] = self if self.spool is None else io.BytesIO()
        else:
            made["CONTENT_LENGTH"] = str(len(body))
        for name in ("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"):
            made.pop(name, None)
        if "HTTP_IF" in made:
            made["HTTP_IF"] = TAG.sub(self._tag, made["HTTP_IF"])
        return made

    def destination(self) -> str:
        """Return the path to which a copy or a move goes; 400 without one, 502 for elsewhere."""
        given = self.environ.get("HTTP_DESTINATION", "")
        try:
            parts = urlsplit(given)
        except ValueError:
            raise bad_path() from None
        here = {self.own.netloc.lower(), self.environ.get("HTTP_HOST", "").lower()}
        if parts.netloc and parts.netloc.lower() not in here:
            raise Refusal(plain("502 Bad Gateway", "The destination is on another server."))
        address = parts.path if parts.netloc or parts.scheme else given
        if not address:
            raise bad_path()
        return path_of(address)

    def _tag(self, found: re.Match[str]) -> str:
        """Return what a list is about as WsgiDAV names it: the quoted path below the mount."""
        if found.group(1).lower().startswith(("urn:", "opaquelocktoken:")):
            return found.group()
        try:
            return f"<{quote(path_of(urlsplit(found.group(1)).path))}>"
        except (ValueError, Refusal):
            return found.group()


CONFIG: dict[str, Any] = {
    "block_size": PIECE,
    "honor_mtime_header": True,
    "add_header_MS_Author_Via": True,
    "mutable_live_props": ["{DAV:}getlastmodified"],
    "hotfixes": {"emulate_win32_lastmod": True},
}


def path_of(address: str) -> str:
    """Return the path below the mount that *address* (quoted) names, its segments unquoted.

    A path that could be read as another one is none: 400.
    """
    try:  # what a client did not quote, WSGI has as Latin-1
        address = address.encode("latin-1").decode()
    except ValueError:
        raise bad_path() from None
    quoted = urlsplit(address).path if "://" in address[:9] else address.partition("?")[0]
    if quoted != MOUNT and not quoted.startswith(f"{MOUNT}/"):
        raise Refusal(plain("404 Not Found", "There is nothing here."))
    names = quoted[len(MOUNT) :].split("/")[1:]
    try:
        found = [unquote_to_bytes(name).decode() for name in names]
    except UnicodeDecodeError:
        raise bad_path() from None
    if any(name in (".", "..") or "/" in name for name in found) or "" in found[:-1]:
        raise bad_path()
    return "/" + "/".join(found)


def bad_path() -> Refusal:
    """Return what answers a path that is none."""
    return Refusal(plain("400 Bad Request", "This address cannot be one."))


def too_long() -> Refusal:
    """Return what answers a body of which there is too much."""
    return Refusal(plain("413 Content Too Large", "This request is too long."))


def cut_off() -> Refusal:
    """Return what answers a body that ends before it is whole."""
    return Refusal(plain("400 Bad Request", "The file was cut off on its way."))
