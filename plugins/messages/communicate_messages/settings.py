"""The settings of messages, read as ``messages.<name>``."""

from colander import Int, Range, SchemaNode

from communicate.settings.types import Rate


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            Int(),
            name="page_size",
            missing=50,
            validator=Range(5, 200),
            description="Write how many messages a page shows, from 5 to 200.",
        ),
        SchemaNode(
            Int(),
            name="conversations",
            missing=30,
            validator=Range(5, 100),
            description="Write how many conversations a page lists, from 5 to 100.",
        ),
        SchemaNode(
            Int(),
            name="longest",
            missing=10_000,
            validator=Range(200, 100_000),
            description="Write how many characters a message may have, from 200 to 100000.",
        ),
        SchemaNode(
            Int(),
            name="people",
            missing=50,
            validator=Range(2, 200),
            description="Write how many people may take part in a conversation, from 2 to 200.",
        ),
        SchemaNode(
            Rate(),
            name="sending",
            missing="60/minute",
            description="Write how many messages a member may send, such as 60/minute.",
        ),
        SchemaNode(
            Rate(),
            name="strangers",
            missing="10/day",
            description="Write how many strangers a member may write to, such as 10/day.",
        ),
        SchemaNode(
            Rate(),
            name="searching",
            missing="30/minute",
            description="Write how often a member may search the messages, such as 30/minute.",
        ),
    ]
