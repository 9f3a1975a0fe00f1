"""``communicate outbox``: read the mail that development keeps instead of sending it."""

from collections.abc import Iterator
from typing import Any

import click

from communicate.cli.console import Console, pass_console
from communicate.outbox.mail.file import FileTransport


@click.group()
def outbox() -> None:
    """Read the mail that is kept instead of sent (communicate.mail = file)."""


@outbox.command()
@click.argument("mail", required=False)
@click.option("--to", "recipient", help="Only mail to this address.")
@pass_console
def show(console: Console, mail: str | None, recipient: str | None) -> None:
    """Show every kept mail, the newest first, or the one called MAIL."""
    transport = FileTransport(console.settings["communicate.outbox"])

    def read(request: Any) -> list[str]:
        if mail is not None:
            return [text_of(mail, transport.read(request, mail))]
        return list(texts(transport, request, recipient))

    shown = console.work(read)
    for text in shown:
        click.echo(text)
    if not shown:
        click.echo("No mail is kept.", err=True)


def texts(transport: FileTransport, request: Any, recipient: str | None) -> Iterator[str]:
    """Yield every kept mail, or those to *recipient*, as it is shown."""
    for kept, message in transport.readable(request):
        if recipient is None or recipient in str(message["To"]):
            yield text_of(kept.id, message)


def text_of(name: str, message: Any) -> str:
    """Return *message*, called *name*, as it is shown."""
    head = "\n".join(f"{key}: {message[key]}" for key in ("Date", "From", "To", "Subject"))
    body = message.get_body(preferencelist=("plain",))
    return f"Mail: {name}\n{head}\n\n{body.get_content() if body is not None else ''}"
