"""A site that is killed while it sends, again and again: every letter arrives all the same."""

import os
import time
from collections import Counter
from email import message_from_bytes

import pytest

from communicate.testing.house import House
from communicate.testing.server import Server
from communicate_email.interfaces import ISending
from communicate_email.letters import Letter
from communicate_email.sending.queue import Queue

from .outside import LUCE, raw
from .remotes import Remote

COUNT = 200
AT_ONCE = 8


@pytest.fixture
def remote():
    made = Remote().start()
    yield made
    made.stop()


def queued(folder, domain, count):
    """Queue so many letters on the site in *folder*, which is not served."""
    before = os.umask(0o077)
    house = House(folder, ["email"], SETTINGS)
    uid = house.member("ines")

    def send(request):
        for number in range(count):
            message = raw(number, sender=f"ines@{domain}")
            letter = Letter(message, f"ines@{domain}", author=uid)
            request.find_service(ISending).send(letter, [LUCE])

    house.work(send)
    house.close()
    os.umask(before)


def waiting(folder):
    """Return how many parts wait on the site in *folder*, which is not served."""
    house = House(folder, ["email"], SETTINGS)
    try:
        return house.work(lambda request: len(Queue(request).all()))
    finally:
        house.close()


SETTINGS = {
    "email.out": "relay",
    "email.relay_security": "none",
    "email.out_at_once": AT_ONCE,
    "email.out_per_domain": AT_ONCE,
    "email.sends": "100000/day",
}


def until(true, seconds=240):
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last
        time.sleep(0.02)


def finish(server, remote):
    """Have the rest sent: what a dead runner had sent already may have waited until the last."""
    while left := waiting(server.folder):
        enough = len(remote.letters) + left
        server.start()
        try:
            until(lambda enough=enough: len(remote.letters) >= enough)
        finally:
            server.stop()


@pytest.mark.slow
def test_kill_and_start_again_loses_nothing_and_doubles_only_what_was_under_way(tmp_path, remote):
    folder = tmp_path / "site"
    server = Server(folder, "email", **{**SETTINGS, "email.relay_port": remote.port})
    queued(folder, "localhost", COUNT)
    kills = 0
    try:
        for enough in (40, 100, 150):
            server.start()
            until(lambda enough=enough: len(remote.letters) >= enough)
            server.kill()
            kills += 1
        server.start()
        until(lambda: len({letter[2] for letter in remote.letters}) == COUNT)
    finally:
        server.stop()
    finish(server, remote)
    found = Counter(message_from_bytes(letter[2])["Message-ID"] for letter in remote.letters)
    assert len(found) == COUNT
    assert len(remote.letters) - COUNT <= kills * AT_ONCE
    assert max(found.values()) <= 1 + kills


@pytest.mark.slow
def test_a_server_that_is_asked_to_stop_doubles_nothing(tmp_path, remote):
    folder = tmp_path / "site"
    server = Server(folder, "email", **{**SETTINGS, "email.relay_port": remote.port})
    queued(folder, "localhost", 60)
    server.start()
    until(lambda: len(remote.letters) >= 10)
    server.stop()
    server.start()
    try:
        until(lambda: len({letter[2] for letter in remote.letters}) == 60)
    finally:
        server.stop()
    assert waiting(folder) == 0
    assert len(remote.letters) == 60
