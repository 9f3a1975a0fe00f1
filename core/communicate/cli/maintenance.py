"""``communicate reindex``, ``evolve`` and ``pack``: keep the stores in order."""

import click

from communicate import stores
from communicate.catalog import reindex as reindexing
from communicate.cli.console import Console, pass_console
from communicate.operate.figures import note_pack
from communicate.storage import evolve as evolving
from communicate.storage import pack as packing


@click.command()
@pass_console
def reindex(console: Console) -> None:
    """Make the catalog anew from what the tree holds."""
    done = reindexing.reindex(console.registry, lambda kind, n: click.echo(f"{kind}: {n}"))
    click.echo(f"{sum(done.items.values())} entries made, {done.swept} rows forgotten.")
    for kind, reason in done.failed.items():
        click.echo(f"{kind} failed: {reason}", err=True)
    if done.failed:
        raise click.exceptions.Exit(1)


@click.command()
@click.option("--dry-run", is_flag=True, help="Run the steps, then undo them.")
@pass_console
def evolve(console: Console, dry_run: bool) -> None:
    """Run the evolve steps that the tree still needs."""
    chains = stores.evolve_chains(console.registry)
    steps = evolving.run(console.registry, chains, dry_run=dry_run)
    if not dry_run:
        stores.make_site(console.registry)  # what plugins hang under it waits for pending steps
    for step in steps:
        click.echo(step)
    click.echo(f"{len(steps)} steps{' rehearsed' if dry_run else ''}.")


@click.command()
@click.option(
    "--days",
    type=click.IntRange(0, 36_500),
    default=0,
    show_default=True,
    help="Keep the history of so many days.",
)
@pass_console
def pack(console: Console, days: int) -> None:
    """Drop what was deleted or replaced, so that no file holds it any longer."""
    packing.pack(console.stores, days)
    console.work(note_pack)
    click.echo("Packed.")
