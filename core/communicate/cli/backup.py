"""``communicate backup`` and ``restore``: keep a copy of the site elsewhere, and come back."""

from functools import partial
from pathlib import Path
from typing import Any

import click

from communicate.backup import age, keys, making, restoring, verifying
from communicate.backup.making import Places
from communicate.cli.apart import apart, siteless
from communicate.cli.console import Console, pass_console
from communicate.erasure.jobs import go_on
from communicate.erasure.services import erasures_of

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)
KEYS = click.option(
    "--keys",
    "keys_folder",
    type=FOLDER,
    help="The folder of the key ring's copy, instead of communicate.backup_keys.",
)
IDENTITY = click.option(
    "--identity",
    "identity_files",
    type=FILE,
    multiple=True,
    required=True,
    help="A file with an identity of age that opens the backup.",
)


class WithMake(click.Group):
    """A group whose own arguments are those of `make`, unless they begin with another command."""

    @property
    def fallback(self) -> click.Command:
        """The command meant by words that name none."""
        return make

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that *args* mean, and what is left of them."""
        if args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return "make", make, args


@click.group(
    cls=WithMake,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    subcommand_metavar="DIR [--keys DIR2] | COMMAND ...",
)
def backup() -> None:
    """Back the site up into the folder DIR, and its key ring into another one.

    The site may go on serving. What is in DIR already is not written again. For a folder that is
    called like a command, write ./verify and so on.
    """


@backup.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@KEYS
@click.option("--whole", is_flag=True, help="Write everything anew.")
@pass_console
def make(console: Console, folder: Path, keys_folder: Path | None, whole: bool) -> None:
    """Do the same: `communicate backup DIR`."""
    places = Places(folder.resolve(), keys_of(console.settings, keys_folder))
    done = making.make(console.registry, places, click.echo, whole=whole)
    click.echo(f"The site as of {done.when:%Y-%m-%d %H:%M:%S} UTC is in {folder}.")


@siteless
@backup.command()
@click.argument("file", type=FILE)
def identity(file: Path) -> None:
    """Make an identity in the new FILE; show its public key, which goes into the ini file."""
    click.echo(age.new_identity(file))
    click.echo(
        f"Keep {file} away from this machine, twice; whoever has it and the master key reads "
        "everything. Write the line above into communicate.backup_recipients.",
        err=True,
    )


@backup.command()
@pass_console
def refresh(console: Console) -> None:
    """Renew every copy of the key ring, and go on with erasures that waited for one."""
    click.echo(f"{keys.refresh_all(console.registry)} copies of the key ring renewed.")
    for uid in console.work(lambda request: list(erasures_of(request).open)):
        go_on(console.registry, uid)


@backup.command()
@click.argument("folder", metavar="DIR2", type=FOLDER)
@pass_console
def forget(console: Console, folder: Path) -> None:
    """Renew the key ring's copy in DIR2 no more: it was destroyed."""
    if not console.work(partial(keys.forget, folder.resolve())):
        raise click.ClickException(f"No copy of the key ring is known in {folder}.")
    click.echo("Forgotten. If that copy still exists, destroy it.")


@apart
@backup.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@KEYS
@IDENTITY
@click.option("--scratch", metavar="URL", help="An empty PostgreSQL database to restore into.")
@pass_console
def verify(
    console: Console,
    folder: Path,
    keys_folder: Path | None,
    identity_files: tuple[Path, ...],
    scratch: str | None,
) -> None:
    """Restore DIR aside, and open every object, blob and seal in it; exit with 1 on a fault."""
    places = Places(folder.resolve(), keys_of(console.config.settings, keys_folder))
    opened = verifying.Opened(console.config, places, identity_files, scratch)
    faults = 0
    for fault in verifying.verify(opened, click.echo):
        faults += 1
        click.echo(f"ILL  {fault}")
    if faults:
        raise click.exceptions.Exit(1)
    click.echo("Every object, blob and seal opens.")


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@KEYS
@IDENTITY
@click.option("--no-ledger", is_flag=True, help="The ledger of erasures is lost: do without.")
@pass_console
def restore(
    console: Console,
    folder: Path,
    keys_folder: Path | None,
    identity_files: tuple[Path, ...],
    no_ledger: bool,
) -> None:
    """Bring the site back from the backup in DIR, where there is no data; erase again who was."""
    if console.inside:
        raise click.ClickException("This site is being served: stop it first.")
    places = Places(folder.resolve(), keys_of(console.config.settings, keys_folder))
    wanted = restoring.Wanted(places, identity_files, ledger=not no_ledger)
    done = restoring.restore(console.config, wanted, lambda: console.registry, click.echo)
    click.echo(f"The site is as it was at {done.when:%Y-%m-%d %H:%M:%S} UTC: what came later")
    click.echo(f"is lost, except that {done.erased} accounts erased since are erased again.")


def keys_of(values: Any, given: Path | None) -> Path:
    """Return the folder of the key ring's copy, by the one name that it has."""
    folder: Path | None = given or values["communicate.backup_keys"]
    if folder is None:
        raise click.ClickException(
            "Say where the copy of the key ring lies, apart from this backup: with --keys, or in "
            "communicate.backup_keys."
        )
    return folder.resolve()
