"""``communicate sms``: announcements to those who consent to them."""

from contextlib import suppress
from functools import partial
from typing import Any

import click

from communicate.cli import Console, pass_console
from communicate_sms import parts
from communicate_sms.announcing import NoConsent, announce, listeners, said

BATCH = 100  # members in one transaction


@click.group()
def sms() -> None:
    """Send announcements by text message."""


@sms.command("announce")
@click.argument("text")
@click.option("--send", is_flag=True, help="Send it; without this nothing leaves.")
@pass_console
def announce_text(console: Console, text: str, send: bool) -> None:
    """Send TEXT to the proven number of every member who consents to announcements."""
    whole = console.work(lambda request: said(request, text))
    try:
        count = len(parts.split(whole).parts)
    except parts.TooLong as error:
        raise click.ClickException(f"The text is too long: {error}") from error
    sent, after = 0, 0
    while batch := console.work(partial(_batch, after)):
        sent += console.work(partial(_send, batch, text)) if send else len(batch)
        after = batch[-1]
    click.echo(
        f"{'Messages that wait to be sent' if send else 'Members who would have it'}: {sent}"
    )
    click.echo(f"Parts of each: {count}")
    if not send:
        click.echo("Nothing was sent: say --send to do so.")


def _batch(after: int, request: Any) -> list[int]:
    return listeners(request, after=after, most=BATCH)


def _send(uids: list[int], text: str, request: Any) -> int:
    sent = 0
    for uid in uids:
        with suppress(NoConsent):  # withdrawn a moment ago
            sent += announce(request, uid, text)
    return sent
