"""SMPP against a server: parts, receipts in fields and in words, patience, losses."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
import smpp34

from communicate.testing.server import free_port
from communicate_sms import alphabet, states
from communicate_sms.transports import deliver, passing
from communicate_sms.transports.passing import Outgoing, Part, Receipt
from communicate_sms.transports.smpp import SMPP, Bind

from .centre import LONG, Centre

MESSAGE = Outgoing("+33612345678", "Bonjour", "2communicate", "jeton", "https://site.example/r")
RX_T_APPN = 0x64  # bring it again later


class Line:
    """A line to a port, that can be cut."""

    def __init__(self, port: int) -> None:
        self.there = port
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listening.getsockname()[1])
        self.ends: list[socket.socket] = []
        self.threads = [threading.Thread(target=self._accept)]
        self.threads[0].start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _address = self.listening.accept()
                there = socket.create_connection(("127.0.0.1", self.there))
                self.ends += [here, there]
                for pair in ((here, there), (there, here)):
                    self.threads.append(threading.Thread(target=self._carry, args=pair))
                    self.threads[-1].start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        """Hang up on both sides."""
        for end in self.ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Cut, and carry nothing more."""
        self.listening.shutdown(socket.SHUT_RDWR)
        self.cut()
        for thread in self.threads:
            thread.join()
        for end in [self.listening, *self.ends]:
            end.close()


