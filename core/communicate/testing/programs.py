"""Programs of the machine that tests drive: a browser, real clients and servers.

A test that needs one runs where it is found and is skipped elsewhere; with the variable of its
kind set to 1, as in CI, absence is a failure.
"""

import os
import shutil

import pytest

BROWSER = "COMMUNICATE_REQUIRE_BROWSER"
CLIENTS = "COMMUNICATE_REQUIRE_CLIENTS"


def found(*names: str) -> str | None:
    """Return the path of the first program of *names* that this machine has, or None."""
    return next((path for name in names if (path := shutil.which(name))), None)


def needed(*names: str, variable: str = CLIENTS) -> str:
    """Return the path of a program of *names*; skip or fail the test where there is none."""
    path = found(*names)
    if path is not None:
        return path
    missing = f"no {', '.join(names)} was found: install one of them"
    if os.environ.get(variable) == "1":
        pytest.fail(missing)
    pytest.skip(missing)
