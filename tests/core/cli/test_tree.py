from pathlib import Path

import click
import pytest

from communicate.cli import Console, apart, pass_console
from communicate.cli.apart import is_apart
from communicate.cli.run import execute, explain
from communicate.cli.tree import build, find


class Hooks:
    """Plugins, of which one adds commands."""

    def duty(self, hook, group):
        group.add_command(archive)
        yield "archives", None


@click.group()
def archive():
    """Keep archives."""


@archive.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--list", "listing", type=click.File())
@pass_console
def write(console, target, listing):
    """Write to TARGET."""
    click.echo(target)
    if listing:
        click.echo(listing.read())


@archive.command()
@pass_console
def fail(console):
    """Fail as the system does."""
    (console.cwd / "nowhere").read_text()


@archive.command("break")
def break_():
    """Fail as a bug does."""
    raise ZeroDivisionError("a bug")


@pytest.fixture
def run(tmp_path, capsys):
    """Run words for a caller in *tmp_path*; return code, output and errors."""

    def execute_words(*words):
        console = Console(None, tmp_path, registry=object())
        code = execute(build(Hooks()), list(words), console)
        return code, *capsys.readouterr()

    return execute_words


class TestBuild:
    def test_every_command_shows_the_options_that_it_takes(self, run):
        for words in (
            ["archive", "write"],
            ["serve"],
            ["member", "add"],
            ["keys", "rotate-master"],
        ):
            code, shown, _errors = run(*words, "--help")
            assert code == 0
            assert "--config INI" in shown
            assert "--var DIR" in shown

    def test_building_twice_adds_nothing_twice(self, run):
        build(Hooks())
        assert run("archive", "write", "--help")[1].count("--config INI") == 1

    def test_without_plugins_there_are_those_of_core(self):
        assert set(build().commands) >= {
            *("serve", "member", "plugin", "reindex", "evolve"),
            *("pack", "doctor", "keys", "outbox"),
        }


class TestFind:
    @pytest.mark.parametrize(
        ("words", "name"),
        [
            ("pack", "pack"),
            ("archive write x", "write"),
            ("member add ada --email a@b.example", "add"),
            ("", None),
            ("archive", None),
            ("nonsense", None),
            ("archive nonsense", None),
            ("pack --help", None),
        ],
    )
    def test_the_command_that_words_call(self, words, name):
        found = find(build(Hooks()), words.split())
        assert (found and found.name) == name

    def test_serve_needs_no_data_but_its_own(self):
        assert is_apart(build().commands["serve"])
        assert not is_apart(build().commands["pack"])

    def test_a_plugin_can_say_so_too(self):
        assert is_apart(apart(click.Command("alone")))


class TestPaths:
    def test_start_where_the_caller_is(self, run, tmp_path):
        assert run("archive", "write", "below/x")[1] == f"{tmp_path}/below/x\n"
        assert run("archive", "write", "/x")[1] == "/x\n"

    def test_files_do_too(self, run, tmp_path):
        (tmp_path / "list.txt").write_text("a list")
        assert run("archive", "write", "/x", "--list", "list.txt")[1] == "/x\na list\n"


class TestExecute:
    def test_wrong_words_end_with_two(self, run):
        code, _shown, errors = run("archive", "write")
        assert code == 2
        assert "Missing argument 'TARGET'" in errors

    def test_errors_of_the_system_are_one_line(self, run):
        code, _shown, errors = run("archive", "fail")
        assert code == 1
        assert errors.startswith("communicate: ")
        assert errors.count("\n") == 1

    def test_bugs_show_where_they_are(self, run):
        code, _shown, errors = run("archive", "break")
        assert code == 1
        assert "Traceback" in errors
        assert "ZeroDivisionError: a bug" in errors

    def test_our_errors_say_their_sentence(self):
        class Ours(Exception):
            __module__ = "communicate_forums.services"

        assert explain(Ours("Do this.")) == "communicate: Do this."
