"""Run inside the serving site what callers of its control socket ask for."""

from pathlib import Path
from typing import Any

from communicate.cli.config import Config
from communicate.cli.console import Console
from communicate.interfaces import IPlugins
from communicate.serving.control import Execute


def executor(config: Config, registry: Any) -> Execute:
    """Return what runs one command on the streams of its thread, with the site of *registry*."""
    # Imported here: the tree of commands holds `serve`, which leads here.
    from communicate.cli.run import execute
    from communicate.cli.tree import build

    def run(words: list[str], cwd: Path) -> int:
        group = build(registry.getUtility(IPlugins))
        return execute(group, words, Console(config, cwd, registry))

    return run
