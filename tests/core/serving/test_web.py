import contextlib
import socket
import threading
import time

import pytest

import communicate.courtesy
from communicate.courtesy import courtesy
from communicate.serving.sockets import CannotListen, bind, url_of
from communicate.serving.web import WebServer
from communicate.testing.server import unread

SETTINGS = {
    "communicate.url": "https://communicate.example",
    "communicate.threads": 4,
    "communicate.trusted_proxy": "",
    "communicate.max_body": 1000,
    "communicate.client_timeout": 1,
}
GET = b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n"


class Site:
    """A small application whose slow page waits until the test says so."""

    def __init__(self):
        self.began = threading.Event()
        self.goes_on = threading.Event()

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/slow":
            self.began.set()
            self.goes_on.wait(10)
        if environ["PATH_INFO"] == "/broken":
            raise ValueError("a secret of the code")
        body = repr({k: environ.get(k) for k in ("wsgi.url_scheme", "REMOTE_ADDR")}).encode()
        if environ["PATH_INFO"] == "/large":
            body = b"x" * 2_000_000
        start_response("200 OK", [("Content-Length", str(len(body)))])
        return [body]


class Running:
    """A web server in a thread."""

    def __init__(self, **settings):
        self.site = Site()
        self.bound = bind("127.0.0.1:0")
        self.address = self.bound.getsockname()
        self.server = WebServer(self.site, self.bound, {**SETTINGS, **settings})
        self.server.accept_connections()
        self.ending = threading.Event()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        self.server.serve_until(self.ending)
        self.server.drain(5)
        self.ended.set()

    def stop(self):
        self.ending.set()
        self.server.pull_trigger()

    def connect(self):
        return socket.create_connection(self.address, timeout=10)

    def ask(self, request):
        with self.connect() as client:
            client.sendall(request)
            return read_answer(client)


def read_answer(client):
    """Return head and body of one answer, which states its length."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = client.recv(65536)
        if not part:
            return data, b""
        data += part
    head, _blank, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += client.recv(65536)
    return head, body


@pytest.fixture
def running(request):
    started = []

    def start(**settings):
        started.append(Running(**settings))
        return started[-1]

    yield start
    for one in started:
        one.site.goes_on.set()
        if not one.ended.is_set():
            one.stop()
        one.thread.join(10)
        one.bound.close()


class TestBodies:
    """How much is read before the site is asked."""

    HEAD = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n{}\r\n"

    @pytest.mark.parametrize(
        ("sign", "status"),
        [
            ("", b"413"),
            ("Cookie: other=1\r\n", b"413"),
            ("Cookie: a=1; communicate_session=x\r\n", b"200"),
            ("Cookie: communicate_remember=x\r\n", b"200"),
            ("Authorization: Basic x\r\n", b"200"),
        ],
    )
    def test_who_brings_no_sign_of_an_account_sends_little(self, running, sign, status):
        site = running(**{"communicate.max_body": 2_000_000})
        body = bytes(3_000_000)
        with site.connect() as client:
            client.sendall(self.HEAD.format(len(body), sign).encode())
            with contextlib.suppress(ConnectionError):
                client.sendall(body)
            head, _body = read_answer(client)
        assert head.split()[1] == status

    def test_a_stranger_may_send_what_the_site_answers_itself(self, running):
        site = running(**{"communicate.max_body": 2_000_000})
        body = bytes(900_000)
        head, _body = site.ask(self.HEAD.format(len(body), "").encode() + body)
        assert head.split()[1] == b"200"


class TestAnswers:
    def test_say_nothing_of_the_server(self, running):
        head, _body = running().ask(GET % b"")
        assert head.startswith(b"HTTP/1.1 200")
        assert b"server:" not in head.lower()
        assert b"via:" not in head.lower()

    def test_to_an_error_hold_no_trace(self, running):
        head, body = running().ask(GET % b"broken")
        assert head.startswith(b"HTTP/1.1 500")
        assert b"secret" not in body

    def test_have_the_scheme_of_the_sites_address(self, running):
        assert b"'wsgi.url_scheme': 'https'" in running().ask(GET % b"")[1]

    def test_to_a_body_far_too_large_come_before_it_is_read(self, running):
        request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000\r\n\r\n"
        assert running().ask(request)[0].startswith(b"HTTP/1.1 413")


class TestRequests:
    @pytest.fixture
    def job(self, monkeypatch):
        """Return what starts a job, which tells when requests let it go on."""
        monkeypatch.setattr(communicate.courtesy, "LONGEST", 10)
        monkeypatch.setattr(communicate.courtesy, "PATIENCE", 10)

        def start():
            went_on = threading.Event()

            def run():
                with courtesy.giving_way():
                    courtesy.give_way()
                went_on.set()

            threading.Thread(target=run, daemon=True).start()
            return went_on

        return start

    def test_go_before_jobs_until_they_are_answered(self, running, job):
        site = running()
        asking = threading.Thread(target=site.ask, args=(GET % b"slow",))
        asking.start()
        assert site.site.began.wait(10)
        went_on = job()
        assert not went_on.wait(0.1)
        site.site.goes_on.set()
        assert went_on.wait(5)
        asking.join(10)

    def test_that_fail_hold_up_nobody_afterwards(self, running, job):
        site = running()
        for path in (b"broken", b"\xff", b"large"):
            site.ask(GET % path)
        assert job().wait(5)


class TestProxy:
    REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.7\r\n\r\n"

    def test_is_believed_where_it_is_trusted(self, running):
        body = running(**{"communicate.trusted_proxy": "127.0.0.1"}).ask(self.REQUEST)[1]
        assert b"192.0.2.7" in body

    @pytest.mark.parametrize("trusted", ["", "192.0.2.1"])
    def test_is_not_believed_otherwise(self, running, trusted):
        body = running(**{"communicate.trusted_proxy": trusted}).ask(self.REQUEST)[1]
        assert b"'REMOTE_ADDR': '127.0.0.1'" in body


def drip(client, seconds):
    """Send a header now and then, each in good time, for so many *seconds*."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        client.sendall(b"X-A: b\r\n")
        time.sleep(0.2)


