"""Tell the commands that need no data of a site, or no site at all, from those that do."""

from typing import TypeVar

import click

KEY = "communicate.apart"
SITELESS = "communicate.siteless"
C = TypeVar("C", bound=click.Command)


def apart(command: C) -> C:
    """Mark *command* as one that opens no data itself: it runs here even beside a serving site."""
    setattr(command, KEY, True)
    return command


def is_apart(command: click.Command) -> bool:
    """Tell whether *command* is so marked."""
    return bool(getattr(command, KEY, False))


def siteless(command: C) -> C:
    """Mark *command* as one that runs anywhere, without an ini file; it gets no `Console`."""
    setattr(command, SITELESS, True)
    return command


def is_siteless(command: click.Command) -> bool:
    """Tell whether *command* is so marked."""
    return bool(getattr(command, SITELESS, False))
