"""Who may import whom: core no plugin, a plugin only core and itself, and nobody by accident."""

import ast
import email
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "communicate"
PLUGINS = sorted(path for path in ROOT.glob("plugins/*/communicate_*") if path.is_dir())
THEMES = sorted(path for path in ROOT.glob("themes/*/communicate_*") if path.is_dir())


def sources(folder: Path) -> list[Path]:
    """Return the modules below *folder*; a skeleton among its templates is not one of them."""
    return [path for path in sorted(folder.rglob("*.py")) if "templates" not in path.parts]


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted name of everything that *path* imports, at its top or anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide who imports whom"
            yield node.module or ""


def ours(name: str) -> str:
    top = name.partition(".")[0]
    return top if top == "communicate" or top.startswith("communicate_") else ""


class TestCore:
    @pytest.mark.parametrize("path", sources(CORE), ids=lambda path: str(path.relative_to(CORE)))
    def test_it_imports_no_plugin_and_no_theme(self, path):
        assert {ours(name) for name in imported(path)} <= {"", "communicate"}


class TestPlugins:
    @pytest.mark.parametrize(
        "path",
        [source for package in (*PLUGINS, *THEMES) for source in sources(package)],
        ids=lambda path: str(path.relative_to(ROOT)),
    )
    def test_each_imports_core_and_itself_alone(self, path):
        own = next(
            part for part in path.relative_to(ROOT).parts if part.startswith("communicate_")
        )
        assert {ours(name) for name in imported(path)} <= {"", "communicate", own}

    def test_the_third_party_sample_keeps_to_the_same_rule(self):
        sample = ROOT / "tests/fixtures/communicate_sample/communicate_sample"
        for path in sources(sample):
            assert {ours(name) for name in imported(path)} <= {
                "",
                "communicate",
                "communicate_sample",
            }


class TestPaths:
    def test_the_standard_library_is_not_shadowed(self):
        assert Path(email.__file__).is_relative_to(sysconfig.get_path("stdlib"))
        assert not any(Path(entry).name == "plugins" for entry in sys.path)

    @pytest.mark.parametrize(
        "pattern",
        [
            "plugins/__init__.py",
            "plugins/*/__init__.py",
            "plugins/*/tests/**/__init__.py",
            "tests/[!f]*/**/__init__.py",
        ],
    )
    def test_these_folders_are_no_packages(self, pattern):
        assert list(ROOT.glob(pattern)) == []


class TestPersistentClasses:
    @pytest.mark.parametrize("package", [CORE, *PLUGINS], ids=lambda path: path.name)
    def test_they_are_defined_in_files_called_content(self, package):
        """Path and name of a persistent class are written into the database."""
        bases = {"Persistent", "Content", "Folder", "Site"}
        for path in sources(package):
            if path.name == "content.py":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    named = {base.id for base in node.bases if isinstance(base, ast.Name)}
                    assert not named & bases, f"{path}: class {node.name}"
