"""A site that is killed while it sends: nothing goes twice, nothing is lost, doubts are listed."""

import json
import os
import threading
import time
from collections import Counter
from urllib.parse import parse_qs

import pytest

from communicate.interfaces import IClock, ISeals
from communicate.testing.house import House
from communicate.testing.server import Server
from communicate_sms import states
from communicate_sms.gateway import Server as Gateway
from communicate_sms.queue import Queue, exchange_of
from communicate_sms.runner import AT_ONCE, LEASE

from .conftest import FREELY
from .operators import operator

COUNT = 500
NUMBER = "+33612345678"


class Provider:
    """A provider that takes its time, and notes what it was handed."""

    def __init__(self):
        self.taken = []
        self.lock = threading.Lock()

    def __call__(self, asked, handler):
        text = parse_qs(asked.body.decode())["Body"][0]
        with self.lock:
            self.taken.append(text)
        time.sleep(0.02)
        body = json.dumps({"sid": f"SM{text}"}).encode()
        handler.send_response(201)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)


def queued(folder, settings):
    """Queue messages on the site in *folder*, which is not served."""
    before = os.umask(0o077)
    house = House(folder, ["sms"], settings)
    uid = house.member("ines")
    house.work(lambda r: [Queue(r).add(uid, NUMBER, str(at)) for at in range(COUNT)])
    house.close()
    os.umask(before)


def until(true, seconds=240):
    last = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < last
        time.sleep(0.02)


@pytest.mark.slow
def test_kill_and_start_again_sends_nothing_twice_and_loses_nothing(tmp_path):
    provider = Provider()
    folder = tmp_path / "site"
    with operator(provider) as there:
        settings = {
            "sms.ways": f"un twilio sender=2c user=a password=b url={there.url}",
            **FREELY,
        }
        server = Server(folder, "sms", **settings)
        queued(folder, settings)
        thresholds = (50, 150, 300)
        for enough in thresholds:
            server.start()
            try:
                until(lambda enough=enough: len(provider.taken) >= enough)
            finally:
                server.kill()
        found, listed = the_rest(folder, settings)
    assert max(Counter(provider.taken).values()) == 1
    assert {text for text, _state, _id, _why in found} == {str(at) for at in range(COUNT)}
    unsure = {number: why for _text, state, number, why in found if state == states.UNCERTAIN}
    assert set(unsure) == set(listed)
    assert len(unsure) <= len(thresholds) * AT_ONCE, Counter(unsure.values())
    sent = {text for text, state, _id, _why in found if state == states.SENT}
    assert sent <= set(provider.taken)
    assert len(sent) + len(unsure) == COUNT


def the_rest(folder, settings):
    """Send what is left once all claims have run out; return all messages, and the uncertain."""
    house = House(folder, ["sms"], settings)
    try:
        house.registry.getUtility(IClock).offset += LEASE * 2
        gateway = Gateway(house.registry)
        gateway.runner.drain()
        gateway.runner.end()
        return house.work(texts), house.work(lambda r: [one.id for one in Queue(r).uncertain()])
    finally:
        house.close()


def texts(request):
    """Return the text, the state, the id and the detail of each message."""
    seals = request.find_service(ISeals)
    return [
        (seals.text(message.text), message.state, message.id, message.detail)
        for message in exchange_of(request).messages.values()
    ]
