"""``communicate plugin``: what is installed, and what is in use."""

import click

from communicate.cli.console import Console, pass_console
from communicate.plugins import installed


@click.group()
def plugin() -> None:
    """List plugins, begin one, delete what one left behind."""


@plugin.command("list")
@pass_console
def list_plugins(console: Console) -> None:
    """List the plugins that are installed or switched on, and the state of each."""
    plugins = console.plugins
    wanted = console.settings["communicate.plugins"]
    names = sorted({*installed(), *wanted})
    for name in names:
        click.echo(f"{name}\t{state(name, plugins.enabled, plugins.failed, wanted)}")


def state(name: str, enabled: list[str], failed: dict[str, str], wanted: list[str]) -> str:
    """Say how the plugin *name* fares."""
    if name in enabled:
        return "enabled"
    if name in failed:
        return f"failed: {failed[name]}"
    return "not installed" if name in wanted else "disabled"
