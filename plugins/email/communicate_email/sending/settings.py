"""The settings of what leaves, read as ``email.<name>``."""

from collections.abc import Mapping
from typing import Any

from colander import Int, OneOf, Range, SchemaNode, String

from communicate.links import Link
from communicate.settings.types import FilePath, ListenOrOff, Names, Rate, Switch


def node(kind: Any, name: str, missing: Any, description: str, **more: Any) -> SchemaNode:
    """Return the node of one setting."""
    return SchemaNode(kind, name=name, missing=missing, description=description, **more)


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [*ways(), *relay(), *direct(), *amounts(), *submission()]


def ways() -> list[SchemaNode]:
    """Return whether and how mail leaves."""
    return [
        node(
            String(),
            "out",
            "off",
            "Write how mail leaves for other sites: off, relay or direct.",
            validator=OneOf(("off", "relay", "direct")),
        ),
    ]


def relay() -> list[SchemaNode]:
    """Return how the server that carries mail on is reached."""
    return [
        node(
            String(),
            "relay_host",
            "localhost",
            "Write the name of the server that carries mail on.",
        ),
        node(
            Int(), "relay_port", 587, "Write its port, from 1 to 65535.", validator=Range(1, 65535)
        ),
        node(
            String(),
            "relay_security",
            "starttls",
            "Write starttls, tls (from the first byte), or none (on this machine only).",
            validator=OneOf(("none", "starttls", "tls")),
        ),
        node(
            FilePath(),
            "relay_ca",
            None,
            "Write the file of the authority that its certificate is from.",
        ),
        node(String(), "relay_user", "", "Write the name with which this site signs in to it."),
        node(
            String(), "relay_password", "", "Write the password of email.relay_user.", secret=True
        ),
    ]


def direct() -> list[SchemaNode]:
    """Return how the servers of other domains are reached."""
    return [
        node(
            String(),
            "direct_tls",
            "opportunistic",
            "Write opportunistic (encrypted where the other side can) or required (or not sent).",
            validator=OneOf(("opportunistic", "required")),
        ),
        node(
            Int(),
            "direct_port",
            25,
            "Write the port of other servers: 25.",
            validator=Range(1, 65535),
        ),
        node(
            Switch(),
            "direct_private",
            False,
            "Write yes to let mail go to machines of this network, as for trials.",
        ),
        node(
            Names(),
            "name_servers",
            [],
            "Write the addresses of name servers, or nothing for those of this machine.",
        ),
    ]


def amounts() -> list[SchemaNode]:
    """Return how much may leave at once, and how often."""
    return [
        node(
            Int(),
            "out_at_once",
            20,
            "Write how many connections to other servers may be open, from 1 to 200.",
            validator=Range(1, 200),
        ),
        node(
            Int(),
            "out_per_domain",
            2,
            "Write how many of them to one domain, from 1 to 50.",
            validator=Range(1, 50),
        ),
        node(
            Int(),
            "out_days",
            5,
            "Write for how many days a letter is tried, from 1 to 14.",
            validator=Range(1, 14),
        ),
        node(
            Int(),
            "send_recipients",
            100,
            "Write to how many addresses one message may go, from 1 to 1000.",
            validator=Range(1, 1000),
        ),
        node(
            Rate(),
            "sends",
            "500/day",
            "Write to how many addresses one member may send in how long, such as 500/day.",
        ),
    ]


def submission() -> list[SchemaNode]:
    """Return where programs of members hand in what they send."""
    return [
        node(
            ListenOrOff(),
            "submission",
            "",
            "Write host and port for programs that send mail and begin TLS by STARTTLS, or off.",
        ),
        node(
            ListenOrOff(),
            "submissions",
            "",
            "Write host and port for programs that send mail by TLS from the first byte, or off.",
        ),
    ]


def link_of(settings: Mapping[str, Any]) -> Link | None:
    """Return the link to the server that carries mail on, or None."""
    if settings["email.out"] != "relay":
        return None
    return Link(
        "email.relay_security",
        "the mail relay",
        settings["email.relay_host"],
        settings["email.relay_security"] in ("starttls", "tls"),
        "Write starttls or tls, or hand mail to a relay on this machine.",
    )
