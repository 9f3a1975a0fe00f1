"""The server of the gateway: cheroot, which hands a body over as it comes in."""

import threading
from typing import Any

from cheroot import wsgi

from communicate.serving.sockets import CannotListen
from communicate_vdisk.dav.application import Application

HEADERS = 64 * 1024  # bytes


class Closing(wsgi.Gateway_10):
    """Ends the connection where the answer says so.

    Cheroot would read what is left of the body first, all of it, into memory.
    """

    def start_response(self, status: Any, headers: Any, exc_info: Any = None) -> Any:
        """Begin an answer."""
        if ("Connection", "close") in headers:
            self.req.close_connection = True
        return super().start_response(status, headers, exc_info)


class Server(wsgi.Server):
    """Cheroot's server, which writes no log of its own: that would say addresses."""

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:
        """Say nothing."""


class Gateway:
    """Answers WebDAV on the address ``vdisk.dav``, in threads of its own."""

    def __init__(self, registry: Any) -> None:
        settings = registry.settings
        self.host, _colon, port = settings["vdisk.dav"].rpartition(":")
        self.server = Server(
            (self.host.strip("[]"), int(port)),
            Application(registry),
            numthreads=settings["vdisk.dav_threads"],
            max=settings["vdisk.dav_threads"],
            server_name="communicate",
            timeout=settings["communicate.client_timeout"],
            shutdown_timeout=settings["communicate.stop_timeout"],
        )
        self.server.gateway = Closing
        self.server.max_request_header_size = HEADERS
        self._thread = threading.Thread(target=self.server.serve, name="webdav", daemon=True)

    @property
    def port(self) -> int:
        """The port on which it answers."""
        return int(self.server.bind_addr[1])

    def start(self) -> "Gateway":
        """Answer from now on; raise CannotListen where the address cannot be had."""
        try:
            self.server.prepare()
        except OSError as error:
            raise CannotListen(f"Cannot listen on {self.host}, vdisk.dav: {error}") from error
        self._thread.start()
        return self

    def stop(self) -> None:
        """Answer what has been asked, and end."""
        self.server.stop()
        self._thread.join()


def start(registry: Any) -> Gateway:
    """Return the gateway of the site of *registry*, answering."""
    return Gateway(registry).start()
