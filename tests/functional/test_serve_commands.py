"""Commands beside a serving site: they run inside it, as if they ran where they are typed."""

import os
import re
import subprocess
import threading
import time

import pytest

from communicate.audience import PUBLIC
from communicate.interfaces import IMembers
from communicate.profile.interfaces import IProfiles
from communicate.testing.archives import exported
from communicate.testing.server import COMMAND, Server


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Return a serving site that all tests here share."""
    with Server(tmp_path_factory.mktemp("site"), "") as server:
        yield server


def call(server, *words, given="", cwd=None, **environ):
    """Run a command as a person does; return what came of it."""
    return subprocess.run(  # our own command
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
            ["--config", "site.ini", "plugin", "list"],
            ["plugin", "--config", "site.ini", "list"],
            ["plugin", "list", "--config", "site.ini"],
            ["plugin", "list", "--config=site.ini"],
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
        server.member("vera", password)
        words = ["member", "list", "--config", "site.ini"]
        other = call(server, *words, "--var", str(tmp_path / "new"), COMMUNICATE_VAR="var")
        assert (other.stdout, other.returncode) == ("", 0)
        assert (tmp_path / "new" / "Data.fs").is_file()
        here = call(server, *words, "--var", "var", COMMUNICATE_VAR="elsewhere")
        assert "vera\tactive\n" in here.stdout


class TestChangedSettings:
    """The settings that the next start would read are checked before a command runs inside."""

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("communicate.plugins = nowhere", "plugin 'nowhere' is not installed"),
            ("communicate.max_body = much", "communicate.max_body"),
        ],
    )
    def test_a_fault_is_told_though_the_site_serves_without_it(self, server, line, said):
        before, then = server.ini.read_text(encoding="utf-8"), server.ini.stat()
        kept = [one for one in before.splitlines() if one.partition(" ")[0] not in line]
        server.ini.write_text("\n".join([*kept, line, ""]), encoding="utf-8")
        try:
            done = call(server, "member", "list", "--config", "site.ini")
        finally:
            server.ini.write_text(before, encoding="utf-8")
            os.utime(server.ini, ns=(then.st_atime_ns, then.st_mtime_ns))
        assert done.returncode == 1
        assert said in done.stderr


class TestInside:
    def test_input_output_and_code_are_those_of_the_command(self, server, password):
        words = ["member", "add", "ada", "--email", "ada@example.org", "--password-stdin"]
        config = ["--config", "site.ini"]
        first = call(server, *words, *config, given=password)
        assert (first.returncode, first.stdout, first.stderr) == (0, "ada can sign in.\n", "")
        assert server.client("ada", password).ask("GET", "/account").status == 200
        second = call(server, *words, *config, given=password)
        assert second.returncode == 1
        assert second.stdout == ""
        assert second.stderr.startswith("communicate: ")
        wrong = call(server, "member", "add", *config)
        assert wrong.returncode == 2
        assert "Missing argument 'LOGIN'" in wrong.stderr

    @pytest.mark.parametrize("days", ["-1", "nan", "99999999"])
    def test_history_is_kept_for_a_number_of_days(self, server, days):
        done = call(server, "pack", "--days", days, "--config", "site.ini")
        assert done.returncode == 2
        assert "Invalid value for '--days'" in done.stderr

    def test_a_password_that_is_no_text_is_refused(self, server):
        words = ["member", "add", "zoe", "--email", "zoe@example.org", "--password-stdin"]
        done = subprocess.run(
            [COMMAND, *words, "--config", str(server.ini)],
            input=b"l\xe9 tilleul",
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1
        assert done.stderr == b"Error: The password is not UTF-8: write it in that.\n"

    def test_every_command_works_beside_the_site(self, server, password):
        server.member("eve", password)
        for words in (
            ["member", "suspend", "eve"],
            ["reindex"],
            ["evolve"],
            ["pack"],
            ["keys", "rotate-master"],
            ["doctor"],
        ):
            server.run(*words)
        assert "eve\tsuspended\n" in server.run("member", "list")
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

        def browse(client):
            while not stop.is_set():
                statuses.append(client.ask("GET", "/").status)

        browsers = started(browse, [server.client() for _ in range(4)])
        done = {}

        def add(login):
            words = ["--email", f"{login}@example.org", "--password-stdin"]
            done[login] = server.run("member", "add", login, *words, given=password)

        logins = [f"load{n}" for n in range(6)]
        joined(started(add, logins))
        stop.set()
        joined(browsers)
        assert done == {login: f"{login} can sign in.\n" for login in logins}
        assert set(logins) <= {
            line.split()[0] for line in server.run("member", "list").splitlines()
        }
        assert set(statuses) == {200}


class TestWithout:
    @pytest.mark.slow
    def test_two_at_once_take_turns_and_make_the_site(self, tmp_path, password):
        site = Server(tmp_path / "other", "")
        logins = [f"ada{n}" for n in range(3)]
        joined(started(lambda login: site.member(login, password), logins))
        assert site.run("member", "list") == "".join(f"{login}\tactive\n" for login in logins)
        assert site.run("evolve") == "0 steps.\n"


def started(func, arguments):
    """Call *func* with each of *arguments*, all at once; return the threads."""
    threads = [threading.Thread(target=func, args=(argument,)) for argument in arguments]
    for thread in threads:
        thread.start()
    return threads


def joined(threads):
    """Wait for *threads*."""
    for thread in threads:
        thread.join(60)


class TestDemo:
    """A demo on a site that serves, and where people are."""

    def demo(self, server, *words):
        return call(server, "demo", "--config", "site.ini", "--members", "3", *words)

    def test_it_is_made_beside_the_site_that_serves_and_shows_at_once(self, tmp_path):
        with Server(tmp_path, "forums") as server:
            done = self.demo(server)
            assert (done.returncode, done.stderr) == (0, "")
            lines = done.stdout.splitlines()
            assert lines[:3] == [
                "3 members",
                "what communicate makes of them",
                "what forums makes of them",
            ]
            login = re.search(r"Sign in as ([\w.]+),", lines[3])[1]
            password = lines[4].rpartition(" ")[2]
            assert "/forums/quartier" in server.client(login, password).get("/forums")

    def test_a_site_with_members_of_its_own_is_left_alone(self, server, password):
        server.member("walter", password)
        before = server.run("member", "list")
        done = self.demo(server)
        assert done.returncode == 1
        assert "has members of its own" in done.stderr
        assert server.run("member", "list") == before
        assert self.demo(server, "--yes").returncode == 0


class TestArchive:
    def test_a_members_archive_comes_back_from_the_folder_of_the_caller(
        self, server, make_house, tmp_path
    ):
        house = make_house([])
        house.member("lina")

        def say(request):
            member = request.find_service(IMembers).by_login("lina")
            given = {"value": "Tailleuse de pierre", "audience": PUBLIC}
            request.find_service(IProfiles).add(member, "occupation", given)

        house.work(say)
        (tmp_path / "lina.zip").write_bytes(exported(house, "lina").data)
        config = ["--config", str(server.folder / "site.ini")]
        done = call(server, "member", "import", "lina.zip", *config, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert "communicate/element: 1\n" in done.stdout
        assert "lina sets a password by `Forgotten password`" in done.stdout
        assert "Tailleuse de pierre" in server.client().ask("GET", "/members/lina").text
        again = call(server, "member", "import", "lina.zip", *config, cwd=tmp_path)
        assert again.returncode == 1
        assert "lina has a space or circles already" in again.stderr
        assert "Nothing was changed." in again.stderr

    def test_what_is_none_is_refused_in_a_sentence(self, server, tmp_path):
        (tmp_path / "x.zip").write_bytes(b"PK")
        config = ["--config", str(server.folder / "site.ini")]
        done = call(server, "member", "import", "x.zip", *config, cwd=tmp_path)
        assert done.returncode == 1
        assert (
            done.stderr == "Error: x.zip is no ZIP file that can be read. Nothing was changed.\n"
        )
