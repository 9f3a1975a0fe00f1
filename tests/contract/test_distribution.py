"""The one distribution: what its folders state is what their code needs."""

import ast
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata, packages_distributions
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).parents[2]
FOLDERS = [ROOT / "core", *sorted(path.parent for path in ROOT.glob("*/*/pyproject.toml"))]
# Imported by what only tests run.
KIT = ROOT / "core" / "communicate" / "testing"


def normal(name):
    """Return *name* of a distribution as comparisons want it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def stated(folder):
    """Return the names of the distributions that the folder's pyproject.toml asks for."""
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    return {normal(re.split(r"[\[<>=!~; ]", line)[0]) for line in project["dependencies"]}


def imported(folder):
    """Yield the top-level modules from outside that the folder's packages import, and where."""
    for path in sorted(folder.glob("communicate*/**/*.py")):
        if KIT in path.parents or "templates" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                if top not in sys.stdlib_module_names and not top.startswith("communicate"):
                    yield top, path


class TestDependencies:
    @pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
    def test_every_import_is_stated(self, folder):
        found = packages_distributions()
        known = stated(ROOT / "core") | stated(folder)
        for top, path in imported(folder):
            offered = {normal(name) for name in found.get(top, [top])}
            assert offered & known, f"{path.relative_to(ROOT)} imports {top}: state it"

    def test_every_version_is_pinned(self):
        pins = (ROOT / "constraints.txt").read_text()
        pinned = {normal(name) for name in re.findall(r"(?m)^([\w.-]+)==", pins)}
        extra = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        tools = {normal(name) for name in extra["optional-dependencies"]["dev"]}
        wanted = tools.union(*map(stated, FOLDERS))
        assert wanted <= pinned

    def test_every_pinned_version_runs_on_the_oldest_python_that_is_promised(self):
        wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
        oldest = wanted.removeprefix(">=") + ".0"
        names = re.findall(r"(?m)^([\w.-]+)==", (ROOT / "constraints.txt").read_text())
        refused = {name: asked for name in names if not runs_on(oldest, asked := asks(name))}
        assert refused == {}


def asks(name):
    """Return the versions of Python that the installed distribution *name* asks for."""
    try:
        return metadata(name).get("Requires-Python", "")
    except PackageNotFoundError:  # for another platform, or another Python
        return ""


def runs_on(python, asked):
    """Tell whether the version *python* is among those that are *asked* for."""
    return SpecifierSet(asked).contains(python)


class TestNames:
    def test_plugins_do_not_shadow_the_standard_library(self):
        import email

        assert "plugins" not in email.__file__
        assert not list(ROOT.glob("plugins/__init__.py")) + list(
            ROOT.glob("plugins/*/__init__.py")
        )
