"""Two processes that send from one queue: each letter leaves once, by one of them."""

import asyncio
import os
from collections import Counter
from contextlib import ExitStack
from email import message_from_bytes

import pytest

from communicate.testing import postgres
from communicate.testing.house import House
from communicate.testing.server import Server
from communicate_email.interfaces import ISending
from communicate_email.letters import Letter
from communicate_email.sending.queue import Queue

from .outside import LUCE, raw
from .remotes import Remote

COUNT = 120
PATIENCE = 300  # seconds


class Naming(Remote):
    """A machine that remembers who brought a letter, and takes none before two have come."""

    def reset(self):
        super().reset()
        self.by = Counter()

    async def handle_DATA(self, server, session, envelope):
        self.by[session.host_name] += 1
        while len(self.by) < 2:
            await asyncio.sleep(0.01)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def remote():
    made = Naming().start()
    yield made
    made.stop()


@pytest.fixture
def databases():
    """Return the settings of three databases."""
    with ExitStack() as made:
        server = made.enter_context(postgres.running())
        tree, catalog, ring = (
            made.enter_context(postgres.database(server, name))
            for name in ("tree", "catalog", "keyring")
        )
        yield {
            "database": tree,
            "catalog": catalog.replace("postgresql:", "postgresql+psycopg:"),
            "keyring": ring.replace("postgresql:", "postgresql+psycopg:"),
        }


def queue_some(house, count):
    """Queue so many letters to several domains."""
    uid = house.member("ines")

    def send(request):
        for number in range(count):
            letter = Letter(raw(number, sender="ines@localhost"), "ines@localhost", author=uid)
            to = [LUCE.replace("elsewhere", f"elsewhere{number % 7}")]
            request.find_service(ISending).send(letter, to)

    house.work(send)


@pytest.mark.slow
def test_two_processes_send_each_letter_once(tmp_path, databases, remote):
    one = tmp_path / "one"
    settings = {
        **databases,
        "blobs": one / "var" / "blobs",
        "master_key_file": one / "master.key",
        "email.out": "relay",
        "email.relay_port": remote.port,
        "email.relay_security": "none",
        "email.sends": "100000/day",
    }
    before = os.umask(0o077)
    house = House(one, ["email"], settings)
    os.umask(before)
    names = ("one.example", "two.example")
    servers = [
        Server(tmp_path / name.partition(".")[0], "email", **{**settings, "email.hostname": name})
        for name in names
    ]
    try:
        for server in servers:
            server.start()
        queue_some(house, COUNT)
        remote.until(lambda: len({each[2] for each in remote.letters}) == COUNT, PATIENCE)
    finally:
        for server in servers:
            server.stop()
    try:
        assert house.work(lambda request: len(Queue(request).all())) == 0
        assert house.work(lambda request: Queue(request).tree.counts["sent"]()) == COUNT
    finally:
        house.close()
    found = Counter(message_from_bytes(each[2])["Message-ID"] for each in remote.letters)
    assert set(found.values()) == {1}
    assert set(remote.by) == set(names)