class Told:
    """What a transport told, and whether it could be stored."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.more = threading.Semaphore(0)
        self.broken = 0

    def __call__(self, what: Any) -> None:
        if self.broken:
            self.broken -= 1
            self.more.release()
            raise OSError("the store is away")
        self.heard.append(what)
        self.more.release()

    def wait(self) -> Any:
        """Return what is told next."""
        assert self.more.acquire(timeout=LONG)
        return self.heard[-1] if self.heard else None


@pytest.fixture
def centre() -> Iterator[Centre]:
    made = Centre()
    yield made
    made.end()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def smpp(centre: Centre, told: Told) -> Iterator[SMPP]:
    made = SMPP("operateur", Bind("127.0.0.1", centre.port, "site", "secret"), told, patience=LONG)
    made.start()
    assert made.bound.wait(LONG)
    yield made
    made.stop()


def test_a_message_is_submitted_as_the_telephones_read_it(smpp: SMPP, centre: Centre) -> None:
    assert smpp.send(MESSAGE._replace(text="Été à 5 €")) == "id-1"
    (one,) = centre.taken
    assert (one.destination_addr, one.source_addr) == ("33612345678", "2communicate")
    assert (one.source_addr_ton, one.dest_addr_ton, one.registered_delivery) == (5, 1, 1)
    assert alphabet.decoded(one.short_message) == "Été à 5 €"
    assert one.tlvs == []


def test_nothing_else_leaves(smpp: SMPP, centre: Centre) -> None:
    smpp.send(MESSAGE._replace(receipts=""))
    (one,) = centre.taken
    assert one.registered_delivery == 0
    assert (one.service_type, one.short_message) in (("", b"Bonjour"), (b"", b"Bonjour"))


def test_a_long_message_goes_in_parts_and_only_the_last_is_answered_for(
    smpp: SMPP, centre: Centre
) -> None:
    text = "😀" * 36
    assert smpp.send(MESSAGE._replace(text=text)) == "id-2"
    heads = [one.short_message[:6] for one in centre.taken]
    assert [head[:3] + head[4:] for head in heads] == [b"\5\0\3\2\1", b"\5\0\3\2\2"]
    assert heads[0][3] == heads[1][3]
    assert "".join(one.short_message[6:].decode("utf-16-be") for one in centre.taken) == text
    assert [one.registered_delivery for one in centre.taken] == [0, 1]
    assert {one.esm_class for one in centre.taken} == {0x40}
    assert {one.data_coding for one in centre.taken} == {8}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (smpp34.ESME_RTHROTTLED, passing.TryLater),
        (smpp34.ESME_RMSGQFUL, passing.TryLater),
        (smpp34.ESME_RINVDSTADR, passing.Refused),
        (smpp34.ESME_RINVSRCADR, passing.Refused),
        (smpp34.ESME_RSYSERR, passing.TryLater),
    ],
)
def test_what_an_answer_means(
    smpp: SMPP, centre: Centre, status: int, error: type[Exception]
) -> None:
    centre.rule = lambda event: event.reject(status)
    with pytest.raises(error):
        smpp.send(MESSAGE)


def test_parts_of_which_some_were_taken_are_uncertain(smpp: SMPP, centre: Centre) -> None:
    def once(event: Any) -> Any:
        return event.accept("id-1") if len(centre.taken) == 1 else event.reject(0x58)

    centre.rule = once
    with pytest.raises(passing.Uncertain):
        smpp.send(MESSAGE._replace(text="a" * 161))


def test_many_send_at_once_and_each_has_its_own_answer(smpp: SMPP, centre: Centre) -> None:
    centre.rule = lambda event: event.accept(f"id-{alphabet.decoded(event.short_message)}")
    with ThreadPoolExecutor(25) as pool:
        names = list(pool.map(lambda n: smpp.send(MESSAGE._replace(text=str(n))), range(300)))
    assert names == [f"id-{n}" for n in range(300)]


def test_a_session_that_breaks_leaves_what_is_under_way_uncertain_and_is_bound_again(
    centre: Centre, told: Told
) -> None:
    reached = threading.Event()
    held: list[Any] = []

    def hold(event: Any) -> None:
        held.append(event)
        reached.set()

    line = Line(centre.port)
    made = SMPP("op", Bind("127.0.0.1", line.port, "site", "secret"), told, patience=LONG)
    made.start()
    try:
        assert made.bound.wait(LONG)
        centre.rule = hold
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(made.send, MESSAGE)
            assert reached.wait(LONG)
            centre.rule = lambda event: event.accept("id-again")
            line.cut()
            with pytest.raises(passing.Uncertain):
                sending.result(LONG)
        assert made.bound.wait(LONG)
        assert made.send(MESSAGE) == "id-again"
        assert len(centre.taken) == 2
    finally:
        made.stop()
        line.end()


def test_where_nobody_listens_a_message_waits(told: Told) -> None:
    made = SMPP("op", Bind("127.0.0.1", free_port(), "site", "secret"), told, patience=0.2)
    made.start()
    with pytest.raises(passing.TryLater):
        made.send(MESSAGE)
    made.stop()


def test_receipts_come_in_fields_and_in_words(smpp: SMPP, centre: Centre, told: Told) -> None:
    smpp.send(MESSAGE)
    centre.bring(
        source_addr="33612345678",
        destination_addr="2communicate",
        short_message=b"id:id-1 sub:001 dlvrd:001 submit date:2611301200 done date:2611301201 "
        b"stat:UNDELIV err:027 text:Bonj",
        esm_class=4,
    )
    assert told.wait() == Receipt(states.FAILED, "id-1", "027")
    centre.bring(
        source_addr="33612345678",
        destination_addr="2communicate",
        short_message=b"",
        esm_class=4,
        tlvs=[
            smpp34.Tlv(smpp34.TLV_RECEIPTED_MESSAGE_ID, b"id-1\0"),
            smpp34.Tlv(smpp34.TLV_MESSAGE_STATE, b"\2"),
        ],
    )
    assert told.wait() == Receipt(states.DELIVERED, "id-1")


def test_a_message_that_comes_is_told(smpp: SMPP, centre: Centre, told: Told) -> None:
    centre.bring(
        source_addr="33612345678",
        source_addr_ton=1,
        destination_addr="38000",
        dest_addr_ton=3,
        short_message="Привет".encode("utf-16-be"),
        data_coding=8,
    )
    assert told.wait() == passing.Incoming("+33612345678", "38000", "Привет")


def test_what_could_not_be_stored_is_not_acknowledged(
    smpp: SMPP, centre: Centre, told: Told
) -> None:
    told.broken = 1
    fields = {"source_addr": "33612345678", "destination_addr": "1", "short_message": b"STOP"}
    assert centre.bring(**fields).command_status == RX_T_APPN
    told.wait()
    assert centre.bring(**fields).command_status == 0
    assert told.wait().text == "STOP"


def pdu(**fields: Any) -> Any:
    """Return a deliver_sm with these *fields*."""
    plain = {
        "esm_class": 0,
        "data_coding": 0,
        "source_addr": b"33612345678",
        "source_addr_ton": 1,
        "destination_addr": b"38000",
        "dest_addr_ton": 3,
        "short_message": b"",
    }
    return SimpleNamespace(**{**plain, **fields})


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"esm_class": 0x40, "short_message": b"\5\0\3\x2a\2\1abc"}, Part(42, 2, 1)),
        ({"esm_class": 0x40, "short_message": b"\6\x08\4\1\2\3\2abc"}, Part(258, 3, 2)),
        (
            {
                "short_message": b"abc",
                "sar_msg_ref_num": 7,
                "sar_total_segments": 2,
                "sar_segment_seqnum": 2,
            },
            Part(7, 2, 2),
        ),
        ({"esm_class": 0x40, "short_message": b"\5\0\3\x2a\2\3abc"}, None),  # the third of two
        ({"esm_class": 0x40, "short_message": b"\1\0abc"}, None),
        ({"short_message": b"abc"}, None),
        ({"message_payload": b"abc"}, None),
    ],
)
def test_parts_are_told_apart(fields: dict[str, Any], part: Part | None) -> None:
    made = deliver.read(pdu(**fields))
    assert isinstance(made, passing.Incoming)
    assert (made.text, made.part) == ("abc", part)


@pytest.mark.parametrize(
    "fields",
    [
        {"esm_class": 4, "short_message": b"stat:DELIVRD"},
        {"esm_class": 4, "short_message": b"id:1 stat:HAPPY"},
        {"esm_class": 4, "short_message": b"\xff" * 200},
        {"data_coding": 4, "short_message": b"\0\1"},
    ],
)
def test_what_says_nothing_is_unreadable(fields: dict[str, Any]) -> None:
    with pytest.raises(passing.Unreadable):
        deliver.read(pdu(**fields))
