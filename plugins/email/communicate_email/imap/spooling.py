"""Large messages that programs bring lie sealed in a file while they come, not in memory."""

from collections.abc import Awaitable, Callable
from functools import partial
from io import BytesIO
from typing import Any

from communicate.interfaces import ISeals
from communicate.storage.work import work
from communicate_email.store.keeping import MESSAGE

Apart = Callable[..., Awaitable[Any]]


class Spooled:
    """One message that comes: *spool* holds it, *apart* calls in a thread."""

    def __init__(self, spool: Any, apart: Apart) -> None:
        self.spool = spool
        self._apart = apart
        self._tail = b""
        self.has_nul = False
        self._odd = False

    @property
    def is_plain(self) -> bool:
        """Whether each line ends with CRLF, the last one too."""
        return not self._odd and self._tail == b"\r\n"

    async def write(self, octets: bytes) -> None:
        """Keep *octets* after what came before."""
        await self._apart(partial(self._write, octets))

    async def finish(self) -> None:
        """Let this be all of it."""
        await self._apart(self.spool.finish)

    def _write(self, octets: bytes) -> None:
        self.spool.write(octets)
        self.has_nul = self.has_nul or b"\0" in octets
        # What stands at the end may be half of a line's end: it is looked at with what follows.
        split = self._tail.endswith(b"\r")
        ends = octets.count(b"\r\n") + (split and octets.startswith(b"\n"))
        feeds, returns = octets.count(b"\n"), octets.count(b"\r") + split
        left = octets.endswith(b"\r")
        self._odd = self._odd or feeds != ends or returns - left != ends
        self._tail = (self._tail + octets[-2:])[-2:]

    def raw(self) -> bytes:
        """Return the whole message."""
        whole = BytesIO()
        for piece in self.spool.pieces():
            whole.write(piece)
        return whole.getvalue()

    def close(self) -> None:
        """Let go of the file; done again, nothing happens."""
        self.spool.close()


async def spooled(registry: Any, uid: int, apart: Apart) -> Spooled:
    """Return what keeps a message that member *uid* brings."""

    def make(request: Any) -> Any:
        seals: Any = request.find_service(ISeals)
        return seals.spool(uid, MESSAGE, request.root_map._p_jar)

    return Spooled(await apart(partial(work, registry, make)), apart)
