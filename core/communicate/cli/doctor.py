"""``communicate doctor``: look for what ails a site, and say what helps."""

from collections.abc import Iterable

import click

from communicate.backup.making import last_backup
from communicate.cli.checks import CHECKS, Check, plugin_checks
from communicate.cli.console import Console, pass_console
from communicate.storage.database import file_path
from communicate.storage.deep import faults as faults_within
from communicate.storage.deep import unopened


def everything(console: Console) -> Iterable[str]:
    """Find whatever does not open, telling how far it is."""
    return faults_within(console.registry, lambda said: click.echo(f"     {said}"))


def site(console: Console) -> Iterable[str]:
    """Find a site that does not open at all, and where its file has changed."""
    try:
        console.registry  # noqa: B018  (opened when first asked for)
    except Exception as error:
        tree = console.config.settings["communicate.database"]
        yield f"The site does not open: {type(error).__name__}: {error}"
        if tree.startswith("file:"):
            yield from unopened(file_path(tree, console.config.settings["communicate.var"]))


@click.command()
@click.option("--deep", is_flag=True, help="Open every object, seal and blob, too; takes a while.")
@pass_console
def doctor(console: Console, deep: bool) -> None:
    """Check stores, keys, files, steps and plugins; exit with 1 where something ails."""
    ill = examine(console, ("site", site))
    if not ill:
        more = [("everything", everything)] if deep else []
        ill = sum(examine(console, one) for one in [*CHECKS, *plugin_checks(console), *more])
        last = console.work(last_backup)
        click.echo(f"Last backup: {f'{last:%Y-%m-%d %H:%M} UTC' if last else 'none'}.")
    click.echo("Reminder: keep a printed copy of the master key; no backup holds it.")
    if ill:
        raise click.exceptions.Exit(1)


def examine(console: Console, named: tuple[str, Check]) -> int:
    """Run the check in *named*, show its title and what it finds; return how many faults."""
    title, check = named
    try:
        faults = list(check(console))
    except Exception as error:  # a check that fails is a finding
        faults = [f"{type(error).__name__}: {error}"]
    click.echo(f"{'ok  ' if not faults else 'ILL '} {title}")
    for fault in faults:
        click.echo(f"       {fault}")
    return len(faults)
