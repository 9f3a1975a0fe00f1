"""What a test can find out about a server at work."""

import socket
import time

from communicate.serving.sockets import bind
from communicate.testing.server import QUIET, free_port, unread


def test_what_has_come_to_a_port_and_is_not_read_yet_is_counted():
    with bind("127.0.0.1:0") as bound:
        bound.listen()
        port = bound.getsockname()[1]
        assert unread(port) == 0
        with socket.create_connection(("127.0.0.1", port)) as client:
            near, _address = bound.accept()
            client.sendall(b"tilleul")
            until = time.monotonic() + 10
            while unread(port) < 7 and time.monotonic() < until:
                time.sleep(0.001)
            assert unread(port) == 7
            assert near.recv(100) == b"tilleul"
            assert unread(port) == 0
            near.close()


def test_a_free_port_is_one_that_no_connection_is_given():
    port = free_port()
    assert port in QUIET
    with socket.create_server(("127.0.0.1", port)):
        assert free_port() != port
