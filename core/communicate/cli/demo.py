"""``communicate demo``: people and what they write, for a site that is there to be looked at."""

import click

from communicate.cli.console import Console, pass_console
from communicate.demo import people, running

MOST = 5_000


@click.command()
@click.option("--members", "wanted", type=click.IntRange(1, MOST), default=200, show_default=True)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="The same number, the same site."
)
@click.option("--yes", is_flag=True, help="Do it on a site that other people use, too.")
@pass_console
def demo(console: Console, wanted: int, seed: int, yes: bool) -> None:
    """Fill the site with members, what they say of themselves, and what they write."""
    if not yes:
        check(console)
    made = running.make(console.registry, wanted, seed, click.echo)
    click.echo(f"Sign in as {made.people[0].login}, or as anybody of `communicate member list`.")
    click.echo(f"The password of all of them: {made.password}")
    if made.failed:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in made.failed.items())
        raise click.ClickException(f"These had nothing to show: {reasons}")


def check(console: Console) -> None:
    """Raise where people use the site, or are to use it."""
    if running.is_production(console.registry):
        raise click.ClickException(
            "This site is in production: its demo members share a password. "
            "Say --yes if you want them here."
        )
    count = console.work(people.others)
    if count:
        raise click.ClickException(
            f"This site has members of its own ({count}): nothing was made. "
            "Use another one with --var, or say --yes to put the demo among them."
        )
