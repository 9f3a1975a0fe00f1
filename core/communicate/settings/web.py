"""Declare what the web server refuses."""

from colander import Int, Range, SchemaNode

from communicate.settings.nodes import node
from communicate.settings.types import Address, Size


def nodes() -> list[SchemaNode]:
    """Return the nodes in the order in which they are read."""
    return [
        node(
            Address(),
            "communicate.trusted_proxy",
            "Write the IP address of the proxy in front of the site, or nothing.",
            missing="",
        ),
        node(
            Int(),
            "communicate.threads",
            "Write how many requests are worked on at once, from 1 to 64.",
            missing=4,
            validator=Range(1, 64),
        ),
        node(
            Size(),
            "communicate.max_body",
            "Write the largest request that is taken, such as 10 MB.",
            missing=10 * 2**20,
        ),
        node(
            Int(),
            "communicate.client_timeout",
            "Write after how many seconds of silence a connection is closed, from 1 to 3600.",
            missing=60,
            validator=Range(1, 3600),
        ),
        node(
            Int(),
            "communicate.stop_timeout",
            "Write how many seconds a stop waits for the requests in flight, from 0 to 3600.",
            missing=30,
            validator=Range(0, 3600),
        ),
    ]
