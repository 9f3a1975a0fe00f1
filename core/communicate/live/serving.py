"""How `communicate serve` begins and ends the listener."""

import hmac
import socket
from typing import Any
from urllib.parse import urlsplit

from communicate.interfaces import IKeyRing
from communicate.live import reviewing
from communicate.live.listener import PATH, Listener
from communicate.live.tickets import LABEL, Sign
from communicate.serving.files import give_back, reserve

FILES = "live"


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
            reserve(FILES, wanted),
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
        give_back(FILES)


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
