"""Declare how mail leaves the site."""

from typing import Any
from urllib.parse import urlsplit

from colander import Int, OneOf, Range, SchemaNode, String

from communicate.settings.nodes import node
from communicate.settings.site import production


def nodes() -> list[SchemaNode]:
    """Return the nodes in the order in which they are read."""
    return [
        node(
            String(),
            "communicate.mail",
            "Write smtp to send mail, or file to keep it, sealed, under communicate.outbox.",
            derived=lambda read: "smtp" if production(read) else "file",
            validator=OneOf(("file", "smtp")),
        ),
        node(
            String(),
            "communicate.mail_from",
            "Write the address from which the site sends its mail.",
            derived=sender,
        ),
        *smtp(),
    ]


def smtp() -> list[SchemaNode]:
    """Return how the mail server is reached."""
    return [
        node(String(), "communicate.smtp_host", "Write a host name.", missing="localhost"),
        node(
            Int(),
            "communicate.smtp_port",
            "Write a port from 1 to 65535.",
            missing=25,
            validator=Range(1, 65535),
        ),
        node(
            String(),
            "communicate.smtp_security",
            "Write none, starttls or tls.",
            missing="none",
            validator=OneOf(("none", "starttls", "tls")),
        ),
        node(String(), "communicate.smtp_user", "Write a user name or nothing.", missing=""),
        node(
            String(),
            "communicate.smtp_password",
            "Write the password of communicate.smtp_user.",
            missing="",
            secret=True,
        ),
    ]


def sender(read: dict[str, Any]) -> str:
    """Return the default sender: nobody at the host of the site."""
    host = urlsplit(read.get("communicate.url") or "").hostname or "localhost"
    return f"noreply@{host}"
