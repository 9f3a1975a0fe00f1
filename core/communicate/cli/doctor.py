"""``communicate doctor``: look for what ails a site, and say what helps."""

import click

from communicate.cli.checks import CHECKS, plugin_checks
from communicate.cli.console import Console, pass_console


@click.command()
@pass_console
def doctor(console: Console) -> None:
    """Check stores, keys, files, steps and plugins; exit with 1 where something ails."""
    ill = 0
    for title, check in [*CHECKS, *plugin_checks(console)]:
        try:
            faults = list(check(console))
        except Exception as error:  # a check that fails is a finding
            faults = [f"{type(error).__name__}: {error}"]
        ill += len(faults)
        click.echo(f"{'ok  ' if not faults else 'ILL '} {title}")
        for fault in faults:
            click.echo(f"       {fault}")
    click.echo("Reminder: keep a printed copy of the master key; no backup holds it.")
    if ill:
        raise click.exceptions.Exit(1)
