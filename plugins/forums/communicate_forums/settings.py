"""The settings of the forums, read as ``forums.<name>``."""

from colander import Int, Range, SchemaNode

from communicate.settings.types import Rate


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            Int(),
            name="page_size",
            missing=20,
            validator=Range(5, 100),
            description="Write how many posts a page shows, from 5 to 100.",
        ),
        SchemaNode(
            Int(),
            name="topics",
            missing=30,
            validator=Range(5, 100),
            description="Write how many topics a page shows, from 5 to 100.",
        ),
        SchemaNode(
            Int(),
            name="longest",
            missing=20_000,
            validator=Range(500, 100_000),
            description="Write how many characters a post may have, from 500 to 100000.",
        ),
        SchemaNode(
            Rate(),
            name="feeds",
            missing="120/hour",
            description="Write how often a private feed may be fetched, such as 120/hour.",
        ),
        SchemaNode(
            Rate(),
            name="wrong_feeds",
            missing="60/hour",
            description="Write how often one address may try private feeds that do not exist.",
        ),
    ]
