"""smpplib's client with bounds: answers find who waits for them, nothing is read without end."""

import logging
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from smpplib import consts, exceptions, smpp
from smpplib.client import Client

from communicate_sms.transports.passing import Uncertain

LONGEST = 64 * 1024  # octets of a PDU
HEAD = 4  # of which say how many there are
IDLE = 10.0  # seconds without a word before the link is asked for
_quiet = logging.getLogger(f"{__name__}.smpplib")
_quiet.setLevel(logging.CRITICAL)  # it would write what is sent into the log


class Session(Client):
    """smpplib's client with bounds, whose answers find who waits for them."""

    def __init__(
        self, host: str, port: int, tls: ssl.SSLContext | None, take: Callable[[Any], int]
    ) -> None:
        super().__init__(
            host,
            port,
            timeout=IDLE,
            logger_name=_quiet.name,
            ssl_context=tls,
            allow_unknown_opt_params=True,
        )
        self._take = take
        self._writing = threading.RLock()
        self._waiting: dict[int, Future[tuple[int, str]]] = {}
        self._asked = False  # whether the link is alive, and no answer has come
        self.set_error_pdu_handler(lambda _pdu: None)
        self.set_message_sent_handler(self._answered)
        self.set_message_received_handler(lambda pdu: self._take(pdu))

    def connect(self) -> None:
        """Open the connection; with TLS to the host that has that name."""
        made = socket.create_connection((self.host, self.port), self.timeout)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._ssl_context is not None:
            made = self._ssl_context.wrap_socket(made, server_hostname=self.host)
        self._socket = made
        self.state = consts.SMPP_CLIENT_STATE_OPEN

    def send_pdu(self, p: Any) -> Any:
        """Send *p* whole, whoever else sends."""
        with self._writing:
            if self._socket is None:
                raise exceptions.ConnectionError("the session is closed")
            return super().send_pdu(p)

    def submit(self, fields: dict[str, Any]) -> "Future[tuple[int, str]]":
        """Send a submit_sm; return what will hold its status and the name that it is given."""
        answer: Future[tuple[int, str]] = Future()
        with self._writing:
            pdu = smpp.make_pdu("submit_sm", client=self, **fields)
            self._waiting[pdu.sequence] = answer
            try:
                self.send_pdu(pdu)
            except (exceptions.ConnectionError, exceptions.PDUError) as error:
                self._waiting.pop(pdu.sequence, None)
                answer.set_exception(Uncertain(f"the session broke: {type(error).__name__}"))
        return answer

    def listen_once(self) -> None:
        """Read one PDU and act; where none comes, ask whether the operator is there."""
        try:
            self.read_once(auto_send_enquire_link=False)
        except TimeoutError:
            if self._asked:
                raise exceptions.ConnectionError("nobody is there any more") from None
            self._asked = True
            self.send_pdu(smpp.make_pdu("enquire_link", client=self))
        else:
            self._asked = False

    def leave(self) -> None:
        """Unbind, from whichever thread; whoever reads sees the end."""
        with suppress(exceptions.ConnectionError, exceptions.PDUError):
            self.send_pdu(smpp.make_pdu("unbind", client=self))
        channel = self._socket
        if channel is not None:
            with suppress(OSError):
                channel.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Close the connection; what has no answer is uncertain."""
        with self._writing:
            if self._socket is not None:
                self.disconnect()
            left, self._waiting = self._waiting, {}
        for answer in left.values():
            answer.set_exception(Uncertain("the session ended before the answer"))

    def _answered(self, pdu: Any) -> None:
        with self._writing:
            answer = self._waiting.pop(pdu.sequence, None)
        if answer is not None:
            name = getattr(pdu, "message_id", None) or b""
            answer.set_result((int(pdu.status), name.decode("ascii", "replace")))

    def _recv_exact(self, exact_size: int) -> Any:
        """Return so many octets; a PDU that stops halfway is the end."""
        if not 0 < exact_size <= LONGEST:
            raise exceptions.ConnectionError("a PDU of no bearable size")
        found = bytearray()
        while len(found) < exact_size:
            try:
                more = self._socket.recv(exact_size - len(found))
            except TimeoutError:
                if found or exact_size != HEAD:
                    raise exceptions.ConnectionError("a PDU stopped halfway") from None
                raise
            if not more:
                raise exceptions.ConnectionError("the operator hung up")
            found += more
        return bytes(found)
