"""``communicate mail``: the keys that sign what leaves, and what the DNS should say."""

from typing import Any

import click

from communicate.cli import Console, pass_console
from communicate_email.errors import Refused
from communicate_email.sending import doctor as doctors
from communicate_email.sending import findings, signing
from communicate_email.sending.resolving import IResolver

SIGNS = {
    findings.GOOD: "ok     ",
    findings.WRONG: "WRONG  ",
    findings.ADVICE: "advice ",
    findings.UNKNOWN: "unknown",
}


@click.group()
def mail() -> None:
    """Look after the mail of the site's domains."""


@mail.command("dkim-key")
@click.argument("domain")
@click.option("--new", is_flag=True, help="Make a further key; it signs once you say --use.")
@click.option("--algorithm", type=click.Choice(signing.ALGORITHMS), default="rsa")
@click.option("--use", "used", metavar="SELECTOR", help="Sign with this key from now on.")
@click.option("--drop", "dropped", metavar="SELECTOR", help="Forget this key for good.")
@pass_console
def dkim_key(
    console: Console, domain: str, new: bool, algorithm: str, used: str | None, dropped: str | None
) -> None:
    """Print the records that let others check what is sent from DOMAIN; make the first key."""
    domain = domain.lower().rstrip(".")

    def change(request: Any) -> list[tuple[bool, str]]:
        keys = signing.Keys(request)
        if used:
            keys.use(domain, used)
        if dropped:
            keys.drop(domain, dropped)
        if new or not (keys.of(domain) or used or dropped):
            keys.make(domain, algorithm)
        in_use = keys.in_use(domain)
        return [
            (selector in in_use, signing.record(domain, selector, key))
            for selector, key in sorted(keys.of(domain).items())
        ]

    try:
        records = console.work(change)
    except Refused as error:
        raise click.ClickException(str(error.reason)) from error
    except KeyError as error:
        raise click.ClickException(
            f"{domain} has no such key: list them without an option."
        ) from error
    for signs, record in records:
        click.echo(f"; {'signs' if signs else 'does not sign: --use its selector, or --drop it'}")
        click.echo(record)


@mail.command()
@click.argument("domain")
@pass_console
def doctor(console: Console, domain: str) -> None:
    """Name what is missing or wrong in the DNS for the mail of DOMAIN, with the lines to put."""
    domain = domain.lower().rstrip(".")
    wanted = console.work(lambda request: doctors.expected(request, domain))
    resolver = console.registry.getUtility(IResolver)
    found = console.work(lambda request: asked(request, wanted, resolver))
    for finding in found:
        click.echo(f"{SIGNS[finding.state]} {finding.subject}: {finding.text}")
        for each in finding.lines:
            click.echo(f"        {each}")
    if any(finding.state == findings.WRONG for finding in found):
        raise click.exceptions.Exit(1)


def asked(request: Any, wanted: doctors.Expected, resolver: Any) -> list[findings.Finding]:
    """Return what was found, asked through the gate: it concerns no member."""
    from communicate.interfaces import IGate
    from communicate_email.sending.ways import DNS

    fields = {"domain": wanted.domain}
    with request.find_service(IGate).pass_(DNS, "records", fields) as leaving:
        leaving.begin()
        return doctors.examine(wanted, resolver)
