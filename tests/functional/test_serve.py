"""``communicate serve`` as a process: what it prints, makes, refuses, and leaves behind."""

import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time

import pytest

from communicate.testing.client import fields_of
from communicate.testing.server import COMMAND, Server, free_port, unread

SENTENCE = re.compile(
    r"^communicate: This site is served already, by process \d+: stop it first\.$"
)
# Asks the site to stop in the moment in which the first visitor can come in.
HASTY = """
import os, signal
from communicate.cli.run import main
from communicate.serving.web import WebServer

def accept(self, accept=WebServer.accept_connections):
    accept(self)
    os.kill(os.getpid(), signal.SIGINT)

WebServer.accept_connections = accept
main()
"""


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def tell_when_sent(connection, sent):
    """Count in the semaphore *sent* each request that *connection* has sent."""
    answered = connection.getresponse

    def getresponse():
        sent.release()
        return answered()

    connection.getresponse = getresponse


def serve_again(server, **environ):
    """Try to serve the site of *server* a second time; return what came of it."""
    words = [COMMAND, "serve", "--config", str(server.ini), "--listen", f"127.0.0.1:{free_port()}"]
    return subprocess.run(  # our own command
        words, capture_output=True, text=True, timeout=60, env={**os.environ, **environ}
    )


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Return a serving site in development that several tests share, in their order."""
    with Server(tmp_path_factory.mktemp("site"), "", mode="development") as server:
        yield server


class TestStart:
    @pytest.fixture
    def server(self, shared):
        return shared

    def test_it_prints_the_address_and_a_link_for_the_first_operator(self, server):
        until = time.monotonic() + 10
        while not (links := re.findall(r"one: (http\S+)\n", server.log())):
            assert time.monotonic() < until
        assert f"is served on {server.url}\n" in server.log()
        (link,) = links
        assert link.startswith(f"{server.url}/")
        assert server.client().ask("GET", link.removeprefix(server.url)).status == 200

    def test_what_it_makes_is_nobody_elses(self, server):
        var = server.folder / "var"
        for path in [var, *var.rglob("*"), *(server.folder / ".secrets").iterdir()]:
            assert mode(path) & 0o077 == 0, path
        assert (server.folder / ".secrets" / "master.key").is_file()
        assert {"Data.fs", "catalog.sqlite", "keyring.sqlite", "run"} <= {
            path.name for path in var.iterdir()
        }

    def test_doctor_finds_nothing(self, server):
        assert "ILL" not in server.run("doctor")

    def test_the_host_header_makes_no_address(self, server):
        assert "evil.example" not in server.client().ask("GET", "/", Host="evil.example").text

    def test_redirects_are_bare_paths(self, server, password):
        server.member("bob", password)
        answer = server.client().submit("/login", login="bob", password=password)
        assert answer.status == 303
        assert answer.headers["location"] == "/"

    def test_a_second_one_is_refused_in_one_sentence(self, server):
        again = serve_again(server)
        assert again.returncode == 1
        assert SENTENCE.match(again.stderr.strip())
        assert again.stdout == ""
        assert server.client().ask("GET", "/").status == 200

    def test_the_link_is_not_given_once_there_is_an_operator(self, server, password):
        server.member("ada", password, "--operator")
        server.stop()
        (server.folder / "serve.log").unlink()
        assert "one: http" not in server.start().log()


class TestListen:
    def test_it_says_the_address_of_a_development_site(self, server):
        server.configure("", mode="development", url="http://other.example")
        assert f"is served on {server.url}\n" in server.start().log()

    def test_the_environment_goes_before(self, server, monkeypatch):
        server.configure("", mode="development")
        monkeypatch.setenv("COMMUNICATE_URL", "http://other.example")
        assert "is served on http://other.example\n" in server.start().log()

    def test_an_ini_file_of_production_goes_before(self, server):
        production(server, url="https://communicate.example")
        log = server.start().log()
        assert "is served on https://communicate.example\n" in log
        assert "one: http" not in log
        answer = server.client().ask("GET", "/")
        assert "; secure" in answer.headers["set-cookie"].lower()


def production(server, **settings):
    """Make of *server* a site for real people, with a key that its operator made."""
    key = server.folder / "master.key"
    key.touch(mode=0o600)
    key.write_text("bWFzdGVyIGtleSBvZiBhIHNpdGUgaW4gYSB0ZXN0ISE=\n")
    server.configure(
        "", mode="production", master_key_file=key, ledger_file="erasures.log", **settings
    )


class TestProduction:
    def test_a_key_is_never_made_silently(self, server):
        production(server, url="https://communicate.example")
        (server.folder / "master.key").unlink()
        with pytest.raises(RuntimeError, match="There is no master key at"):
            server.start()
        assert not (server.folder / "master.key").exists()
        assert not (server.folder / ".secrets").exists()

    def test_all_faults_of_the_settings_are_listed_at_once(self, server):
        server.configure("", mode="production", threads="many", joinning="open")
        with pytest.raises(RuntimeError) as caught:
            server.start()
        for key in ("url", "ledger_file", "master_key_file", "threads", "joinning"):
            assert f"  communicate.{key}: " in str(caught.value)
        assert "Traceback" not in str(caught.value)


class TestStop:
    def test_it_ends_well_and_leaves_no_traces(self, server):
        server.start()
        run = server.folder / "var" / "run"
        assert (run / "serve.pid").read_text() == f"{server.process.pid}\n"
        assert stat.S_ISSOCK((run / "control.sock").stat().st_mode)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0
        assert [path.name for path in run.iterdir()] == ["site.lock"]
        assert "Traceback" not in server.log()

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
    def test_other_signals_do_the_same(self, server, number):
        server.start()
        server.process.send_signal(number)
        assert server.process.wait(30) == 0
        assert not (server.folder / "var" / "run" / "serve.pid").exists()

    def test_as_soon_as_somebody_is_let_in_it_is_stopped_well(self, server):
        words = ["serve", "--config", str(server.ini), "--listen", "127.0.0.1:0"]
        done = subprocess.run(
            [sys.executable, "-c", HASTY, *words], capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr

    def test_requests_in_flight_are_answered(self, server, password):
        server.start()
        server.member("ada", password)
        clients = [server.client() for _ in range(8)]
        forms = [fields_of(client.get("/login"), "login") for client in clients]
        answers, sent = [], threading.Semaphore(0)
        for client in clients:
            tell_when_sent(client.connection, sent)

        def sign_in(client, hidden):
            form = {**hidden, "login": "ada", "password": password}
            answers.append(client.post("/login", form).status)

        pairs = zip(clients, forms, strict=True)
        threads = [threading.Thread(target=sign_in, args=pair) for pair in pairs]
        for thread in threads:
            thread.start()
        assert all(sent.acquire(timeout=30) for _client in clients)
        until = time.monotonic() + 30
        while unread(server.port) and time.monotonic() < until:
            time.sleep(0.001)
        server.process.send_signal(signal.SIGTERM)  # argon2id takes long for the eight of them
        for thread in threads:
            thread.join(30)
        assert server.process.wait(30) == 0
        assert answers == [303] * 8

    def test_while_it_boots_is_heard(self, server):
        words = [COMMAND, "serve", "--config", str(server.ini), "--listen", "127.0.0.1:0"]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        lock = server.folder / "var" / "run" / "site.lock"
        until = time.monotonic() + 30
        while not (lock.exists() and lock.read_text()) and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.1)
        process.terminate()
        said, _nothing = process.communicate(timeout=30)
        assert process.returncode in (0, 128 + signal.SIGTERM)
        assert b"Traceback" not in said


class TestCrash:
    def test_what_is_left_of_it_does_not_hinder_the_next(self, server, password):
        server.start()
        server.member("ada", password)
        server.kill()
        run = server.folder / "var" / "run"
        assert {"serve.pid", "control.sock"} <= {path.name for path in run.iterdir()}
        assert server.run("member", "list") == "ada\tactive\n"
        server.start()
        assert (run / "serve.pid").read_text() == f"{server.process.pid}\n"
        assert server.run("member", "list") == "ada\tactive\n"
