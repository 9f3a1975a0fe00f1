"""Nothing connects to another machine past the gate: refused where it is tried, and reported.

Python tells every connection before it is made (PEP 578, ``socket.connect`` and its like).  What
goes to this machine itself is let through, for the stores and the relay may be here; so is what
`communicate.outbox.gate` lets pass.  Links that libraries in C open by themselves, such as
PostgreSQL's, are not seen: `communicate doctor` looks at their addresses.
"""

import ipaddress
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from types import FrameType
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.outbox.gate import passing

_ = TranslationStringFactory("communicate")
log = logging.getLogger(__name__)

EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
MOST = 100  # attempts remembered, each counted


class Undeclared(PermissionError):
    """A connection to another machine was tried past the gate."""


@dataclass(frozen=True)
class Attempt:
    """Who tried to connect where: the plugin or core, the place in its code, the host."""

    plugin: str
    place: str
    host: str

    def __str__(self) -> str:
        return f"{self.plugin} ({self.place}) to {self.host}"


class Attempts:
    """What was tried in this process, and how often."""

    def __init__(self) -> None:
        self.counts: dict[Attempt, int] = {}
        self._lock = threading.Lock()

    def add(self, attempt: Attempt) -> None:
        """Count *attempt*; beyond a hundred different ones the oldest is forgotten."""
        with self._lock:
            self.counts[attempt] = self.counts.pop(attempt, 0) + 1
            if len(self.counts) > MOST:
                del self.counts[next(iter(self.counts))]

    def newest(self) -> list[tuple[Attempt, int]]:
        """Return the attempts with their counts, the last one first."""
        with self._lock:
            return list(reversed(self.counts.items()))


attempts = Attempts()
_watching: list[Attempts] = []  # who is told; nobody: nothing is refused
_installed = threading.Event()


@contextmanager
def watching(told: Attempts = attempts) -> Iterator[Attempts]:
    """Refuse what goes past the gate, in every thread, while the context lasts; tell *told*."""
    if not _installed.is_set():
        _installed.set()
        sys.addaudithook(_heard)  # for good: hooks cannot be taken away
    _watching.append(told)
    try:
        yield told
    finally:
        _watching.remove(told)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in EVENTS or not _watching:
        return
    address = arguments[1]
    if passing() is not None or is_here(address):
        return
    attempt = Attempt(*culprit(sys._getframe(1)), str(address[0]))
    _watching[-1].add(attempt)
    log.error("refused: %s; nothing leaves but through the gate", attempt)
    raise Undeclared(
        f"{attempt.place} may not connect to {attempt.host}: "
        "declare it in communicate_recipients, and pass the gate"
    )


def is_here(address: Any) -> bool:
    """Tell whether *address*, as `socket.connect` takes it, is on this machine."""
    if not isinstance(address, tuple) or not address:
        return True  # a Unix socket, or one that is connected already
    host = address[0]
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str):
        return True  # netlink and its like: the kernel
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host in ("", "localhost")
    mapped = getattr(found, "ipv4_mapped", None) or found
    return mapped.is_loopback or mapped.is_unspecified


def culprit(frame: FrameType | None) -> tuple[str, str]:
    """Return the plugin (or ``communicate``) whose code led to *frame*, and the place in it.

    Where no code of ours is on the way, it is the innermost place.
    """
    first = frame
    while frame is not None:
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        if package == "communicate" or package.startswith("communicate_"):
            return package.removeprefix("communicate_"), place_of(frame)
        frame = frame.f_back
    name = str(first.f_globals.get("__name__", "")) if first is not None else ""
    return name.partition(".")[0] or "python", place_of(first) if first is not None else "?"


def place_of(frame: FrameType) -> str:
    """Return module, function and line of *frame*."""
    module = frame.f_globals.get("__name__") or PurePath(frame.f_code.co_filename).name
    return f"{module}.{frame.f_code.co_name}:{frame.f_lineno}"


def problem(_registry: Any) -> Any:
    """Return what tried to go past the gate since the start, and the cure; None for nothing."""
    tried = attempts.newest()
    if not tried:
        return None
    return _(
        "outgoing-refused",
        default="Connections past the gate were refused: ${tried}. Tell the author of the code, "
        "or take the plugin out of communicate.plugins.",
        mapping={"tried": "; ".join(f"{each} ({count})" for each, count in tried[:5])},
    )
