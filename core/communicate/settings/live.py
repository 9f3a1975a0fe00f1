"""Declare where open pages wait for news."""

from colander import Int, Range, SchemaNode

from communicate.settings.nodes import node
from communicate.settings.site import development, host_of
from communicate.settings.types import ListenOrOff, LiveURL


def nodes() -> list[SchemaNode]:
    """Return the nodes in the order in which they are read."""
    return [
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
