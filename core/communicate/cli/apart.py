"""Tell the commands that need no data of a site from those that do."""

from typing import TypeVar

import click

KEY = "communicate.apart"
C = TypeVar("C", bound=click.Command)


def apart(command: C) -> C:
    """Mark *command* as one that opens no data itself: it runs here even beside a serving site."""
    setattr(command, KEY, True)
    return command


def is_apart(command: click.Command) -> bool:
    """Tell whether *command* is so marked."""
    return bool(getattr(command, KEY, False))
