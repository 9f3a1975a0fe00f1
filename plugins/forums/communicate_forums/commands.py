"""``communicate forum``: make forums from the command line, import archives into them."""

from collections.abc import Callable
from typing import Any

import click

from communicate.cli.console import Console, pass_console
from communicate.content import NameTaken
from communicate_forums.forms import LONGEST_LINE, LONGEST_NAME, UnknownLogin, circle, is_name
from communicate_forums.importing.commands import forget_author, import_mbox
from communicate_forums.interfaces import IForums
from communicate_forums.permissions import OPEN_TOPIC, REPLY

WHO = "public, members, moderators, operators, or logins with commas between them"


def line(longest: int) -> Callable[[Any, Any, str], str]:
    """Return a callback that takes one printable line of *longest* characters at most."""

    def take(_context: Any, option: Any, value: str) -> str:
        taken = value.strip()
        if len(taken) > longest or not taken.isprintable():
            raise click.BadParameter(f"write one line of at most {longest} characters")
        if option.required and not taken:
            raise click.BadParameter("write at least one word")
        return taken

    return take


@click.group()
def forum() -> None:
    """Make forums, and import archives into them."""


forum.add_command(import_mbox)
forum.add_command(forget_author)


@forum.command()
@click.argument("name")
@click.option("--title", required=True, callback=line(LONGEST_NAME), help="What people read.")
@click.option(
    "--description", callback=line(LONGEST_LINE), default="", help="One line under the title."
)
@click.option(
    "--category", callback=line(LONGEST_NAME), default="", help="The heading that it stands under."
)
@click.option("--weight", type=click.IntRange(0, 9999), default=100, help="Its place in the list.")
@click.option("--audience", default="public", metavar="WHO", help=f"Who reads: {WHO}.")
@click.option("--open", "opens", default="members", metavar="WHO", help="Who opens topics.")
@click.option("--reply", "replies", default="members", metavar="WHO", help="Who replies.")
@pass_console
def add(console: Console, name: str, opens: str, replies: str, **details: Any) -> None:
    """Make the forum NAME: unless options say otherwise, everyone reads and members write."""
    if not is_name(name):
        raise click.BadParameter("use a-z, 0-9 and single hyphens", param_hint="NAME")
    console.work(lambda request: make(request, name, opens, replies, details))
    click.echo(f"/forums/{name}")


def make(request: Any, name: str, opens: str, replies: str, details: dict[str, Any]) -> None:
    """Make the forum in the transaction of *request*."""
    try:
        request.find_service(IForums).add_forum(
            name,
            **{**details, "audience": _who(request, details["audience"])},
            grants={OPEN_TOPIC: _who(request, opens), REPLY: _who(request, replies)},
        )
    except NameTaken as error:
        raise click.ClickException(str(error)) from error


def _who(request: Any, words: str) -> Any:
    try:
        return circle(request, words, words)
    except UnknownLogin as error:
        cure = f"nobody has the login {error}: see `member list`" if str(error) else f"name {WHO}"
        raise click.BadParameter(cure) from error
