"""``communicate plugin new`` and ``purge`` as developers and operators run them."""

import os
import subprocess

import pytest

from communicate.testing.server import COMMAND, Server


def call(*words, cwd, given=""):
    """Run a command as a person does; return what came of it."""
    return subprocess.run(  # our own command
        words,
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=cwd,
    )


@pytest.fixture(scope="module")
def left(tmp_path_factory, sample_folder):
    """Return a serving site that the sample plugin once ran on."""
    server = Server(tmp_path_factory.mktemp("site"), "sample")
    path = os.pathsep.join([str(sample_folder), os.environ.get("PYTHONPATH", "")])
    server.run("evolve", environ={"PYTHONPATH": path})
    server.configure("")
    with server:
        yield server


class TestNew:
    # That its tests pass as they are is the first step of the tutorial: see `test_tutorials`.
    def test_it_is_written_where_there_is_no_site(self, tmp_path):
        made = call(COMMAND, "plugin", "new", "weather", cwd=tmp_path)
        assert (made.returncode, made.stderr) == (0, "")
        assert made.stdout == "weather is written. Run its tests: cd weather && pytest\n"

    def test_another_folder_can_be_said(self, tmp_path):
        (tmp_path / "work").mkdir()
        assert call(COMMAND, "plugin", "new", "sky", "--into", "work", cwd=tmp_path).stdout
        assert (tmp_path / "work" / "sky" / "communicate_sky" / "plugin.py").is_file()

    @pytest.mark.parametrize("name", ["Weather", "class", "x", "a-b", "../up", "communicate"])
    def test_a_name_that_cannot_be_is_refused_with_the_grammar(self, tmp_path, name):
        done = call(COMMAND, "plugin", "new", name, cwd=tmp_path)
        assert done.returncode == 1
        assert "use 2 to 30 of a-z, 0-9 and _" in done.stderr
        assert list(tmp_path.iterdir()) == []

    def test_a_folder_that_is_there_is_left_alone(self, tmp_path):
        (tmp_path / "weather").mkdir()
        done = call(COMMAND, "plugin", "new", "weather", cwd=tmp_path)
        assert (done.returncode, list((tmp_path / "weather").iterdir())) == (1, [])


class TestPurge:
    def purge(self, server, *words, given=""):
        words = ["plugin", "purge", *words, "--config", str(server.ini)]
        return call(COMMAND, *words, given=given, cwd=server.folder)

    def test_what_there_is_is_shown_and_kept_unless_its_name_is_typed(self, left):
        for given in ("", "yes\n"):
            done = self.purge(left, "sample", given=given)
            assert done.returncode == 1
            assert "container /guestbook, with all that is in it\n" in done.stdout
            assert "Nothing was deleted." in done.stderr

    def test_the_list_names_it_though_it_is_not_installed(self, left):
        assert "sample\tnot installed, keeps /guestbook\n" in left.run("plugin", "list")

    def test_the_name_deletes_it(self, left):
        done = self.purge(left, "sample", given="sample\n")
        assert (done.returncode, done.stderr) == (0, "")
        assert self.purge(left, "sample").stdout == "Nothing is kept of sample.\n"
        assert self.purge(left, "sample", "--yes").returncode == 0

    def test_what_is_switched_on_is_refused_with_the_cure(self, tmp_path):
        site = Server(tmp_path, "forums")
        done = self.purge(site, "forums", "--yes")
        assert done.returncode == 1
        assert "take it out of communicate.plugins" in done.stderr
