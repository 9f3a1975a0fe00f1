"""The sign of a restore that has not ended: nobody opens what it has put there so far."""

import os
from pathlib import Path

from communicate.backup.errors import Unfinished
from communicate.backup.target import replace
from communicate.storage.folders import make_private

NAME = "restore.unfinished"


def put(var: Path) -> None:
    """Say that this process restores into *var*."""
    make_private(var)
    replace(var / NAME, str(os.getpid()).encode())


def take(var: Path) -> None:
    """Say that what is in *var* is whole."""
    (var / NAME).unlink(missing_ok=True)


def is_there(var: Path) -> bool:
    """Tell whether a restore into *var* began and did not end."""
    return (var / NAME).exists()


def refuse_unfinished(var: Path) -> None:
    """Raise Unfinished where a restore into *var* was cut short; it itself may open the data."""
    try:
        process = (var / NAME).read_bytes()
    except FileNotFoundError:
        return
    if process != str(os.getpid()).encode():
        raise Unfinished(
            f"a restore into {var} was cut short: run the same `communicate restore` again, it "
            "begins anew"
        )
