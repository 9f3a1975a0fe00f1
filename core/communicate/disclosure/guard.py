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
from typing import Any

from pyramid.i18n import TranslationStringFactory

from communicate.disclosure import attempts
from communicate.disclosure.attempts import Attempt, Attempts, culprit, refused, seen
from communicate.outbox.gate import passing

_ = TranslationStringFactory("communicate")
log = logging.getLogger(__name__)

EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


class Undeclared(PermissionError):
    """A connection to another machine was tried past the gate."""


_watches: list[Attempts] = []  # who watches; nobody: nothing is refused
_installed = threading.Event()


@contextmanager
def watching(tell: Attempts | None = None) -> Iterator[Attempts]:
    """Refuse what goes past the gate, in every thread, while the context lasts.

    *tell* is told of it; operators, where there is none.
    """
    tell = attempts.told[0] if tell is None else tell
    if not _installed.is_set():
        _installed.set()
        sys.addaudithook(_heard)  # for good: hooks cannot be taken away
    _watches.append(tell)
    attempts.told.append(tell)
    try:
        yield tell
    finally:
        _watches.remove(tell)
        attempts.told.pop()


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in EVENTS or not _watches:
        return
    address = arguments[1]
    if passing() is not None or is_here(address):
        return
    attempt = Attempt(*culprit(sys._getframe(1)), str(address[0]))
    refused(attempt)
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
    if isinstance(host, bytes | bytearray):
        host = host.decode("ascii", "replace")
    if not isinstance(host, str):
        return True  # netlink and its like: the kernel
    try:
        found = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host in ("", "localhost")
    mapped = getattr(found, "ipv4_mapped", None) or found
    return mapped.is_loopback or mapped.is_unspecified


def problem(_registry: Any) -> Any:
    """Return what tried to go past the gate since the start, and the cure; None for nothing."""
    tried = seen()
    if not tried:
        return None
    return _(
        "outgoing-refused",
        default="Connections past the gate were refused: ${tried}. Tell the author of the code, "
        "or take the plugin out of communicate.plugins.",
        mapping={"tried": "; ".join(f"{each} ({count})" for each, count in tried[:5])},
    )
