"""Commands beside a serving site: they run inside it, as if they ran where they are typed."""

import os
import subprocess
import threading
import time

import pytest

from communicate.testing.server import COMMAND


@pytest.fixture
def server(server):
    server.configure("")
    return server.start()


def call(server, *words, given="", cwd=None, **environ):
    """Run a command as a person does; return what came of it."""
    return subprocess.run(  # noqa: S603  # our own command
        [COMMAND, *words],
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        cwd=cwd or server.folder,
        env={**os.environ, **environ},
    )


class TestOptions:
    @pytest.mark.parametrize(
        "words",
        [
            ["--config", "site.ini", "member", "list"],
            ["member", "--config", "site.ini", "list"],
            ["member", "list", "--config", "site.ini"],
            ["member", "list", "--config=site.ini"],
        ],
    )
    def test_the_ini_file_may_be_named_anywhere(self, server, words):
        done = call(server, *words)
        assert (done.returncode, done.stderr) == (0, "")

    def test_without_one_it_is_development_ini(self, server):
        done = call(server, "member", "list")
        assert done.returncode == 1
        assert "development.ini: name an ini file with --config." in done.stderr

    def test_var_says_which_site(self, server, tmp_path, password):
        server.member("ada", password)
        other = call(
            server, "member", "list", "--config", "site.ini", "--var", str(tmp_path / "v")
        )
        assert (other.stdout, other.returncode) == ("", 0)
        assert (tmp_path / "v" / "Data.fs").is_file()
        moved = call(server, "member", "list", "--config", "site.ini", "--var", "var")
        assert moved.stdout == "ada\tactive\n"

    def test_var_goes_before_the_environment(self, server, password):
        server.member("ada", password)
        words = ["member", "list", "--config", "site.ini", "--var", "var"]
        assert call(server, *words, COMMUNICATE_VAR="elsewhere").stdout == "ada\tactive\n"


class TestInside:
    def test_input_output_and_code_are_those_of_the_command(self, server, password):
        words = ["member", "add", "ada", "--email", "ada@example.org", "--password-stdin"]
        config = ["--config", "site.ini"]
        first = call(server, *words, *config, given=password)
        assert (first.returncode, first.stdout, first.stderr) == (0, "ada can sign in.\n", "")
        second = call(server, *words, *config, given=password)
        assert second.returncode == 1
        assert second.stdout == ""
        assert second.stderr.startswith("communicate: ")
        wrong = call(server, "member", "add", *config)
        assert wrong.returncode == 2
        assert "Missing argument 'LOGIN'" in wrong.stderr

    def test_the_account_can_be_used_at_once(self, server, password):
        server.member("ada", password)
        assert server.client("ada", password).ask("GET", "/account").status == 200

    def test_every_command_works_beside_the_site(self, server, password):
        server.member("ada", password)
        for words in (
            ["member", "suspend", "ada"],
            ["member", "invite", "bob@example.org"],
            ["plugin", "list"],
            ["reindex"],
            ["evolve"],
            ["pack"],
            ["keys", "rotate-master"],
            ["doctor"],
        ):
            server.run(*words)
        assert server.run("member", "list") == "ada\tsuspended\n"
        assert server.client().ask("GET", "/").status == 200

    def test_mail_can_be_read(self, server):
        server.run("member", "invite", "bob@example.org")
        until = time.monotonic() + 20
        while "To: bob@example.org" not in (shown := server.run("outbox", "show")):
            assert time.monotonic() < until
            time.sleep(0.2)
        assert f"{server.url}/" in shown
        assert server.run("outbox", "show", "--to", "nobody@example.org") == ""

    def test_under_load_each_gets_its_own_answer(self, server, password):
        stop = threading.Event()
        statuses = []

        def browse():
            client = server.client()
            while not stop.is_set():
                statuses.append(client.ask("GET", "/").status)

        browsers = [threading.Thread(target=browse) for _ in range(4)]
        for browser in browsers:
            browser.start()
        words = ["--email", "{0}@example.org", "--password-stdin"]
        done = {}

        def add(login):
            own = [word.format(login) for word in words]
            done[login] = server.run("member", "add", login, *own, given=password)

        callers = [threading.Thread(target=add, args=(f"ada{n}",)) for n in range(6)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join(60)
        stop.set()
        for browser in browsers:
            browser.join(30)
        assert done == {f"ada{n}": f"ada{n} can sign in.\n" for n in range(6)}
        assert server.run("member", "list").splitlines() == [f"ada{n}\tactive" for n in range(6)]
        assert set(statuses) == {200}


class TestWithout:
    def test_two_at_once_take_turns(self, server, password):
        server.stop()
        done = []

        def add(login):
            server.member(login, password)
            done.append(login)

        callers = [threading.Thread(target=add, args=(f"ada{n}",)) for n in range(3)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join(60)
        assert sorted(done) == ["ada0", "ada1", "ada2"]
        assert len(server.run("member", "list").splitlines()) == 3

    def test_one_makes_the_key_and_the_site(self, tmp_path, server):
        server.stop()
        server.run("member", "list", "--var", str(tmp_path / "new"))
        assert (tmp_path / "new" / "Data.fs").is_file()
        assert server.run("evolve", "--var", str(tmp_path / "new")) == "0 steps.\n"
