"""The settings of the forums, read as ``forums.<name>``."""

from colander import Int, Range, SchemaNode


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
    ]
