import json
import os
import socket
import stat
import sys
import threading
from contextlib import suppress
from pathlib import Path

import click
import pytest

from communicate.cli import remote
from communicate.serving import control as module
from communicate.serving.control import ControlServer
from communicate.serving.frames import COMMAND, EXIT, LARGEST, OUT, Broken, Wire
from communicate.serving.sockets import connect


@pytest.fixture
def serve(tmp_path):
    """Start a control server that runs the given function; stop it at the end."""
    started = []

    def start(execute):
        started.append(ControlServer(tmp_path, execute))
        started[-1].start()
        return started[-1]

    yield start
    for server in started:
        server.stop(5)


class Caller:
    """A command's caller that keeps what it is told and says what it is given."""

    def __init__(self, run, given=b""):
        self.wire = Wire(connect(run))
        self.given = given
        self.told = {b"O": b"", b"E": b"", b"W": b""}

    def call(self, *words, cwd="/"):
        with suppress(BrokenPipeError):  # one that refuses may have hung up by now
            self.wire.send(COMMAND, json.dumps({"argv": words, "cwd": cwd}).encode())
        while True:
            kind, payload = self.wire.receive()
            if kind == EXIT:
                self.wire.close()
                return int(payload)
            self.told[kind] += payload
            if kind == b"W":
                size = int.from_bytes(payload, "big")
                part, self.given = self.given[:size], self.given[size:]
                self.wire.send(b"I", part)


def echo(words, cwd):
    click.echo(f"{' '.join(words)} in {cwd}")
    click.echo("warned", err=True)
    return 3


