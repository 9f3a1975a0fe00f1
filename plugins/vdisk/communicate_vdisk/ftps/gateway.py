"""The server: what ``communicate serve`` starts where ``vdisk.ftps`` says an address.

TLS 1.2 and no later: with TLS 1.3, uploads of clients that leave session tickets unread end in a
reset that takes with it what the kernel had not handed over yet (pyftpdlib's issue 602).
"""

import logging
import threading
from typing import Any

from OpenSSL import SSL
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import ThreadedFTPServer

from communicate.serving.sockets import bind
from communicate.tls.renewed import Renewed
from communicate.tls.serving import files_of
from communicate_vdisk.ftps.control import Door, Session

LATEST = SSL.TLS1_2_VERSION
CIPHERS = b"ECDHE+AESGCM:ECDHE+CHACHA20"
POLL = 0.5  # seconds until a stop is noticed


class Server(ThreadedFTPServer):
    """One thread for each session; nothing is shared with another server of the process."""

    poll_timeout = POLL

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._lock, self._exit = threading.Lock(), threading.Event()
        super().__init__(*args, **kwargs)


class Gateway:
    """Disks over FTPS, for the application of *registry*."""

    log = logging.getLogger("communicate_vdisk.ftps")

    def __init__(self, registry: Any) -> None:
        settings = registry.settings
        self.registry = registry
        self.context = contexts(*files_of(settings))
        logging.getLogger("pyftpdlib").setLevel(logging.WARNING)
        plain: bool = settings["vdisk.ftp_plain"]
        handler = type(
            "Session",
            (Session,),
            {
                "gateway": self,
                "authorizer": Door(registry),
                "passive_ports": list(settings["vdisk.ftps_ports"]),
                "masquerade_address": settings["vdisk.ftps_address"] or None,
                "tls_control_required": not plain,
                "tls_data_required": not plain,
            },
        )
        self.server = Server(bind(settings["vdisk.ftps"]), handler, ioloop=IOLoop())
        self.server.max_cons = settings["vdisk.ftps_sessions"]
        self.server.max_cons_per_ip = settings["vdisk.ftps_per_address"]
        self.port: int = self.server.address[1]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="communicate-ftps", daemon=True)

    def start(self) -> "Gateway":
        """Let clients in."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """End every session; what is on its way is cut off, and nothing of it is stored."""
        self._stopping.set()
        self._thread.join()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                self.server.ioloop.loop(POLL, blocking=False)
            except Exception:  # one client's connection is no reason to leave the others
                self.log.exception("the server of FTPS failed: going on")
        self.server.close_all()


def contexts(certificate: Any, key: Any) -> Renewed[SSL.Context]:
    """Return what gives the context of a connection, and follows both files."""

    def make() -> SSL.Context:
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        context.set_min_proto_version(SSL.TLS1_2_VERSION)
        context.set_max_proto_version(LATEST)
        context.set_options(SSL.OP_NO_COMPRESSION | SSL.OP_NO_RENEGOTIATION)
        context.set_cipher_list(CIPHERS)
        context.set_session_id(b"communicate-ftps")  # data connections resume the control's
        context.use_certificate_chain_file(str(certificate))
        context.use_privatekey_file(str(key))
        context.check_privatekey()
        return context

    return Renewed((certificate, key), make)


def start(registry: Any) -> Gateway:
    """Start the gateway."""
    return Gateway(registry).start()
