"""``communicate keys``: look after the key that opens every other."""

import os

import click

from communicate.backup.keys import refresh_all
from communicate.cli.console import Console, pass_console
from communicate.sealing.master import VARIABLE
from communicate.sealing.rotation import rotate_master_file


@click.group()
def keys() -> None:
    """Look after the master key."""


@keys.command("rotate-master")
@pass_console
def rotate_master(console: Console) -> None:
    """Wrap every key under a new master key, and put that key in its file."""
    if os.environ.get(VARIABLE):
        raise click.ClickException(
            f"The master key comes from {VARIABLE}: put it in communicate.master_key_file "
            "and start again without the variable, then rotate."
        )
    path = console.settings["communicate.master_key_file"]
    rotate_master_file(console.stores.keyring, path)
    copies = refresh_all(console.registry)  # theirs are wrapped by the old one
    click.echo(f"{copies} copies of the key ring renewed.")
    click.echo(f"The new master key is in {path}. Print it, and destroy copies of the old one.")
