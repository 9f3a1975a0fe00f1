"""``communicate plugin``: what is installed and in use, a new one, and the end of an old one."""

import sys
from pathlib import Path

import click

from communicate.cli.apart import siteless
from communicate.cli.console import Console, pass_console
from communicate.cli.skeleton import write_plugin
from communicate.operate.plugins import PluginState, plugin_states
from communicate.operate.purge import Kept, kept
from communicate.operate.purge import purge as delete
from communicate.plugins import installed


@click.group()
def plugin() -> None:
    """List plugins, begin one, purge what one left."""


@plugin.command("list")
@pass_console
def list_plugins(console: Console) -> None:
    """List the plugins that are installed, switched on or kept, and the state of each."""
    plugins = console.plugins
    wanted = console.settings["communicate.plugins"]
    known = {one.name: one for one in console.work(plugin_states)}
    for name in sorted({*known, *wanted}):
        words = state(name, plugins.enabled, plugins.failed)
        if name not in plugins.enabled and name in known:
            words += keeps(known[name])
        click.echo(f"{name}\t{words}")


def keeps(one: PluginState) -> str:
    """Say what a plugin that is off keeps, if anything."""
    places = [f"/{mount}" for mount in one.mounts] + [f"{one.kept} things"] * bool(one.kept)
    return f", keeps {' and '.join(places)}" if places else ""


def state(name: str, enabled: list[str], failed: dict[str, str]) -> str:
    """Say how the plugin *name* fares."""
    if name in enabled:
        return "enabled"
    if name in failed:
        return f"failed: {failed[name]}"
    return "disabled" if name in installed() else "not installed"


@siteless
@plugin.command()
@click.argument("name")
@click.option(
    "--into",
    default=".",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where its folder is made; here by default.",
)
def new(name: str, into: Path) -> None:
    """Write a small plugin, NAME, whose tests pass as they are."""
    folder = write_plugin(name, into)
    click.echo(f"{folder} is written. Run its tests: cd {folder} && pytest")


@plugin.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_console
def purge(console: Console, name: str, yes: bool) -> None:
    """Delete for good what NAME, switched off, left behind."""
    found = kept(console.registry, name)
    if found:
        click.echo("\n".join(lines(found)))
        if not yes and not agreed(name):
            raise click.ClickException("Nothing was deleted.")
    else:
        click.echo(f"Nothing is kept of {name}.")
    delete(console.registry, name)
    if found:
        click.echo("Deleted. `communicate pack` takes it out of the files, too.")


def lines(found: Kept) -> list[str]:
    """Say what was *found*."""
    spaces = [f"containers in members' spaces: {found.spaces}"] if found.spaces else []
    return [
        *(f"container /{name}, with all that is in it" for name in found.containers),
        *spaces,
        *(f"{kind}: {count}" for kind, count in sorted(found.things.items())),
        *(f"job {job}: {count}" for job, count in sorted(found.jobs.items())),
    ]


def agreed(name: str) -> bool:
    """Ask whether to go on; silence is a no."""
    click.echo(f"Type {name} to delete all of this for good: ", nl=False)
    return sys.stdin.readline().strip() == name
