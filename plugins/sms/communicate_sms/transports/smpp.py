"""SMPP 3.4, by smpplib: one bound session, kept by a thread of its own, used by many.

The thread binds, reads, and binds again after a loss.  Who sends waits for the answer to their own
submit_sm; how many may wait at once is the window.  A receipt or message is acknowledged once
``told`` has returned, so that the operator repeats what could not be stored.
"""

import logging
import secrets
import ssl
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import TimeoutError
from dataclasses import dataclass
from typing import Any

from smpplib import consts, exceptions

from communicate_sms import alphabet, parts
from communicate_sms.transports import deliver
from communicate_sms.transports.passing import (
    NOTHING,
    Call,
    Incoming,
    Outgoing,
    Receipt,
    Refused,
    TryLater,
    Uncertain,
    Unreadable,
)
from communicate_sms.transports.session import Session

PATIENCE = 20.0  # seconds for an answer to a message
AGAIN = (1.0, 2.0, 5.0, 15.0, 30.0)  # seconds between binds that fail
SOON = 5  # seconds, after which what is throttled is tried again
INTERNATIONAL, ALPHANUMERIC, NETWORK = (1, 1), (5, 0), (3, 0)  # kinds of addresses: TON, NPI
GSM7, UCS2 = 0, 8  # data_coding
BUSY = frozenset({consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL})
HOPELESS = frozenset(
    {
        consts.SMPP_ESME_RINVMSGLEN,
        consts.SMPP_ESME_RINVSRCADR,
        consts.SMPP_ESME_RINVDSTADR,
        consts.SMPP_ESME_RINVDESTFLAG,
        consts.SMPP_ESME_RINVESMCLASS,
    }
)
Told = Callable[[Receipt | Incoming], None]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bind:
    """Where an operator is, and as whom one binds."""

    host: str
    port: int
    system_id: str
    password: str
    system_type: str = ""
    tls: ssl.SSLContext | None = None
    window: int = 10


class SMPP:
    """An operator by SMPP; `start` binds, `stop` ends it."""

    signed = False
    answer = NOTHING

    def __init__(self, name: str, bind: Bind, told: Told, patience: float = PATIENCE) -> None:
        self.name = name
        self.bind = bind
        self.told = told
        self.patience = patience
        self.bound = threading.Event()
        self._client: Session | None = None
        self._window = threading.BoundedSemaphore(bind.window)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_bound, name=f"smpp {name}", daemon=True)

    def start(self) -> None:
        """Begin to bind; return at once."""
        self._thread.start()

    def stop(self) -> None:
        """Unbind, and wait until that is done."""
        self._over.set()
        if self._client is not None:
            self._client.leave()
        self._thread.join()

    # Sending

    def send(self, message: Outgoing) -> str:
        """Submit each part of *message*; return the operator's name for the last one."""
        made = parts.split(message.text)
        series = secrets.randbelow(256)
        name = ""
        for at, part in enumerate(made.parts, 1):
            head = bytes((5, 0, 3, series, len(made.parts), at)) if len(made.parts) > 1 else b""
            asks = bool(message.receipts) and at == len(made.parts)
            try:
                name = self._submit(_fields(message, head, part, made.alphabet, asks))
            except (Refused, TryLater) as error:
                if at == 1:
                    raise
                raise Uncertain(f"{at - 1} of {len(made.parts)} parts were taken") from error
        return name

    def _submit(self, fields: dict[str, Any]) -> str:
        if not self.bound.wait(min(self.patience, SOON)):
            raise TryLater(f"{self.name} has no session", SOON)
        with self._window:
            client = self._client
            if client is None:
                raise TryLater(f"{self.name} has lost its session", SOON)
            answer = client.submit(fields)
            try:
                status, name = answer.result(self.patience)
            except TimeoutError:
                raise Uncertain(f"{self.name} did not answer") from None
        if status in BUSY:
            raise TryLater(f"{self.name} asks for patience: {status}", SOON, fault=False)
        if status in HOPELESS:
            raise Refused(f"{self.name} refuses the message: {status}")
        if status:
            raise TryLater(f"{self.name} did not take the message: {status}")
        return name

    def parse_receipt(self, call: Call) -> Receipt:
        """Raise Unreadable: receipts come by the session."""
        raise Unreadable("receipts come by the session")

    def parse_incoming(self, call: Call) -> Incoming:
        """Raise Unreadable: messages come by the session."""
        raise Unreadable("messages come by the session")

    # The session

    def _keep_bound(self) -> None:
        failed = 0
        while not self._over.is_set():
            try:
                self._serve()
                failed = 0
            except (exceptions.PDUError, exceptions.ConnectionError, OSError, ValueError) as error:
                failed = 1 if self.bound.is_set() else failed + 1
                log.warning("%s: the session is lost: %s", self.name, type(error).__name__)
            finally:
                self.bound.clear()
                self._let_go()
            self._over.wait(AGAIN[min(failed, len(AGAIN)) - 1] if failed else 0)

    def _serve(self) -> None:
        """Bind, and read until the session ends."""
        bind = self.bind
        client = self._client = Session(bind.host, bind.port, bind.tls, self._take)
        client.connect()
        client.bind_transceiver(
            system_id=bind.system_id, password=bind.password, system_type=bind.system_type
        )
        self.bound.set()
        while not self._over.is_set() and client.state != consts.SMPP_CLIENT_STATE_CLOSED:
            client.listen_once()

    def _let_go(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.end()

    def _take(self, pdu: Any) -> int:
        """Tell what a deliver_sm brings; return the status to answer with."""
        try:
            self.told(deliver.read(pdu))
        except Unreadable as error:
            log.warning("%s brought what cannot be read: %s", self.name, error)
        except Exception:
            log.exception("%s: what it brought could not be stored", self.name)
            return int(consts.SMPP_ESME_RX_T_APPN)
        return int(consts.SMPP_ESME_ROK)


def start(name: str, options: Mapping[str, str], told: Told) -> SMPP:
    """Return a session with the operator that *options* describe, which begins to bind."""
    encrypted = options.get("tls", "yes") != "no"
    bind = Bind(
        options["host"],
        int(options.get("port", "3550" if encrypted else "2775")),
        options["user"],
        options["password"],
        options.get("type", ""),
        ssl.create_default_context() if encrypted else None,
        int(options.get("window", "10")),
    )
    made = SMPP(name, bind, told)
    made.start()
    return made


def _fields(message: Outgoing, head: bytes, part: str, name: str, asks: bool) -> dict[str, Any]:
    """Return the fields of the submit_sm for one *part* of *message*."""
    words = alphabet.encoded(part) if name == parts.GSM7 else part.encode("utf-16-be")
    source_ton, source_npi = _kind(message.sender)
    ton, npi = INTERNATIONAL
    return {
        "source_addr_ton": source_ton,
        "source_addr_npi": source_npi,
        "source_addr": message.sender.lstrip("+"),
        "dest_addr_ton": ton,
        "dest_addr_npi": npi,
        "destination_addr": message.number.lstrip("+"),
        "esm_class": consts.SMPP_GSMFEAT_UDHI if head else 0,
        "data_coding": GSM7 if name == parts.GSM7 else UCS2,
        "registered_delivery": int(asks),
        "short_message": head + words,
    }


def _kind(sender: str) -> tuple[int, int]:
    """Return what kind of address *sender* is: a number, a short one, or a name."""
    if sender.startswith("+"):
        return INTERNATIONAL
    return NETWORK if sender.isdecimal() else ALPHANUMERIC
