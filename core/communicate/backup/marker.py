"""The sign of a restore that has not ended: nobody opens what it has put there so far.

It names the process that restores, and which stores it fills: only those may be emptied when the
restore begins anew.
"""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from communicate.backup.errors import Unfinished
from communicate.backup.target import replace
from communicate.storage.folders import make_private

NAME = "restore.unfinished"
STORES = ("database", "blobs", "keyring")


def put(values: Mapping[str, Any]) -> None:
    """Say that this process restores into the stores that *values* name."""
    var = values["communicate.var"]
    make_private(var)
    replace(var / NAME, f"{os.getpid()} {digest(values)}".encode())


def take(values: Mapping[str, Any]) -> None:
    """Say that what is there is whole."""
    (values["communicate.var"] / NAME).unlink(missing_ok=True)


def is_there(values: Mapping[str, Any]) -> bool:
    """Tell whether a restore into these very stores began and did not end."""
    with suppress(FileNotFoundError):
        return read(values["communicate.var"])[1] == digest(values)
    return False


def refuse_unfinished(var: Path) -> None:
    """Raise Unfinished where a restore into *var* was cut short; it itself may open the data."""
    try:
        process, _stores = read(var)
    except FileNotFoundError:
        return
    if process != str(os.getpid()):
        raise Unfinished(
            f"a restore into {var} was cut short: run the same `communicate restore` again, it "
            "begins anew"
        )


def read(var: Path) -> tuple[str, str]:
    """Return the process and the digest of the stores that the sign in *var* names."""
    process, _blank, stores = (var / NAME).read_text(encoding="ascii").partition(" ")
    return process, stores


def digest(values: Mapping[str, Any]) -> str:
    """Return what tells the stores that *values* name from others, without a password."""
    named = "\n".join(str(values[f"communicate.{name}"]) for name in STORES)
    return hashlib.sha256(named.encode()).hexdigest()
