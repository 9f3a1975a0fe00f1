"""Declare what the web server refuses."""

from colander import Int, Range, SchemaNode

from communicate.settings.nodes import node
from communicate.settings.site import development, host_of
from communicate.settings.types import Address, ListenOrOff, LiveURL, Size


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
        node(
            ListenOrOff(),
            "communicate.live_listen",
            "Write the host and the port on which open pages wait for news, such as "
            "127.0.0.1:6544, or off: then a reload shows what is new.",
            missing="",
            derived=lambda read: f"{host_of(read)}:0" if development(read) else "",
        ),
        node(
            LiveURL(),
            "communicate.live_url",
            "Write the address at which browsers reach communicate.live_listen, such as "
            "wss://live.example.org/live, or nothing where the proxy maps /live to it.",
            missing="",
        ),
        node(
            Int(),
            "communicate.live_connections",
            "Write how many pages may wait for news at once, from 10 to 50000.",
            missing=5000,
            validator=Range(10, 50_000),
        ),
    ]
