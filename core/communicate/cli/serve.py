"""``communicate serve``: the one way to run a site."""

import click

from communicate.cli.apart import apart
from communicate.cli.console import Console, pass_console


@apart
@click.command()
@click.option("--listen", metavar="HOST:PORT", help="Where to listen; also says communicate.url.")
@pass_console
def serve(console: Console, listen: str | None) -> None:
    """Serve the web site, its gateways and its jobs, until SIGTERM or Ctrl-C."""
    from communicate.serving.serve import serve as run  # loads the whole web side

    run(console.config, listen)
