"""The settings of what members write and receive."""

from colander import Int, Range, SchemaNode


def nodes() -> list[SchemaNode]:
    """Return one node for each setting."""
    return [
        SchemaNode(
            Int(),
            name="parts",
            missing=6,
            validator=Range(1, 30),
            description="Write how many parts a text message may have, from 1 to 30.",
        ),
        SchemaNode(
            Int(),
            name="days",
            missing=0,
            validator=Range(0, 3650),
            description="Write for how many days text messages are kept, 0: until deleted.",
        ),
    ]
