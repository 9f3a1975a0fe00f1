"""``communicate plugin new``: a small plugin to begin from, whose tests pass as they are."""

import keyword
import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import click

PLACE = "NAME"
GRAMMAR = re.compile(r"[a-z][a-z0-9_]{1,29}")


class BadName(click.ClickException):
    """The name cannot be that of a plugin, or its folder is there already."""


def write_plugin(name: str, into: Path) -> Path:
    """Write the plugin *name* into a new folder of that name in *into*; return the folder."""
    if not GRAMMAR.fullmatch(name) or keyword.iskeyword(name) or name == "communicate":
        raise BadName(
            f"{name!r} cannot be a plugin's name: use 2 to 30 of a-z, 0-9 and _, a letter first"
        )
    folder = into / name
    if folder.exists():
        raise BadName(
            f"{folder} is there already: choose another name, or another folder with --into"
        )
    copy(files("communicate.cli") / "templates" / "plugin", folder, name)
    return folder


def copy(source: Traversable, target: Path, name: str) -> None:
    """Copy *source* and all in it to *target*, with *name* in place of NAME in names and texts."""
    if source.is_dir():
        target.mkdir(parents=True)
        for item in source.iterdir():
            if not item.name.startswith("__pycache__"):
                copy(item, target / item.name.replace(PLACE, name), name)
    else:
        text = source.read_text(encoding="utf-8")
        target.write_text(text.replace(PLACE, name), encoding="utf-8")
