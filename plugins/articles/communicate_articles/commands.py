"""``communicate articles export`` and ``import``: a folder of Markdown files, for one member."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import click

from communicate.audience import LEVELS
from communicate.cli.console import Console, pass_console
from communicate.cli.progress import Progress
from communicate_articles.folders.errors import Unreadable, in_english
from communicate_articles.folders.exporting import rendered
from communicate_articles.folders.files import FolderFiles
from communicate_articles.folders.importing import Import, uid_of
from communicate_articles.folders.outcomes import CHANGED, NEW, SAME, Outcome

SHOWN = 100  # sentences about files


@click.group()
def articles() -> None:
    """Take articles out as Markdown files, or in."""


def member(console: Console, login: str) -> int:
    """Return the uid of *login*; raise ClickException without one."""
    uid = console.work(lambda request: uid_of(request, login))
    if uid is None:
        raise click.ClickException(f"Nobody has the login {login}: see `member list`.")
    return uid


@articles.command("export")
@click.argument("login", metavar="LOGIN")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@pass_console
def export(console: Console, login: str, folder: Path) -> None:
    """Write each article of LOGIN into FOLDER, as a Markdown file with front matter.

    What is out is written, or the draft of what is not. Files of the same names are replaced,
    others are left alone. Whoever reads the folder reads the articles, private ones too.
    """
    uid, place = member(console, login), console.cwd / folder
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    files = console.work(lambda request: list(rendered(request, uid)))
    with Progress(len(files), "Writing") as progress:
        for name, data in files:
            (place / name).parent.mkdir(mode=0o700, exist_ok=True)
            replace(place / name, data)
            progress.add(1)
    click.echo(f"{len(files):,} files written to {place}.")


def replace(path: Path, data: bytes) -> None:
    """Write *data* to *path*, for its owner's eyes; what was there stays until that is done."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


@articles.command("import")
@click.argument("login", metavar="LOGIN")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--audience",
    type=click.Choice([level for level in LEVELS if level != "chosen"]),
    default="private",
    show_default=True,
    help="The widest audience that a new article gets, whatever its file says.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@pass_console
def import_(console: Console, login: str, folder: Path, audience: str, dry_run: bool) -> None:
    """Make an article of LOGIN of each Markdown file in FOLDER and below.

    A file that was imported before updates its article, whose audience stays as it is. What
    cannot be taken is named with the cure, and stops nothing else; begin again after a run that
    was cut off, and it goes on.
    """
    uid, place = member(console, login), console.cwd / folder
    if not place.is_dir():
        raise click.ClickException(f"{place} is no folder.")
    try:
        job = Import(console.work, uid, FolderFiles(place), audience, dry=dry_run)
        with Progress(len(job.files.names())) as progress:
            for _name in job.run():
                progress.add(1)
    except Unreadable as error:
        raise click.ClickException(f"{place}: {error}.") from error
    for line in summary(job.outcome, dry=dry_run):
        click.echo(line)


def summary(outcome: Outcome, *, dry: bool) -> Iterator[str]:
    """Yield what was done and what was not, in sentences."""
    would = "would be " if dry else ""
    counts = outcome.counts
    yield f"{counts[NEW]:,} articles {would}made, {counts[CHANGED]:,} {would}changed."
    yield f"{counts[SAME]:,} were imported before and say the same."
    if outcome.pictures:
        yield f"{outcome.pictures:,} pictures attached."
    if outcome.wrong:
        yield f"{len(outcome.wrong):,} files left out:"
    for name, reason in (*outcome.wrong[:SHOWN], *outcome.remarks[:SHOWN]):
        yield f"  {name}: {in_english(reason).rstrip('.')}."
