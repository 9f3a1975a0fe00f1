"""``communicate tls``: with what gateways prove who they are."""

from urllib.parse import urlsplit

import click

from communicate import clock
from communicate.cli.apart import apart
from communicate.cli.console import Console, pass_console
from communicate.tls import making


@click.group()
def tls() -> None:
    """Look after the certificate of the gateways."""


@apart
@tls.command("self-signed")
@click.option(
    "--name", "more", multiple=True, help="One more host or address that people connect to."
)
@click.option(
    "--days",
    type=click.IntRange(1, 825),
    default=making.DAYS,
    show_default=True,
    help="For how long it is good.",
)
@click.option("--renew", is_flag=True, help="Replace what is there; servers take it up at once.")
@pass_console
def self_signed(console: Console, more: tuple[str, ...], days: int, renew: bool) -> None:
    """Make a key and a certificate that nobody vouches for: for trials.

    It is for the host of communicate.url, for this machine, and for each --name.
    """
    settings = console.config.settings
    key, certificate = settings["communicate.tls_key"], settings["communicate.tls_certificate"]
    names = making.names_for(urlsplit(settings["communicate.url"] or "").hostname or "", more)
    secret, public = making.make(names, clock.SystemClock().now(), days)
    if not renew and certificate.exists():
        raise click.ClickException(f"There is a file {certificate} already. {CURE}")
    try:
        making.put(key, secret, mode=0o600, replace=renew)
        making.put(certificate, public, mode=0o644, replace=renew)
    except making.Exists as error:
        raise click.ClickException(f"{error}. {CURE}") from None
    click.echo(f"The key is in {key}, the certificate in {certificate}.")
    click.echo(f"It is for {', '.join(names)}, and good for {days} days.")
    click.echo(f"SHA-256: {making.fingerprint(public)}")
    click.echo(
        "Nobody vouches for it: programs ask whether to trust it, and should be shown these "
        "numbers. For real people, name a certificate of an authority with "
        "communicate.tls_certificate and communicate.tls_key."
    )


CURE = "Name other files with communicate.tls_certificate and communicate.tls_key, or --renew."
