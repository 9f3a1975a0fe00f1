"""The page of promises: each has code that keeps it and a test that proves it, and both exist."""

import ast
import re
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "promises.md"
TOLD = 12  # promises
NAME = re.compile(r"`([^`]+)`")


class Promise(NamedTuple):
    """One row: its number, its sentence, and what the two columns name."""

    number: int
    sentence: str
    code: list[str]
    tests: list[str]


def promises():
    """Return the rows of the page."""
    rows = (line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:1] == "|")
    cells = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
    return [
        Promise(int(number), sentence, NAME.findall(code), NAME.findall(tests))
        for number, sentence, code, tests in cells
        if number.isdecimal()
    ]


def names(body):
    """Return what *body*, parsed Python, defines, with ``Class::method`` for methods."""
    found = set()
    for node in body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {node.name, *(f"{node.name}::{name}" for name in names(node.body))}
    return found


def exists(test):
    """Tell whether *test*, a path or one with the name of a test in it, is there."""
    path, _colons, name = test.partition("::")
    if not (ROOT / path).exists():
        return False
    return not name or name in names(ast.parse((ROOT / path).read_text(encoding="utf-8")).body)


def test_all_twelve_are_there_in_order():
    numbers = [promise.number for promise in promises()]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, TOLD + 1))


@pytest.mark.parametrize(
    "promise", promises(), ids=lambda promise: f"{promise.number} {promise.sentence[:40]}"
)
def test_the_code_and_the_tests_exist(promise):
    assert promise.code
    assert [name for name in promise.code if find_spec(name) is None] == []
    assert promise.tests
    assert [test for test in promise.tests if not exists(test)] == []
    assert all("test_" in test or test.startswith("tests/functional/") for test in promise.tests)


def test_a_name_that_is_gone_is_noticed():
    here = "tests/contract/test_promises.py"
    assert exists(here)
    assert exists(f"{here}::test_a_name_that_is_gone_is_noticed")
    assert not exists(f"{here}::test_nothing")
    assert not exists("tests/contract/test_nothing.py")
