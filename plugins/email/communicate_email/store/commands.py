"""``communicate mail import``: mail that a member brings along."""

from pathlib import Path
from typing import Any

import click

from communicate.cli import Console, pass_console
from communicate.cli.progress import Progress
from communicate.interfaces import IMembers
from communicate_email.store.importing import Done, Importer, sources


@click.command("import")
@click.argument("login")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--folder", default="INBOX", help="Where it is put, unless a Maildir says where.")
@pass_console
def import_mail(console: Console, login: str, path: Path, folder: str) -> None:
    """Put the mail in PATH into the mailbox of the member LOGIN.

    PATH is an mbox file, a Maildir, a ZIP, a file of one message (.eml), or a folder of such.
    What is there already is left out, so that a run that was cut off can be begun again.
    """
    uid = console.work(lambda request: _uid(request, login))
    count = sum(1 for _ in sources(path))
    with Progress(count) as progress:
        shown = 0

        def tick(done: Done) -> None:
            nonlocal shown
            progress.add(done.seen - shown)
            shown = done.seen

        done = Importer(console.registry, uid, folder).run(sources(path), tick)
    click.echo(f"{done.kept:,} messages imported.")
    if done.known:
        click.echo(f"{done.known:,} left out: they were there already.")
    if done.skipped:
        click.echo(f"{done.skipped:,} left out: they are no messages, or too large.")
    if done.full:
        raise click.ClickException(f"There is no room for more: {login} has to delete something.")


def _uid(request: Any, login: str) -> int:
    member = request.find_service(IMembers).by_login(login)
    if member is None:
        raise click.ClickException(f"Nobody has the login {login}: see `member list`.")
    return int(member.uid)
