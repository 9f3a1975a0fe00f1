"""Programs of the machine that tests drive: a browser, real clients and servers.

A test that needs one runs where it is found and is skipped elsewhere; with the variable of its
kind set to 1, as in CI, absence is a failure.
"""

import os
import shutil
from typing import NoReturn

import pytest

BROWSER = "COMMUNICATE_REQUIRE_BROWSER"
CLIENTS = "COMMUNICATE_REQUIRE_CLIENTS"


def found(*names: str) -> str | None:
    """Return the path of the first program of *names* that this machine has, or None."""
    return next((path for name in names if (path := shutil.which(name))), None)


def needed(*names: str, variable: str = CLIENTS) -> str:
    """Return the path of a program of *names*; skip or fail the test where there is none."""
    path = found(*names)
    if path is None:
        lacking(f"no {', '.join(names)} was found: install one of them", variable)
    return path


def as_root(program: str) -> None:
    """Skip or fail a test of *program*, which root alone starts, where somebody else runs it."""
    if os.geteuid() != 0:
        lacking(f"{program} is started by root")


def lacking(what: str, variable: str = CLIENTS) -> NoReturn:
    """Skip the test for *what* is missing, or fail it where nothing may be."""
    if os.environ.get(variable) == "1":
        pytest.fail(what)
    pytest.skip(what)
