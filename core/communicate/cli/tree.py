"""Put the commands together: core's, and those that plugins add."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from communicate.cli import (
    backup,
    case,
    demo,
    keys,
    maintenance,
    members,
    outbox,
    plugins,
    serve,
    tls,
)
from communicate.cli.console import Console
from communicate.cli.doctor import doctor
from communicate.cli.privacy import privacy

CORE: tuple[click.Command, ...] = (
    serve.serve,
    members.member,
    plugins.plugin,
    maintenance.reindex,
    maintenance.evolve,
    maintenance.pack,
    doctor,
    keys.keys,
    outbox.outbox,
    demo.demo,
    backup.backup,
    backup.restore,
    privacy,
    case.case,
    tls.tls,
)
EVERYWHERE = {
    "--config": "The site's ini file; development.ini by default.",
    "--var": "The folder of the site's data, instead of the one that the ini file says.",
}


def build(hooks: Any = None) -> click.Group:
    """Return the command ``communicate``, with those that the plugins in *hooks* add."""
    group = click.Group("communicate", help="Serve a 2 Communicate site and look after it.")
    for command in CORE:
        group.add_command(command)
    if hooks is not None:
        for _name, _answer in hooks.duty("communicate_commands", group=group):
            continue
    for command in leaves(group):
        prepare(command)
    return group


def leaves(command: click.Command) -> Iterator[click.Command]:
    """Yield every command below *command* that is not a group, or *command* itself."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from leaves(below)
    else:
        yield command


def prepare(command: click.Command) -> None:
    """Show the options that every command has, and let paths start at the caller's folder."""
    names = {name for param in command.params for name in param.opts}
    for name, text in EVERYWHERE.items():
        if name not in names:  # they never get here: `communicate.cli.config.peel` takes them
            kind = "INI" if name == "--config" else "DIR"
            command.params.append(
                click.Option([name], help=text, metavar=kind, expose_value=False)
            )
    for param in command.params:
        if isinstance(param.type, click.Path | click.File) and not isinstance(
            param.type, Resolved
        ):
            param.type = Resolved(param.type)


def find(group: click.Group, words: Sequence[str]) -> click.Command | None:
    """Return the command that *words* call, or None where they only ask for help or are wrong."""
    command: click.Command = group
    for word in words:
        if word in ("--help", "-h"):
            return None
        if isinstance(command, click.Group):
            below = command.commands.get(word) or getattr(command, "fallback", None)
            if below is None:
                return None
            command = below
    return None if isinstance(command, click.Group) else command


class Resolved(click.ParamType[Any]):
    """A path or a file whose relative name starts at the folder of the caller."""

    name = "path"

    def __init__(self, inner: click.ParamType[Any]) -> None:
        self.inner = inner

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return what the inner type makes of the absolute path."""
        console = ctx.find_object(Console) if ctx else None
        if isinstance(value, str) and value != "-" and console is not None:
            value = str(console.cwd / Path(value).expanduser())
        return self.inner.convert(value, param, ctx)
