"""``communicate case``: list cases of staff, and hand one over."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from communicate.backup import age
from communicate.backup.errors import BackupError
from communicate.cases.exporting import NoSuchCase, export, name_of, stamp
from communicate.cases.reading import cases_of
from communicate.cases.views.rows import state_of
from communicate.cli.console import Console, pass_console
from communicate.clock import milliseconds, now
from communicate.ids import decode, encode


@click.group()
def case() -> None:
    """List the cases by which staff read, and hand one over."""


@case.command("list")
@pass_console
def list_cases(console: Console) -> None:
    """List the cases: id, state, member concerned, end, readings; the oldest first."""
    for line in console.work(lambda request: list(lines(request))):
        click.echo(line)


def lines(request: Any) -> Iterator[str]:
    """Yield a line for each case."""
    present = milliseconds(now(request))
    for one in cases_of(request).cases.values():
        member = name_of(request, one.uid) or ""
        state, ends = state_of(one, present), stamp(one.ends)
        yield f"{encode(one.id)}\t{state}\t{member}\t{ends}\t{one.count()}"


@case.command("export")
@click.argument("name", metavar="CASE")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--to", "keys", multiple=True, required=True, help="Public key of age (age1…) that opens it."
)
@pass_console
def export_case(console: Console, name: str, path: Path, keys: tuple[str, ...]) -> None:
    """Write what CASE opens and its log into the new FILE, encrypted to the keys of age.

    Each thing in it counts as read: it is logged, and the member is told. The site may go on
    serving. A case that is over gives its log only.
    """
    target = console.cwd / path
    if target.exists():
        raise click.ClickException(f"{path} is there already: choose another file.")
    try:
        things, readings = export(console.registry, decode(name), target, recipients(keys))
    except (ValueError, NoSuchCase):
        raise click.ClickException(f"There is no case {name}: see `case list`.") from None
    except BackupError as error:
        raise click.ClickException(f"{error}.") from None
    click.echo(f"{path}: {things} things, {readings} readings.")


def recipients(keys: tuple[str, ...]) -> list[Any]:
    """Return the public keys; raise a ClickException for what is none."""
    try:
        return age.recipients(keys)
    except Exception:
        raise click.ClickException("--to wants a public key of age, such as age1…") from None
