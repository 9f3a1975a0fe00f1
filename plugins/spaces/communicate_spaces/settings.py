"""The settings of comments, read as ``spaces.<name>``."""

from colander import Int, Range, SchemaNode


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            Int(),
            name="edit_minutes",
            missing=60,
            validator=Range(0, 525_600),
            description="Write for how many minutes a comment can be changed, from 0 to 525600.",
        ),
        SchemaNode(
            Int(),
            name="longest",
            missing=5_000,
            validator=Range(100, 50_000),
            description="Write how many characters a comment may have, from 100 to 50000.",
        ),
    ]