class TestCommands:
    def test_words_and_folder_arrive_and_output_and_code_return(self, tmp_path, serve):
        serve(echo)
        caller = Caller(tmp_path)
        assert caller.call("forum", "add", cwd="/somewhere") == 3
        assert caller.told[b"O"] == b"forum add in /somewhere\n"
        assert caller.told[b"E"] == b"warned\n"

    def test_input_is_asked_for_only_when_it_is_read(self, tmp_path, serve):
        def first_line(_words, _cwd):
            print(sys.stdin.readline().strip().upper())
            return 0

        serve(first_line)
        reading = Caller(tmp_path, "été\nrest".encode())
        assert reading.call() == 0
        assert reading.told[b"O"].decode() == "ÉTÉ\n"
        assert reading.told[b"W"]
        serve_again = Caller(tmp_path, b"")
        assert serve_again.call() == 0

    def test_a_command_that_reads_nothing_asks_for_nothing(self, tmp_path, serve):
        serve(echo)
        caller = Caller(tmp_path, b"kept for others")
        caller.call()
        assert caller.told[b"W"] == b""
        assert caller.given == b"kept for others"

    def test_input_may_be_large_and_binary(self, tmp_path, serve):
        given = os.urandom(3 * LARGEST)

        def copy(_words, _cwd):
            sys.stdout.buffer.write(sys.stdin.buffer.read())
            return 0

        serve(copy)
        caller = Caller(tmp_path, given)
        assert caller.call() == 0
        assert caller.told[b"O"] == given

    def test_output_arrives_while_the_command_still_runs(self, tmp_path, serve):
        seen = threading.Event()

        def two_lines(_words, _cwd):
            print("first")
            assert seen.wait(10)
            return 0

        serve(two_lines)
        wire = Wire(connect(tmp_path))
        wire.send(COMMAND, b'{"argv": [], "cwd": "/"}')
        assert wire.receive() == (OUT, b"first\n")
        seen.set()
        assert wire.receive() == (EXIT, b"0")
        wire.close()

    def test_many_at_once_keep_their_streams_apart(self, tmp_path, serve):
        meeting = threading.Barrier(8)

        def interleaved(words, _cwd):
            for turn in range(50):
                if turn % 25 == 0:
                    meeting.wait(10)
                print(words[0], sys.stdin.readline().strip())
            return int(words[0])

        serve(interleaved)
        callers = [Caller(tmp_path, f"given {n}\n".encode() * 50) for n in range(8)]
        codes = {}
        threads = [
            threading.Thread(target=lambda n=n, c=c: codes.update({n: c.call(str(n))}))
            for n, c in enumerate(callers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert codes == {n: n for n in range(8)}
        for n, caller in enumerate(callers):
            assert caller.told[b"O"].decode() == f"{n} given {n}\n" * 50

    def test_the_servers_own_output_stays_its_own(self, tmp_path, serve, capsys):
        serve(echo)
        print("of the server")
        Caller(tmp_path).call("x")
        assert capsys.readouterr().out == "of the server\n"


class TestCallers:
    def test_relay_input_output_and_exit_code(self, tmp_path, serve, capfd):
        serve(echo)
        assert remote.run(connect(tmp_path), ["pack"], Path("/here")) == 3
        assert capfd.readouterr() == ("pack in /here\n", "warned\n")

    def test_are_told_when_the_server_dies(self, tmp_path, capfd):
        near, far = socket.socketpair()
        far.close()
        assert remote.run(near, ["pack"], Path("/")) == 1
        assert "The server ended before the command did" in capfd.readouterr().err

    def test_of_other_accounts_are_refused(self, tmp_path, serve, monkeypatch):
        ran = []
        serve(lambda *given: ran.append(given) or 0)
        monkeypatch.setattr(module.os, "geteuid", lambda: os.getuid() + 1)
        caller = Caller(tmp_path)
        assert caller.call("member", "list") == 1
        assert b"Only the account that runs the site" in caller.told[b"E"]
        assert ran == []

    def test_that_hang_up_do_not_hurt_the_server(self, tmp_path, serve):
        serve(echo)
        for given in (b"", b"C", b"C\xff\xff\xff\xff", b"X\0\0\0\0", b"C\0\0\0\x02{}"):
            connection = connect(tmp_path)
            connection.sendall(given)
            connection.close()
        assert Caller(tmp_path).call() == 3


class TestSocket:
    def test_only_its_account_may_open_it(self, tmp_path, serve):
        serve(echo)
        mode = (tmp_path / "control.sock").stat().st_mode
        assert stat.S_ISSOCK(mode)
        assert stat.S_IMODE(mode) == 0o600

    def test_a_path_longer_than_an_address_works(self, tmp_path):
        run = tmp_path / ("x" * 200)
        run.mkdir()
        server = ControlServer(run, echo)
        server.start()
        assert Caller(run).call() == 3
        server.stop(5)

    def test_one_left_by_a_crash_is_no_server_and_is_replaced(self, tmp_path, serve):
        left = socket.socket(socket.AF_UNIX)
        left.bind(str(tmp_path / "control.sock"))
        left.close()
        assert connect(tmp_path) is None
        serve(echo)
        assert Caller(tmp_path).call() == 3

    def test_stop_waits_for_the_command_at_work_and_takes_no_other(self, tmp_path):
        began, goes_on = threading.Event(), threading.Event()

        def wait(_words, _cwd):
            began.set()
            return 0 if goes_on.wait(10) else 1

        server = ControlServer(tmp_path, wait)
        server.start()
        wire = Wire(connect(tmp_path))
        wire.send(COMMAND, b'{"argv": [], "cwd": "/"}')
        assert began.wait(10)
        stopping = threading.Thread(target=server.stop, args=(10,))
        stopping.start()
        stopping.join(0.3)
        assert stopping.is_alive()
        assert connect(tmp_path) is None
        goes_on.set()
        assert wire.receive() == (EXIT, b"0")
        wire.close()
        stopping.join(10)
        assert not stopping.is_alive()


class TestWire:
    def test_a_frame_that_is_too_long_is_refused(self):
        near, far = socket.socketpair()
        near.sendall(b"O\x7f\xff\xff\xff")
        with pytest.raises(Broken, match="2147483647 bytes"):
            Wire(far).receive()
        near.close()
        far.close()
