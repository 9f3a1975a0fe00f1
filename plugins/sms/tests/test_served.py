"""Operators at a served site: many at once, too much at once, and whole ways there and back."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from communicate.interfaces import ILimits
from communicate.testing.house import House
from communicate.testing.programs import needed
from communicate.testing.wire import Served, Wire
from communicate_sms import calls, gateway, states
from communicate_sms.interfaces import ITexts
from communicate_sms.queue import Queue, exchange_of

from .centre import LONG, Centre
from .conftest import SECRET
from .kannel import SMPP, Kannel

PLACE = f"/texting/incoming/k/{SECRET}"
PLAIN = "text/plain; charset=UTF-8"
FREE = {
    "sms.number_limits": "off",
    "sms.number_totals": "off",
    "sms.proven_first": "new",
}


def until(holds: Callable[[], bool], otherwise: str) -> None:
    """Return once something holds; fail with *otherwise* where it does not for long."""
    end = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < end, otherwise
        time.sleep(0.02)


def read(house: Any, uid: int) -> list[str]:
    """Return what came to member *uid*, in all conversations."""

    def look(request: Any) -> list[str]:
        texts = request.find_service(ITexts)
        lines = [line for talk in texts.talks(uid) for line in texts.lines(talk)]
        return [line.text for line in lines if not line.mine]

    return list(house.work(look))


class TestManyAtOnce:
    @pytest.fixture
    def ana(self, called: Any) -> Iterator[int]:
        """Yield the uid of a member who has written to a number, and is answered."""
        uid = called.member(f"ana{time.monotonic_ns()}")
        called.work(lambda r: exchange_of(r).writers.clear())
        called.work(lambda r: Queue(r).add(uid, "+33677777777", "Bonjour"))
        called.work(lambda r: Queue(r).take("test", 100, gateway_lease()))
        yield uid
        called.work(lambda r: exchange_of(r).writers.clear())
        called.work(lambda r: r.find_service(ILimits).storage.reset())

    def test_each_message_comes_once_and_what_is_forged_or_too_large_never(
        self, called: Any, ana: int
    ) -> None:
        fields = "from=%2B33677777777&to=38000"
        with Served(called) as served:

            def ask(number: int) -> int:
                wire = Wire(served.port)
                try:
                    place, text = f"{PLACE}?{fields}&id={number % 5}", b"m%d" % (number % 5)
                    if number % 10 == 7:
                        place = f"{PLACE}x?{fields}&id={number}"
                    if number % 10 == 8:
                        text = b"a" * (calls.LONGEST + 1)
                    return wire.post(place, text, PLAIN).status
                finally:
                    wire.close()

            with ThreadPoolExecutor(8) as pool:
                statuses = list(pool.map(ask, range(40)))
        assert set(statuses[7::10]) == {403}
        assert set(statuses[8::10]) == {413}
        rest = [status for at, status in enumerate(statuses) if at % 10 not in (7, 8)]
        assert set(rest) == {200}
        assert sorted(read(called, ana)) == ["m0", "m1", "m2", "m3", "m4"]

    @pytest.mark.parametrize(
        ("target", "body", "headers", "status"),
        [
            (f"{PLACE}?text=%ff%fe&from=1&to=2&id=3", None, (), 400),
            (f"{PLACE}?text=a%00b&from=1&to=2&id=3", None, (), 400),
            (PLACE, b"x" * 3_000_000, (), 413),
            (f"{PLACE}?from=1&to=2&id=3", b"\xff\xfe", (("Content-Type", "text/plain"),), 400),
            (f"{PLACE}?from=&to=2&id=3", b"a", (("Content-Type", PLAIN),), 400),
            (f"{PLACE}?from=1&to=2&id=3", b"a" * 20_000, (("Content-Type", PLAIN),), 400),
            (PLACE, b"{" * 60_000, (("Content-Type", "application/json"),), 400),
            (PLACE, b"\xff\xfe", (("Content-Type", "application/json"),), 400),
            (PLACE, b"&".join(b"a%d=1" % at for at in range(2000)), (), 413),
            (PLACE + "/" + "a" * 3000, None, (), 404),
            ("/texting/incoming/" + "k" * 3000, None, (), 404),
        ],
    )
    def test_what_is_none_is_refused_with_a_number(
        self, called: Any, target: str, body: bytes | None, headers: Any, status: int
    ) -> None:
        with Served(called) as served:
            wire = Wire(served.port)
            kind = dict(headers).get("Content-Type", "application/x-www-form-urlencoded")
            sent = wire.ask("GET", target) if body is None else wire.post(target, body, kind)
            wire.close()
        assert sent.status == status
        called.work(lambda r: r.find_service(ILimits).storage.reset())


def gateway_lease() -> Any:
    """Return how long what is taken is held."""
    from communicate_sms.runner import LEASE

    return LEASE


@pytest.fixture
def centre() -> Iterator[Centre]:
    made = Centre()
    yield made
    made.end()


def send(house: House, uid: int, text: str) -> int:
    """Queue *text* of *uid*, and return the id of the message."""
    return int(house.work(lambda r: Queue(r).add(uid, "+33612345678", text).id))


def state(house: House, number: int) -> int:
    """Return how far the message *number* has come."""
    return int(house.work(lambda r: exchange_of(r).messages[number].state))


def answer(centre: Centre) -> None:
    """Have the telephone answer in two parts, the second one first."""
    text = "Avec plaisir, à 18 h ; " + "x" * 60
    for at, part in ((2, text[67:]), (1, text[:67])):
        centre.bring(
            source_addr="33612345678",
            source_addr_ton=1,
            source_addr_npi=1,
            destination_addr="38000",
            dest_addr_ton=3,
            esm_class=0x40,
            data_coding=8,
            short_message=bytes((5, 0, 3, 77, 2, at)) + part.encode("utf-16-be"),
        )


def receipt(centre: Centre, name: str) -> None:
    """Have the centre say that the message *name* is delivered."""
    centre.bring(
        source_addr="33612345678",
        source_addr_ton=1,
        source_addr_npi=1,
        destination_addr="38000",
        dest_addr_ton=3,
        short_message=f"id:{name} sub:001 dlvrd:001 submit date:2611301200 "
        "done date:2611301201 stat:DELIVRD err:000 text:Bonj".encode(),
        esm_class=4,
    )


ANSWER = "Avec plaisir, à 18 h ; " + "x" * 60


def test_by_smpp_there_and_back(tmp_path: Path, centre: Centre) -> None:
    way = f"s smpp host=127.0.0.1 port={centre.port} user=u password=p tls=no sender=38000"
    house = House(tmp_path, ["sms"], {"sms.ways": way, **FREE})
    ines = house.member("ines")
    server = gateway.start(house.registry)
    try:
        number = send(house, ines, "Bonjour")
        until(lambda: state(house, number) == states.SENT, "it is not sent")
        receipt(centre, "id-1")
        until(lambda: state(house, number) == states.DELIVERED, "no receipt is written down")
        answer(centre)
        until(lambda: read(house, ines) == [ANSWER], "no answer has come")
    finally:
        server.stop()
        house.close()


@pytest.mark.slow
def test_by_kannel_there_and_back(tmp_path: Path, centre: Centre) -> None:
    needed("/usr/sbin/bearerbox", "bearerbox")
    house = House(tmp_path / "site", ["sms"], {"sms.ways": "", **FREE})
    with Served(house) as served:
        url = f"http://127.0.0.1:{served.port}"
        folder = tmp_path / "kannel"
        folder.mkdir()
        kannel = Kannel(folder, SMPP.format(port=centre.port), url + PLACE)
        try:
            conversation(house, kannel, centre, url)
        finally:
            kannel.end()
            house.close()


def conversation(house: House, kannel: Kannel, centre: Centre, url: str) -> None:
    """Send by *kannel*, and see what *centre* brings by it to the site at *url*."""
    from communicate_sms.ways import Ways

    line = (
        f'k kannel url={kannel.url} user=site password="{kannel.password}" '
        f"secret={SECRET} sender=38000"
    )
    settings = house.registry.settings
    settings["sms.ways"] = Ways().read(None, line)  # type: ignore[arg-type]
    settings["communicate.url"] = url
    ines = house.member("ines")
    server = gateway.start(house.registry)
    try:
        number = send(house, ines, "Bonjour")
        centre.wait(1)
        receipt(centre, "id-1")
        until(lambda: state(house, number) == states.DELIVERED, "no receipt is written down")
        answer(centre)
        until(lambda: read(house, ines) == [ANSWER], f"no answer has come: {kannel.logs}")
    finally:
        server.stop()
