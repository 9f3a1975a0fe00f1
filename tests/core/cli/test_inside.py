"""Commands that run inside a serving site are known before they are loaded."""

import pytest

from communicate.cli.apart import is_apart, is_siteless
from communicate.cli.inside import INSIDE, runs_inside
from communicate.cli.tree import build


def opening(group, path=()):
    """Yield the words of each command below *group* that opens data of a site."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from opening(command, (*path, name))
        elif not (is_apart(command) or is_siteless(command)):
            yield " ".join((*path, name))


def test_each_opens_data():
    assert set(opening(build())) >= INSIDE


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--help"],
        ["member"],
        ["member", "add", "--help"],
        ["reindex", "-h"],
        ["plugin", "new", "x"],
        ["backup", "verify", "dir"],
        ["serve"],
        ["nothing"],
    ],
)
def test_whatever_else_is_looked_up(words):
    assert not runs_inside(words)


@pytest.mark.parametrize("words", [["reindex"], ["pack", "--days", "3"], ["member", "add", "x"]])
def test_these_need_no_looking_up(words):
    assert runs_inside(words)
