"""Find out which site a command is about: its ini file, and what the command line overrides."""

import configparser
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from paste.deploy import appconfig

from communicate import settings
from communicate.settings.environment import variable

OPTIONS = ("--config", "--var")
DEFAULT = "development.ini"


class BadConfig(Exception):
    """The ini file or an option that names it cannot be used."""


@dataclass(frozen=True)
class Config:
    """An ini file that has been read; nothing in it has been checked yet."""

    path: Path
    global_config: Mapping[str, Any]
    ini: Mapping[str, Any]
    overrides: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def settings(self) -> dict[str, Any]:
        """Those settings of core that can be read without plugins."""
        return settings.peek(self.merged, self.ini, os.environ)

    @property
    def merged(self) -> dict[str, Any]:
        """The global configuration, with the overrides of the command line in it."""
        return {**self.global_config, settings.OVERRIDES: dict(self.overrides)}

    def override(self, **values: str) -> "Config":
        """Return this configuration with core's settings *values* laid over it."""
        laid = {f"communicate.{name}": value for name, value in values.items()}
        return replace(self, overrides={**self.overrides, **laid})

    def states_url(self) -> bool:
        """Tell whether the environment, or the ini file of a production site, says the address."""
        if variable("communicate.url") in os.environ:
            return True
        production = self.settings["communicate.mode"] == "production"
        return bool(production and self.ini.get("communicate.url"))


def peel(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return *words* without ``--config X`` and ``--var X``, wherever they stand, and those two.

    After ``--`` nothing is an option. Raise `BadConfig` where the value is missing.
    """
    rest: list[str] = []
    found: dict[str, str] = {}
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        name, equals, value = word.partition("=")
        if word == "--":
            return [*rest, word, *waiting], found
        if name not in OPTIONS:
            rest.append(word)
        elif equals:
            found[name] = value
        elif waiting:
            found[name] = waiting.pop(0)
        else:
            raise BadConfig(f"{name} needs a value: write it after {name}.")
    return rest, found


def read(options: Mapping[str, str], cwd: Path) -> Config:
    """Return the configuration that *options* name; relative paths start at *cwd*."""
    path = cwd / options.get("--config", DEFAULT)
    if not path.is_file():
        raise BadConfig(f"There is no {path}: name an ini file with --config.")
    try:
        found = appconfig(f"config:{path}", name="main")
    except (configparser.Error, LookupError, ImportError, ValueError) as error:
        raise BadConfig(f"{path} cannot be read: {error}") from error
    config = Config(path, found.global_conf, found.local_conf)
    if "--var" in options:
        return config.override(var=str(cwd / options["--var"]))
    return config
