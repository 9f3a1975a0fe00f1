"""``communicate forum import-mbox`` and ``forget-author``."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from communicate.cli.console import Console, pass_console
from communicate.cli.progress import Progress
from communicate.interfaces import IErasure
from communicate_forums.content import Forum
from communicate_forums.importing import run
from communicate_forums.importing.writing import author_of, keyed

SWITCH = 0.001  # seconds that a thread of the site waits for its turn while an import runs there
REASONS = {
    run.AGAIN: "were imported before",
    run.TWICE: "are in the archive more than once",
    run.NO_HEADERS: "are no messages: they have no headers",
    run.UNREADABLE: "cannot be read",
    run.ERASED: "are by somebody who was erased",
}


@click.command("import-mbox")
@click.argument("name", metavar="FORUM")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@pass_console
def import_mbox(console: Console, name: str, path: Path) -> None:
    """Put the archive of a mailing list into the FORUM.

    PATH is an mbox file, or a folder of such files and of files of one message (.eml). Topics
    are made of what answers what; authors appear by name, without an account, and no address
    is kept. What was imported before is left out, so that a run that was cut off can be begun
    again, and a growing archive be imported again.
    """
    console.work(lambda request: check(request, name))
    with shared(console):
        job = run.Import(console.registry, name, path, serving=console.inside)
        count = job.scan(lambda seen: click.echo(f"{seen:,} messages found …"))
        click.echo(f"{job.outcome.found:,} messages found, {count:,} of them to import.")
        with Progress(count) as progress:
            for done in job.write():
                progress.add(done)
    for line in summary(job.outcome):
        click.echo(line)


def check(request: Any, name: str) -> None:
    """Raise ClickException unless there is a forum *name*."""
    forum = request.site["forums"].get(name)
    if not isinstance(forum, Forum):
        raise click.ClickException(f"There is no forum {name}: make it with `forum add` first.")


@contextmanager
def shared(console: Console) -> Iterator[None]:
    """Let the threads that serve the site have their turn soon, where there are any."""
    before = sys.getswitchinterval()
    if console.inside:
        sys.setswitchinterval(min(before, SWITCH))
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def summary(outcome: run.Outcome) -> Iterator[str]:
    """Yield what was done and what was not, in sentences."""
    yield f"{outcome.written:,} messages imported, in {outcome.topics:,} topics."
    for reason, count in sorted(outcome.skipped.items()):
        if count:
            yield f"{count:,} left out: they {REASONS[reason]}."
    if outcome.attached:
        yield f"{outcome.attached:,} attachments left out: only text is imported."
    if outcome.cut:
        yield f"{outcome.cut:,} messages were cut: they are longer than a post may be."


@click.command("forget-author")
@click.argument("address")
@pass_console
def forget_author(console: Console, address: str) -> None:
    """Erase all that was imported of the author with that e-mail ADDRESS, for good.

    What comes of that address later is left out, too.
    """

    def begin(request: Any) -> bool:
        key = keyed(request.registry)
        uid = author_of(request, key(b"author\0" + address.strip().lower().encode()))
        return bool(uid and request.find_service(IErasure).start(uid))

    if not console.work(begin):
        raise click.ClickException("Nothing was imported of that address, or it is gone already.")
    click.echo("It is hidden now; a job erases it.")
