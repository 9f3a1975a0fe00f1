"""Messages that leave by SMPP: one runner of ours, and smpplib by itself, to the same centre."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from smpplib import consts
from smpplib.client import Client

from communicate.testing.house import House
from communicate.testing.server import free_port, listening
from communicate_sms import states
from communicate_sms.gateway import Server
from communicate_sms.queue import Queue

TURNS, WINDOW, BATCH = 5, 10, 500
# So high that none is reached; all of them are looked at.
LIMITS = {
    "sms.hour_ceiling": "100000",
    "sms.day_ceiling": "100000",
    "sms.prefix_totals": "100000/hour, 100000/day",
    "sms.number_totals": "1000/minute, 1000/hour, 1000/day",
}
AWAY = 0.02  # seconds from a message to the centre's answer, as over the Internet
TEXT = "On garde samedi 10 h pour la serre ? J'apporte les vis et la bache."


def drain_vs_smpplib(options: Any) -> tuple[float, str]:
    """Return messages a second of one runner ÷ those of smpplib alone, with the same window."""
    rates: list[tuple[float, float]] = []
    with centre() as port, tempfile.TemporaryDirectory() as folder:
        ways = f"un smpp sender=38000 host=127.0.0.1 port={port} user=a password=b tls=no"
        settings = {"sms.ways": f"{ways} window={WINDOW}", **LIMITS}
        house = House(Path(folder), ["sms"], settings)
        try:
            uid = house.member("ines")
            for turn in range(TURNS + 1):  # the first one warms up
                queue(house, uid, options.drained)
                mine, theirs = ours(house), alone(port, options.drained)
                rates += [(options.drained / mine, options.drained / theirs)] if turn else []
        finally:
            house.close()
    print(" ".join(f"{mine:.0f}/{theirs:.0f} a second" for mine, theirs in rates), file=sys.stderr)
    return statistics.median(mine / theirs for mine, theirs in rates), ">=0.8"


@contextmanager
def centre() -> Iterator[int]:
    """Run a message centre; yield its port."""
    port = free_port()
    program = str(Path(__file__).with_name("plain_smpp.py"))
    process = subprocess.Popen([sys.executable, program, str(port), str(AWAY)])  # noqa: S603
    try:
        if not listening(port, process):
            raise RuntimeError("the centre does not answer")
        yield port
    finally:
        process.terminate()
        process.wait(30)


def number(at: int) -> str:
    """Return the number of a mobile telephone, another one for each *at*."""
    return f"+336{at:08d}"


def queue(house: House, uid: int, count: int) -> None:
    """Have *count* messages wait."""

    def fill(request: Any, start: int) -> None:
        queue = Queue(request)
        for at in range(start, min(start + BATCH, count)):
            queue.add(uid, number(at), TEXT)

    for start in range(0, count, BATCH):
        house.work(partial(fill, start=start))


def ours(house: House) -> float:
    """Return the seconds in which all that waits is sent and settled."""
    server = Server(house.registry)
    try:
        for way in server.transports.values():
            if not way.bound.wait(30):
                raise RuntimeError("the centre does not take the session")
        begun = time.perf_counter()
        server.runner.drain()
        taken = time.perf_counter() - begun
    finally:
        server.runner.end()
        for way in server.transports.values():
            way.stop()
    house.work(check)
    return taken


def check(request: Any) -> None:
    """Raise unless everything was sent."""
    tree = Queue(request)
    left = [message for message in tree.tree.messages.values() if message.state < states.SENT]
    if left:
        raise RuntimeError(f"{len(left)} were not sent")


def alone(port: int, count: int) -> float:
    """Return the seconds in which smpplib submits so many, with the same window."""
    client = Client("127.0.0.1", port, allow_unknown_opt_params=True)
    answered = []
    client.set_message_sent_handler(lambda pdu: answered.append(pdu.status))
    client.connect()
    client.bind_transceiver(system_id="a", password="b")  # noqa: S106
    begun = time.perf_counter()
    for at in range(count):
        client.send_message(
            source_addr_ton=consts.SMPP_TON_SBSCR,
            source_addr="38000",
            dest_addr_ton=consts.SMPP_TON_INTL,
            dest_addr_npi=consts.SMPP_NPI_ISDN,
            destination_addr=number(at).lstrip("+"),
            short_message=TEXT.encode(),
            registered_delivery=True,
        )
        while at + 1 - len(answered) >= WINDOW:
            client.read_once()
    while len(answered) < count:
        client.read_once()
    taken = time.perf_counter() - begun
    client.disconnect()
    if any(answered):
        raise RuntimeError("the centre did not take everything")
    return taken


FIGURES = {"drain_vs_smpplib": drain_vs_smpplib}
