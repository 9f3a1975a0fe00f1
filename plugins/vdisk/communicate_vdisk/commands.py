"""``communicate disk``: what operators do with disks, without seeing what is on them."""

from functools import partial
from typing import Any

import click

from communicate.clamav import CLEAN, INFECTED, UNSCANNED
from communicate.cli import Console, pass_console
from communicate_vdisk import scanning
from communicate_vdisk.content import PENDING, File
from communicate_vdisk.indexing import numbers_of
from communicate_vdisk.interfaces import IDisk

STATES = {
    "": "never asked about",
    PENDING: "waiting",
    CLEAN: "clean",
    INFECTED: "infected",
    UNSCANNED: "not scanned",
}
BATCH = 200  # files in one transaction


@click.group()
def disk() -> None:
    """Look after members' disks, without seeing what is on them."""


@disk.command()
@pass_console
def scans(console: Console) -> None:
    """Say how many files are in each state of the search for viruses."""
    counts = scanning.counts(console.registry)
    for state, words in STATES.items():
        click.echo(f"{words}: {counts.get(state, 0)}")


@disk.command()
@pass_console
def scan(console: Console) -> None:
    """Have clamd look at every file that it has not looked at: it was off, or did not answer."""
    if not console.settings["vdisk.clamav"]:
        raise click.ClickException("Name clamd with vdisk.clamav first.")
    asked, numbers = 0, console.work(numbers_of)
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        asked += console.work(partial(ask, numbers=batch))
    click.echo(f"{asked} files wait for clamd.")


def ask(request: Any, numbers: list[int]) -> int:
    """Have those of *numbers* that were not looked at be so; return how many."""
    find, asked = request.find_service(IDisk).find, 0
    for number in numbers:
        file = find(number)
        if isinstance(file, File) and file.blob is not None and file.scan in ("", UNSCANNED):
            scanning.ask(request, file)
            asked += file.scan == PENDING
    return asked
