"""``communicate member``: make accounts, list and suspend them, invite."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from communicate.accounts.addresses import clean
from communicate.accounts.joining import invite
from communicate.cli.console import Console, pass_console
from communicate.clock import milliseconds
from communicate.interfaces import IFactors, IMembers, IQuota
from communicate.mydata.importing import Outcome, bring_back
from communicate.mydata.reading import BadArchive
from communicate.quota.proof import recount as count_anew
from communicate.reports.interfaces import ISuspensions


@click.group()
def member() -> None:
    """Make accounts, list and suspend them, invite."""


@member.command()
@click.argument("login")
@click.option("--email", "address", required=True, metavar="ADDRESS", help="Its e-mail address.")
@click.option(
    "--password-stdin", is_flag=True, required=True, help="Read the password from input."
)
@click.option("--operator", is_flag=True, help="Let it look after the site.")
@click.option("--moderator", is_flag=True, help="Let it moderate.")
@pass_console
def add(
    console: Console,
    login: str,
    address: str,
    password_stdin: bool,  # a flag: there is no other way to give a password
    operator: bool,
    moderator: bool,
) -> None:
    """Make a confirmed account with the name LOGIN."""
    password = given_password()
    groups = ("operators",) * operator + ("moderators",) * moderator
    console.work(lambda request: make(request, login, address, password, groups))
    click.echo(f"{login} can sign in.")


def given_password() -> str:
    """Return the line on standard input."""
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise click.ClickException("Standard input holds no password: write one line to it.")
    try:
        password.encode()
    except UnicodeEncodeError:  # bytes that are no text were let through as they are
        raise click.ClickException("The password is not UTF-8: write it in that.") from None
    return password


def make(request: Any, login: str, address: str, password: str, groups: tuple[str, ...]) -> None:
    """Make the account in the transaction of *request*."""
    members = request.find_service(IMembers)
    members.add(login, address, password, groups=groups)


@member.command("list")
@pass_console
def list_members(console: Console) -> None:
    """List the accounts: login, state, groups."""
    for line in console.work(lambda request: [describe(m) for m in accounts(request)]):
        click.echo(line)


def accounts(request: Any) -> list[Any]:
    """Return the members by login."""
    return list(request.find_service(IMembers).members.values())


def describe(one: Any) -> str:
    """Return the line of one member."""
    groups = " ".join(one.groups)
    return f"{one.__name__}\t{one.state}\t{groups}".rstrip()


@member.command("invite")
@click.argument("address")
@pass_console
def invite_address(console: Console, address: str) -> None:
    """Queue a mail to ADDRESS with a link that lets its reader join once."""
    console.work(lambda request: invite(request, clean(address)))
    click.echo(f"An invitation to {address} is on its way.")


@member.command()
@click.argument("login")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The day on which it ends.")
@click.option("--why", default="", help="The reason, which the member reads.")
@pass_console
def suspend(console: Console, login: str, until: datetime | None, why: str) -> None:
    """Keep the account LOGIN out, and end its sessions; it can appeal, export and leave."""
    end = 0 if until is None else milliseconds(until.replace(tzinfo=UTC))

    def act(request: Any) -> None:
        one = account(request, login)
        request.find_service(ISuspensions).suspend(one, until=end, why=why)

    console.work(act)
    click.echo(f"{login} is suspended.")


@member.command()
@click.argument("login")
@pass_console
def resume(console: Console, login: str) -> None:
    """Let the account LOGIN in again."""
    console.work(lambda request: request.find_service(ISuspensions).end(account(request, login)))
    click.echo(f"{login} can sign in.")


@member.command("reset-factors")
@click.argument("login")
@pass_console
def reset_factors(console: Console, login: str) -> None:
    """Take the second step away from LOGIN, who has lost all that it needs, and write a mail."""
    console.work(lambda request: request.find_service(IFactors).reset(account(request, login)))
    click.echo(f"{login} signs in with the password alone, and is told so by mail.")


@member.command()
@click.argument("login")
@pass_console
def recount(console: Console, login: str) -> None:
    """Count anew how much LOGIN stores, as `communicate doctor` advises."""

    def act(request: Any) -> int:
        uid = account(request, login).uid
        count_anew(request, uid)
        return int(request.find_service(IQuota).used(uid))

    click.echo(f"{login} stores {console.work(act)} bytes.")


@member.command("import")
@click.argument(
    "file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--login", metavar="LOGIN", help="Its account, if not the one that FILE names.")
@click.option("--ask-contacts", is_flag=True, help="Ask those who were contacts again.")
@pass_console
def import_archive(console: Console, file: Path, login: str | None, ask_contacts: bool) -> None:
    """Restore what FILE, a member's export, says that the member owned."""
    try:
        outcome = bring_back(console.registry, file, login, ask=ask_contacts)
    except BadArchive as error:
        raise click.ClickException(f"{error} Nothing was changed.") from error
    for line in report(outcome, asked=ask_contacts):
        click.echo(line)


def report(outcome: Outcome, *, asked: bool) -> Iterator[str]:
    """Yield what an import did, a line each."""
    for kind, count in sorted(outcome.restored.items()):
        if count:
            yield f"{kind}: {count}"
    if outcome.left:
        yield f"Not restored, switched off: {', '.join(sorted(outcome.left))}."
    if outcome.contacts and not outcome.here:
        yield "This archive is of another site: people are not known here by their logins."
    elif asked:
        yield f"{outcome.asked} of {outcome.contacts} people are asked to be contacts again."
    elif outcome.contacts:
        yield f"{outcome.contacts} people were contacts: --ask-contacts asks them."
    if outcome.new:
        yield f"{outcome.login} sets a password by `Forgotten password` on the page of sign-in."
    else:
        yield f"{outcome.login} has it."


def account(request: Any, login: str) -> Any:
    """Return the member *login*; raise a ClickException where there is none."""
    found = request.find_service(IMembers).by_login(login)
    if found is None:
        raise click.ClickException(f"There is no account {login}: see `member list`.")
    return found
