"""Fixtures that several kinds of tests share."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from communicate.testing import postgres

SAMPLE = Path(__file__).parent / "fixtures" / "communicate_sample"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """Return a PostgreSQL server, one for all workers of a run."""
    with postgres.running() as server:
        yield server


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which pip has installed the third-party sample plugin."""
    source = tmp_path_factory.mktemp("source") / "communicate_sample"
    # Built from a copy: setuptools leaves a build folder behind.
    subprocess.run(["cp", "-r", str(SAMPLE), str(source)], check=True)
    target = tmp_path_factory.mktemp("site-packages")
    options = [
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--target",
        str(target),
    ]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(source)], check=True)
    return target


@pytest.fixture
def sample(sample_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["Installed"]:
    """Install the sample plugin for one test."""
    installed = Installed("communicate_sample", sample_folder, monkeypatch)
    installed.install()
    yield installed
    installed.forget()


class Installed:
    """A package that can be installed and uninstalled while a test runs."""

    def __init__(self, package: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.package = package
        self.folder = folder
        self._monkeypatch = monkeypatch

    def install(self) -> None:
        """Put the package on the path."""
        self._monkeypatch.syspath_prepend(str(self.folder))

    def uninstall(self) -> None:
        """Take the package off the path, and forget what was imported of it."""
        self._monkeypatch.setattr(
            sys, "path", [entry for entry in sys.path if entry != str(self.folder)]
        )
        self.forget()

    def forget(self) -> None:
        """Forget what was imported of the package."""
        for name in [name for name in sys.modules if name.partition(".")[0] == self.package]:
            del sys.modules[name]
