"""A package that is scanned again gives a site what it gave the first one."""

import os
import sys
from types import ModuleType
from typing import Any

import pytest
import venusian
from pyramid.config import Configurator
from pyramid.util import TopologicalSorter

import communicate.accounts
import communicate.web
import communicate_forums
import communicate_vdisk
from communicate.testing.haste import FOUND, Scanner

PACKAGES = [
    (communicate.accounts, None),
    (communicate.web, None),
    (communicate_forums, None),
    (communicate_vdisk, [".dav", ".ftps"]),
]


class Noting:
    """Stands for a `Configurator`: notes what decorators ask of it."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def with_package(self, package: ModuleType) -> "Noting":
        self.asked.append(package.__name__)
        return self

    def __getattr__(self, name: str) -> Any:
        def note(*arguments: Any, **named: Any) -> None:
            self.asked.append((name, arguments, named))

        return note


def asked(scanner: type, package: ModuleType, ignore: list[str] | None) -> list[Any]:
    """Return what a site is asked to configure when *scanner* goes through *package*."""
    config = Noting()
    scanner(config=config).scan(package, categories=("pyramid",), ignore=ignore)
    return config.asked


@pytest.mark.parametrize(("package", "ignore"), PACKAGES)
def test_what_is_remembered_is_what_venusian_finds(package, ignore, monkeypatch):
    monkeypatch.delattr(package, FOUND, raising=False)
    found = asked(venusian.Scanner, package, ignore)
    assert len(found) > 10
    assert asked(Scanner, package, ignore) == found
    assert FOUND in vars(package)
    assert asked(Scanner, package, ignore) == found


def test_a_package_that_is_imported_anew_is_looked_through_anew(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    module = tmp_path / "communicate_hasty.py"
    view = "from pyramid.view import view_config\n\n@view_config(name={!r})\ndef view(r): ...\n"
    seen = []
    for name in ("one", "another"):
        module.write_text(view.format(name))
        sys.modules.pop("communicate_hasty", None)
        package = __import__("communicate_hasty")
        for _again in range(2):
            seen += [
                call[2]["name"] for call in asked(Scanner, package, None) if call[0] == "add_view"
            ]
        os.utime(module, (1, len(seen)))  # or the bytecode of the first would count for the second
    del sys.modules["communicate_hasty"]
    assert seen == ["one", "one", "another", "another"]


def test_what_is_sorted_is_sorted_anew_where_something_has_changed():
    sorter = TopologicalSorter()

    def names() -> str:
        return "".join(name for name, _value in sorter.sorted())

    sorter.add("a", 1, before="b")
    sorter.add("b", 2)
    first = sorter.sorted()
    assert sorter.sorted() == first == [("a", 1), ("b", 2)]
    first.clear()  # what was returned is the caller's own
    assert names() == "ab"
    sorter.add("c", 3, after="b")
    assert names() == "abc"
    sorter.add("c", 4, before="a")
    assert names() == "cab"
    sorter.remove("c")
    assert names() == "ab"


def test_this_run_is_hastened():
    assert Configurator.venusian.Scanner is Scanner
    assert os.fsync(-1) is None
