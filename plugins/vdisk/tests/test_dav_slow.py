"""Clients that send slowly over WebDAV: nobody else waits for them."""

import base64
import socket
import threading
import time
from contextlib import ExitStack, closing, suppress

import pytest

from communicate_vdisk.dav import exchange

from .davs import Dav, place_at


@pytest.fixture(scope="module")
def dav(place):
    dav = Dav(place_at(place))
    yield dav
    dav.gateway.stop()


def begun(dav, method, path, login=None, length=1_000_000):
    """Return a connection on which a request was begun whose body does not come."""
    head = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {length}"]
    if login:
        pair = base64.b64encode(f"{login}:{dav.secrets[login]}".encode()).decode()
        head.append(f"Authorization: Basic {pair}")
    channel = socket.create_connection(("127.0.0.1", dav.gateway.port), timeout=20)
    channel.sendall("\r\n".join([*head, "", ""]).encode())
    return closing(channel)


def test_a_body_that_does_not_come_keeps_nobody_from_writing(dav):
    """The other is answered while the body is still waited for, whichever came first."""
    with begun(dav, "PROPPATCH", "/dav/ines/Nichts", "zoe", 1000) as channel:
        time.sleep(0.3)  # for it to be met, as a rule; nothing depends on that
        assert dav.status("PUT", "/ines/Jetzt.txt", body=b"x") == 201
        channel.setblocking(False)
        with pytest.raises(BlockingIOError):
            channel.recv(1)


def test_what_strangers_send_is_not_read_to_its_end(dav):
    piece, sent = b"x" * 2**20, 0
    with begun(dav, "PUT", "/dav/x/y", length=2**40) as channel, suppress(OSError):
        while sent < 100:
            channel.sendall(piece)
            sent += 1
    assert sent < 40


def test_strangers_who_send_a_byte_at_a_time_are_not_listened_to(dav, monkeypatch):
    monkeypatch.setattr(exchange, "PATIENCE", 1)
    threads = dav.place.house.registry.settings["vdisk.dav_threads"]
    ended = threading.Event()
    with ExitStack() as held:
        slow = [held.enter_context(begun(dav, "PUT", "/dav/x/y")) for _ in range(threads)]

        def drip():
            while not ended.wait(0.2):
                for channel in slow:
                    with suppress(OSError):
                        channel.sendall(b"x")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            time.sleep(0.3)  # likewise
            assert dav.status("PROPFIND", "/ines/", Depth="0") == 207
        finally:
            ended.set()
            dripping.join()
