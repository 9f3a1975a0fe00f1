"""How `communicate serve` begins and ends the listener."""

import hmac
import resource
import socket
from typing import Any
from urllib.parse import urlsplit

from communicate.interfaces import IKeyRing
from communicate.live import reviewing
from communicate.live.listener import PATH, Listener
from communicate.live.tickets import LABEL, Sign

OTHERS = 1_500  # files that the rest of the site may have open
FEWEST = 10  # connections


class Live:
    """The listener of one application."""

    def __init__(self, registry: Any, bound: socket.socket) -> None:
        settings, hub = registry.settings, registry.communicate_live
        wanted: int = settings["communicate.live_connections"]
        self.registry, self.hub = registry, hub
        hub.wanted = wanted
        self.listener = Listener(
            hub,
            bound,
            signer(registry.getUtility(IKeyRing).site_key(LABEL)),
            str(settings["communicate.url"]),
            lambda keys: reviewing.over(registry, keys),
            room_for(wanted),
        )
        hub.address = address_of(settings, bound)

    def start(self) -> "Live":
        """Take connections, and let our pages open them."""
        self.listener.start()
        self.registry.communicate_connects = origin_of(self.hub.address)
        return self

    def stop(self) -> None:
        """Close every connection."""
        self.listener.stop()


def signer(key: bytes) -> Sign:
    """Return what signs with *key*."""
    return lambda body: hmac.digest(key, body, "sha256")


def address_of(settings: Any, bound: socket.socket) -> str:
    """Return what browsers connect to: an address, or the path that the proxy maps."""
    if settings["communicate.live_url"]:
        return str(settings["communicate.live_url"])
    if settings["communicate.mode"] == "production":
        return PATH
    host = urlsplit(settings["communicate.url"]).hostname or "127.0.0.1"
    host = f"[{host}]" if ":" in host else host
    return f"ws://{host}:{bound.getsockname()[1]}{PATH}"


def origin_of(address: str) -> str:
    """Return scheme, host and port of *address*; empty for a path of the site itself."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def room_for(wanted: int) -> int:
    """Return how many connections, at most *wanted*, the machine has files for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + OTHERS
    if soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(hard, needed)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(FEWEST, min(wanted, soft - OTHERS))
