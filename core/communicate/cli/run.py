"""Run a command: inside the serving site where there is one, else here."""

import gc
import logging
import os
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from communicate.cli import config as configs
from communicate.cli import remote
from communicate.cli.apart import is_apart, is_siteless
from communicate.cli.config import Config
from communicate.cli.console import Console
from communicate.cli.inside import runs_inside, serving
from communicate.serving.lock import PAUSE, Busy, SiteLock
from communicate.serving.sockets import connect

PATIENCE = 60.0  # seconds to wait for another command, or for a server that is starting
NAME = "communicate"


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line *argv* (by default the process's) and exit with its code."""
    gc.set_threshold(50_000, 20, 100)  # starting makes a million things, and they all stay
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    words = list(sys.argv[1:] if argv is None else argv)
    sys.exit(guarded(lambda: start(words, Path.cwd())))


def start(words: list[str], cwd: Path) -> int:
    """Run *words* for a caller in the folder *cwd*; return the exit code."""
    rest, options = configs.peel(words)
    if runs_inside(rest):
        connection = serving(configs.read(options, cwd))
        if connection is not None:
            return remote.run(connection, rest, cwd)
    return load_and_run(rest, options, cwd)


def load_and_run(rest: list[str], options: dict[str, str], cwd: Path) -> int:
    """Load every command, find the one that the words *rest* call, and run it where it belongs."""
    from communicate.cli.tree import build, find

    own = build()
    called = find(own, rest)
    nowhere = not options and not (cwd / configs.DEFAULT).is_file()
    if is_siteless(called) if called else nowhere and asks_for_help(rest):
        return execute(own, rest, None)
    config = configs.read(options, cwd)
    group = build(plugins_of(config))
    command = find(group, rest)
    if command is None or is_apart(command):
        return execute(group, rest, Console(config, cwd))
    return with_data(group, rest, config, cwd)


def asks_for_help(words: Sequence[str]) -> bool:
    """Tell whether *words* run nothing."""
    return not words or "--help" in words


def plugins_of(config: Config) -> Any:
    """Return the enabled plugins, imported; raise what the settings or they deserve."""
    from communicate.boot import read  # loads the whole web side

    _values, plugins = read(config.merged, config.ini)
    return plugins


def with_data(group: click.Group, words: list[str], config: Config, cwd: Path) -> int:
    """Run *words* in the server of the site, or here with the site's data to ourselves."""
    os.umask(0o077)  # what is made here is nobody else's
    run = config.settings["communicate.run"]
    until = time.monotonic() + PATIENCE
    with SiteLock(run) as lock:
        while True:
            connection = connect(run)
            if connection is not None:
                return remote.run(connection, words, cwd)
            if lock.acquire("command"):
                return execute(group, words, Console(config, cwd, unclean=lock.unclean))
            if time.monotonic() > until:
                kind, process = lock.holder()
                raise Busy(f"Process {process} ({kind}) has this site's data: try again later.")
            time.sleep(PAUSE)


def execute(group: click.Group, words: list[str], console: Console | None) -> int:
    """Run *words* on the standard streams; return the exit code."""
    try:
        return guarded(lambda: invoke(group, words, console))
    finally:
        if console is not None:
            console.close()


def invoke(group: click.Group, words: list[str], console: Console | None) -> int:
    """Let click run *words*; return the exit code."""
    code = group.main(words, prog_name=NAME, standalone_mode=False, obj=console)
    return code if isinstance(code, int) else 0


def guarded(action: Any) -> int:
    """Return the exit code of *action*; say in one sentence why it failed, if it did."""
    try:
        return int(action())
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return 130
    except Exception as error:  # the last one to see it
        click.echo(explain(error), err=True)
        return 1


def explain(error: Exception) -> str:
    """Return the sentence of an error of ours or of the system's, the whole trace of a bug."""
    ours = type(error).__module__.partition(".")[0].startswith(NAME)
    if ours or isinstance(error, OSError):
        return f"{NAME}: {error}"
    return "".join(traceback.format_exception(error))