class TestSlowClients:
    def test_that_are_silent_are_cut_off(self, running):
        with running().connect() as client:
            client.sendall(b"GET / HTTP/1.1\r\n")
            assert client.recv(1000) == b""

    def test_that_drip_are_cut_off_too(self, running):
        with running().connect() as client:
            client.sendall(b"GET / HTTP/1.1\r\n")
            with pytest.raises(OSError, match=r"reset|[Bb]roken"):
                drip(client, 9)

    def test_do_not_keep_others_waiting(self, running):
        one = running(**{"communicate.client_timeout": 60})
        slow = [one.connect() for _ in range(50)]
        for client in slow:
            client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nx")
        assert one.ask(GET % b"")[0].startswith(b"HTTP/1.1 200")
        for client in slow:
            client.close()


class TestDrain:
    def test_a_request_in_flight_is_answered_in_full(self, running):
        one = running()
        with one.connect() as client:
            client.sendall(GET % b"slow")
            assert one.site.began.wait(10)
            one.stop()
            assert not one.ended.wait(0.5)
            one.site.goes_on.set()
            head, body = read_answer(client)
            assert head.startswith(b"HTTP/1.1 200")
            assert b"connection: close" in head.lower()
            assert body.endswith(b"}")
            assert client.recv(1) == b""
        assert one.ended.wait(5)

    def test_requests_that_wait_for_a_thread_are_answered_too(self, running):
        one = running(**{"communicate.threads": 1})
        clients = [one.connect() for _ in range(5)]
        for client in clients:
            client.sendall(GET % b"slow")
        assert one.site.began.wait(10)
        until = time.monotonic() + 10
        while unread(one.address[1]) and time.monotonic() < until:
            time.sleep(0.001)
        one.stop()
        one.site.goes_on.set()
        for client in clients:
            assert read_answer(client)[0].startswith(b"HTTP/1.1 200")
            client.close()
        assert one.ended.wait(5)

    def test_a_large_answer_reaches_a_client_that_reads_slowly(self, running):
        one = running()
        with one.connect() as client:
            client.sendall(GET % b"large")
            first = client.recv(1000)
            one.stop()
            total = len(first)
            while part := client.recv(100_000):
                total += len(part)
                time.sleep(0.01)
            assert total > 2_000_000
        assert one.ended.wait(5)

    def test_idle_connections_end_and_new_ones_are_refused(self, running):
        one = running()
        with one.connect() as client:
            client.sendall(GET % b"")
            read_answer(client)
            one.stop()
            assert client.recv(1) == b""
        assert one.ended.wait(5)
        with pytest.raises(ConnectionRefusedError):
            one.connect()

    def test_a_client_that_never_stops_asking_is_not_waited_for(self, running):
        one = running()
        with one.connect() as client:
            client.sendall(GET % b"")
            assert b"connection: close" not in read_answer(client)[0].lower()
            one.stop()
            answers = []
            try:
                for _turn in range(1000):
                    client.sendall(GET % b"")
                    answers.append(read_answer(client)[0])
            except OSError:
                answers.append(b"")
            assert b"connection: close" in b"".join(answers).lower() or answers == [b""]
        assert one.ended.wait(5)

    def test_a_server_that_never_listened_ends_at_once(self):
        with bind("127.0.0.1:0") as bound:
            server = WebServer(Site(), bound, SETTINGS)
            began = time.monotonic()
            server.drain(30)
            assert time.monotonic() - began < 5


class TestBind:
    def test_a_taken_port_is_one_sentence_with_its_cure(self):
        with bind("127.0.0.1:0") as first:
            first.listen()
            port = first.getsockname()[1]
            with pytest.raises(CannotListen, match=r"Choose another address with --listen"):
                bind(f"127.0.0.1:{port}")

    @pytest.mark.parametrize(
        "listen", ["6543", "127.0.0.1", ":80", "127.0.0.1:x", "127.0.0.1:99999"]
    )
    def test_what_is_no_address_is_too(self, listen):
        with pytest.raises(CannotListen, match=f"Cannot listen on {listen}: "):
            bind(listen)

    def test_an_unknown_host_is_too(self):
        with pytest.raises(CannotListen, match=r"Cannot listen on no\.such\.host\.invalid:80"):
            bind("no.such.host.invalid:80")

    @pytest.mark.parametrize(
        ("listen", "url"),
        [
            ("127.0.0.1", "http://127.0.0.1"),
            ("0.0.0.0", "http://127.0.0.1"),  # noqa: S104
            ("[::1]", "http://[::1]"),
        ],
    )
    def test_its_address_can_be_opened_on_this_machine(self, listen, url):
        with bind(f"{listen}:0") as bound:
            assert url_of(bound) == f"{url}:{bound.getsockname()[1]}"
