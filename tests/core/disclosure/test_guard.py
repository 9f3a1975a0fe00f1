"""Connections past the gate: refused before a packet leaves, and told by name."""

import socket
import threading
from types import ModuleType

import pytest

from communicate.disclosure import attempts
from communicate.disclosure.attempts import Attempt, Attempts
from communicate.disclosure.guard import Undeclared, is_here, problem, watching
from communicate.interfaces import IGate
from communicate.outbox.mail.smtp import RELAY

ELSEWHERE = ("192.0.2.7", 443)  # RFC 5737: nobody's


def spy(name="communicate_spy.plugin"):
    """Return a plugin whose function ``call`` connects to another machine."""
    module = ModuleType(name)
    source = (
        "import socket\ndef call(address):\n    socket.create_connection(address, 0.1).close()\n"
    )
    exec(compile(source, f"{name}.py", "exec"), vars(module))  # noqa: S102  (as a plugin's module)
    return module


@pytest.fixture
def told():
    with watching(Attempts()) as told:
        yield told


class TestRefused:
    def test_the_plugin_the_place_and_the_host_are_named(self, told):
        with pytest.raises(Undeclared, match="communicate_recipients"):
            spy().call(ELSEWHERE)
        ((attempt, count),) = told.newest()
        assert (attempt.plugin, attempt.host, count) == ("spy", "192.0.2.7", 1)
        assert attempt.place == "communicate_spy.plugin.call:3"

    def test_a_datagram_is_refused_as_a_connection_is(self, told):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
            with pytest.raises(Undeclared):
                datagrams.sendto(b"words", ELSEWHERE)
            with pytest.raises(Undeclared):
                datagrams.sendmsg([b"words"], [], 0, ELSEWHERE)

    def test_another_thread_of_the_site_is_refused_too(self, told):
        def go():
            with pytest.raises(Undeclared):
                spy().call(ELSEWHERE)

        thread = threading.Thread(target=go)
        thread.start()
        thread.join()
        assert len(told.newest()) == 1

    def test_what_is_tried_often_is_told_once_with_its_count_and_memory_is_bounded(self, told):
        module = spy()
        for _each in range(3):
            with pytest.raises(Undeclared):
                module.call(ELSEWHERE)
        assert told.newest()[0][1] == 3
        for number in range(attempts.MOST + 5):
            told.add(Attempt("spy", f"place {number}", "192.0.2.7"))
        assert len(told.newest()) == attempts.MOST
        assert told.newest()[0][0].place == f"place {attempts.MOST + 4}"


class TestLetThrough:
    def test_the_machine_itself_is_no_other_party(self, told):
        with socket.create_server(("127.0.0.1", 0)) as server:
            spy().call(server.getsockname())
        assert told.newest() == []

    @pytest.mark.parametrize(
        ("address", "here"),
        [
            ("/run/postgresql/.s.PGSQL.5432", True),
            (("127.0.0.53", 53), True),
            (("::1", 25, 0, 0), True),
            (("::ffff:127.0.0.1", 25, 0, 0), True),
            (("::ffff:192.0.2.1", 25, 0, 0), False),
            (("fe80::1%eth0", 25, 0, 2), False),
            (("localhost", 25), True),
            (("localhost.example.org", 25), False),
            (("10.0.0.1", 5432), False),
            ((b"10.0.0.1", 5432), False),
            ((bytearray(b"10.0.0.1"), 5432), False),
        ],
    )
    def test_what_is_here_and_what_is_not(self, address, here):
        assert is_here(address) is here

    def test_through_the_gate_it_is_tried(self, told, house):
        def go(request):
            with request.find_service(IGate).pass_(RELAY, "mail", {}):
                spy().call(ELSEWHERE)

        with pytest.raises(OSError) as error:  # noqa: PT011  (how it fails is the network's part)
            house.work(go)
        assert not isinstance(error.value, Undeclared)
        assert told.newest() == []

    def test_where_nobody_watches_nothing_is_refused(self):
        with watching(Attempts()):
            pass
        with pytest.raises(OSError) as error:  # noqa: PT011
            spy().call(ELSEWHERE)
        assert not isinstance(error.value, Undeclared)


class TestReport:
    def test_operators_read_who_tried_what_and_the_cure(self, house, monkeypatch):
        monkeypatch.setattr(attempts, "told", [Attempts()])
        assert problem(house.registry) is None
        with watching(), pytest.raises(Undeclared):
            spy().call(ELSEWHERE)
        said = problem(house.registry).interpolate()
        assert "spy (communicate_spy.plugin.call:3) to 192.0.2.7 (1)" in said
        assert "communicate.plugins" in said
